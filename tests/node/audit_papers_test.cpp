// What stands around the entries: checkpoint, cosignatures, genesis, trust, tiles, and the source.
#include "crypto/credential/trust.h"
#include "node/audit/folder_source.h"
#include "tests/support/audit_log.h"
#include "tests/support/scratch_folder.h"

namespace chancery::audit {
namespace {

class AuditPapers : public AuditReplay {};

TEST_F(AuditPapers, TheRootOfTheCheckpoint) {
    test::LogFiles files = export_log(log_.genesis(), log_.entries());
    merkle::TreeHead head = log_.state().head();
    const std::string derived = to_hex(head.root);
    head.root[0] ^= 1;
    files["checkpoint"] = test::as_bytes(cosigned(log_.genesis(), head, 4));
    expect_found(files, std::nullopt, "root of the checkpoint", derived, to_hex(head.root));
    expect_found(without_tiles(files), std::nullopt, "root of the checkpoint", derived);
}

TEST_F(AuditPapers, TooFewOrBadCosignatures) {
    test::LogFiles files = export_log(log_.genesis(), log_.entries());
    const merkle::TreeHead head = log_.state().head();
    files["checkpoint"] = test::as_bytes(cosigned(log_.genesis(), head, 2));
    expect_found(files, std::nullopt, "cosignatures", "at least 3 members", "2");
    auto note = note::parse_note(cosigned(log_.genesis(), head, 4));
    ASSERT_TRUE(note);
    note->signatures[1].signature.back() ^= 1;
    files["checkpoint"] = test::as_bytes(note::to_text(*note));
    expect_found(files, std::nullopt, "cosignatures", "good ones");
    note->signatures[1] = note->signatures[0];
    note->signatures[2] = note->signatures[0];
    note->signatures.pop_back();
    files["checkpoint"] = test::as_bytes(note::to_text(*note));
    expect_found(files, std::nullopt, "cosignatures", "at least 3 members", "1");
}

TEST_F(AuditPapers, Papers) {
    const test::LogFiles files = export_log(log_.genesis(), log_.entries());
    test::MemorySource source(files);
    ReplayOptions options;
    options.network_id = ledger::network_id(log_.genesis());
    EXPECT_FALSE(replay(source, options)->finding);
    (*options.network_id)[0] ^= 1;
    const auto other = replay(source, options);
    ASSERT_TRUE(other && other->finding);
    EXPECT_EQ(other->finding->what, "network id");

    test::LogFiles unsigned_genesis = files;
    ledger::Genesis genesis = log_.genesis();
    genesis.signatures["uni-b"][5] ^= 1;
    unsigned_genesis["genesis.json"] = test::as_bytes(json::canonical(to_json(genesis)));
    expect_found(unsigned_genesis, std::nullopt, "genesis", "signature", "uni-b");

    test::LogFiles elsewhere = files;
    genesis = log_.genesis();
    genesis.origin = "registry.example/other";
    elsewhere["checkpoint"] = test::as_bytes(cosigned(genesis, log_.state().head(), 4));
    expect_found(elsewhere, std::nullopt, "origin", "registry.example/test", "other");

    test::LogFiles bad = files;
    bad["checkpoint"] = test::as_bytes("no note");
    expect_found(bad, std::nullopt, "checkpoint", "well-formed");
    bad = files;
    bad["genesis.json"] = test::as_bytes("{}");
    expect_found(bad, std::nullopt, "genesis", "well-formed");
    bad = files;
    bad["trust.json"] = test::as_bytes("{}");
    expect_found(bad, std::nullopt, "trust file", "well-formed");

    bad.erase("checkpoint");
    test::MemorySource incomplete(bad);
    EXPECT_EQ(replay(incomplete, {}).error().code, Errc::not_found);
}

TEST_F(AuditPapers, AChangedTile) {
    const test::LogFiles files = export_log(log_.genesis(), log_.entries());
    const auto with = [&](const std::string& tile, std::size_t byte) {
        test::LogFiles other = files;
        other.at(tile).at(byte) ^= 1;
        return other;
    };
    expect_found(with("tile/0/000", 32 * 100), 100, "hash in tile/0/000");
    // At the edge a wrong hash leads to another root; that of the entries tells which is right.
    expect_found(with("tile/0/001.p/66", 0), std::nullopt, "root that the tiles lead to");
    expect_found(with("tile/1/000.p/1", 0), std::nullopt, "root that the tiles lead to");
    test::LogFiles gone = files;
    gone.erase("tile/0/001.p/66");
    expect_found(gone, std::nullopt, "root that the tiles lead to", "", "no such tile");
    test::LogFiles cut = files;
    cut["tile/0/000"].pop_back();
    expect_found(cut, 0, "tile/0/000", "256 hashes");
}

// Long enough for three levels of tiles, the middle one with a full tile.
TEST(AuditReplayOfAHighTree, TilesOfEachLevelAreChecked) {
    test::HonestLog log(1);
    log.block({signed_bulk(log, draft(1, 1), commitments(0, 40'000))}, start);
    log.block({signed_bulk(log, draft(1, 2), commitments(40'000, 26'000))}, start + 1);
    const test::LogFiles files = export_log(log.genesis(), log.entries());
    const auto report = replayed(files);
    EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
    EXPECT_TRUE(report.had_tiles);

    test::LogFiles middle = files;
    ASSERT_TRUE(middle.contains("tile/1/000"));
    middle["tile/1/000"][0] ^= 1;
    const auto tile = replayed(middle);
    ASSERT_TRUE(tile.finding);
    EXPECT_EQ(tile.finding->what, "tile/1/000");
    EXPECT_EQ(tile.finding->position, 0U);

    test::LogFiles entry = files;
    entry.at("tile/entries/123").back() ^= 1;
    const auto changed = replayed(entry);
    ASSERT_TRUE(changed.finding);
    EXPECT_EQ(changed.finding->position, 123U * 256 + 255);
}

TEST(AuditReplayOfALongBlock, EndsWhereTheLimitIsPassed) {
    test::HonestLog log(1);
    std::vector<Bytes> entries;
    for (std::uint64_t nonce = 0; nonce < 2; ++nonce) {
        const Bytes bulk = signed_bulk(log, draft(1, nonce), commitments(nonce * 50'000, 50'000));
        for (Bytes& entry : test::entries_of_bulk(bulk, start))
            entries.push_back(std::move(entry));
    }
    const auto report = replayed(export_log(log.genesis(), entries));
    ASSERT_TRUE(report.finding);
    // 143 + 50,000 · 46 + 143 leave room for 41,174 more; one passes the limit.
    EXPECT_EQ(report.finding->position, 2U + 50'000 + 41'175);
    EXPECT_EQ(report.finding->actual, "more than 4194304 bytes of entries");
}

// Shows one bundle to be judged and another when asked again.
class TwoFacedSource : public test::MemorySource {
public:
    using MemorySource::MemorySource;
    Result<Bytes> tile(const merkle::TileId& tile) override {
        auto bytes = MemorySource::tile(tile);
        if (tile.is_bundle && tile.index == 0 && bytes && times_++ > 0) bytes->back() ^= 1;
        return bytes;
    }

private:
    int times_ = 0;
};

TEST_F(AuditPapers, TheTrustFileIsOfThisNetworkAndItsNewestMembers) {
    test::LogFiles files = export_log(log_.genesis(), log_.entries());
    const auto trust = [](const ledger::Genesis& genesis) {
        return test::as_bytes(
            json::canonical(to_json(credential::TrustFile{.genesis = genesis, .steps = {}})));
    };
    files["trust.json"] = trust(log_.genesis());
    const ReplayReport report = replayed(files);
    EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
    files["trust.json"] = trust(test::test_genesis(5));
    expect_found(files, std::nullopt, "trust file", "this genesis leads to");
}

TEST_F(AuditPapers, AFolderIsReadAsItWasExported) {
    const test::ScratchFolder folder;
    for (const auto& [name, bytes] : export_log(log_.genesis(), log_.entries()))
        folder.write(name, text_of(bytes));
    FolderSource source(folder.path());
    auto report = replay(source, {});
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_FALSE(report->finding);
    EXPECT_TRUE(report->had_tiles);

    // The first 200 items of what is kept in full.
    const auto bundle = source.tile({.is_bundle = true, .level = 0, .index = 0, .width = 200});
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->size(), 2U + 143 + 199 * 48);
    const auto tile = source.tile({.is_bundle = false, .level = 0, .index = 0, .width = 200});
    ASSERT_TRUE(tile);
    EXPECT_EQ(tile->size(), 200U * 32);

    std::filesystem::remove(folder / "checkpoint");
    report = replay(source, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::not_found);
    std::filesystem::create_directory(folder / "checkpoint");
    EXPECT_EQ(source.checkpoint().error().code, Errc::io);
}

TEST_F(AuditPapers, ASourceThatShowsTwoFacesIsAnError) {
    TwoFacedSource source(export_log(log_.genesis(), log_.entries()));
    const auto report = replay(source, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace chancery::audit
