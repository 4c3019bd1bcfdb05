// Entries of a log are changed in every way there is; the replay must name the first position that
// is wrong.
#include <random>

#include "tests/support/act_drafts.h"
#include "tests/support/audit_log.h"

namespace chancery::audit {
namespace {

TEST_F(AuditReplay, AnHonestLogIsWhatItClaimsToBe) {
    const test::LogFiles files = export_log(log_.genesis(), log_.entries());
    ASSERT_EQ(log_.entries().size(), 322U);
    for (const bool has_tiles : {true, false}) {
        const ReplayReport report = replayed(has_tiles ? files : without_tiles(files));
        EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
        EXPECT_EQ(report.had_tiles, has_tiles);
        EXPECT_EQ(report.state.head(), log_.state().head());
        EXPECT_EQ(report.state.height, 4U);
        EXPECT_EQ(report.batches, 6U);
        EXPECT_EQ(report.credentials, 308U);
        EXPECT_EQ(report.status_changes, 3U);
        EXPECT_EQ(report.publications, 1U);
        EXPECT_EQ(report.cosigners, 3U);
    }
}

TEST_F(AuditReplay, ALogOfNoEntriesIsSealedLikeAnyOther) {
    const ReplayReport report = replayed(export_log(log_.genesis(), {}));
    EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
    EXPECT_EQ(report.state.height, 0U);
}

TEST_F(AuditReplay, WithTilesAnyChangedEntryIsNamed) {
    std::mt19937_64 random(20262);
    for (int round = 0; round < 200; ++round) {
        const ledger::Position position = random() % log_.entries().size();
        const std::size_t byte = random() % log_.entries()[position].size();
        expect_found(with_entries(changed(position, byte)), position, "leaf hash of the entry");
    }
}

TEST_F(AuditReplay, WithTilesAnEntryGoneOrMovedIsNamed) {
    std::vector<Bytes> entries = log_.entries();
    std::swap(entries[100], entries[101]);
    expect_found(with_entries(entries), 100, "leaf hash");
    entries = log_.entries();
    entries.erase(entries.begin() + 302);
    entries.push_back(entries.back());
    expect_found(with_entries(entries), 302, "leaf hash");
}

TEST_F(AuditReplay, ALengthPrefix) {
    test::LogFiles files = export_log(log_.genesis(), log_.entries());
    files["tile/entries/000"][2 + 143 + 99 * 48 + 1] -= 1;  // Of the entry at 100.
    expect_found(files, 100, "leaf hash");
    expect_found(without_tiles(files), 100, "entry", "well-formed", "too short");
    files = export_log(log_.genesis(), log_.entries());
    files["tile/entries/000"][2 + 143 + 99 * 48] = 0xFF;
    expect_found(files, 100, "length of the entry", "at most", "65326");
    expect_found(without_tiles(files), 100, "length of the entry");
}

TEST_F(AuditReplay, ACutOrOverlongBundle) {
    const test::LogFiles files = export_log(log_.genesis(), log_.entries());
    const std::string last = "tile/entries/001.p/66";
    ASSERT_TRUE(files.contains(last));
    test::LogFiles gone = files;
    gone.erase(last);
    expect_found(gone, 256, last, "66 entries", "no such tile");
    test::LogFiles cut = files;
    cut[last].resize(cut[last].size() - 1);
    expect_found(cut, 321, "length of the entry");
    expect_found(without_tiles(cut), 321, "length of the entry");
    test::LogFiles empty = files;
    empty[last].clear();
    expect_found(empty, 256, "length of the entry", "", "no length");
    test::LogFiles longer = files;
    longer[last].push_back(0);
    expect_found(longer, 322, "end of " + last, "nothing after 66 entries", "1 bytes more");
}

TEST_F(AuditReplay, ALogThatEndsWithinABlock) {
    std::vector<Bytes> entries = log_.entries();
    entries.pop_back();
    expect_found(sealed_anyway(entries), 321, "entry", "state entry", "end of the log");
    entries.pop_back();
    expect_found(sealed_anyway(entries), 320, "entry", "record 5 of 5", "end of the log");
}

TEST_F(AuditReplay, ARecordOfABatch) {
    expect_found(sealed_anyway(changed(100, 45)), 0, "batch", "rules", "records_root");
    expect_found(sealed_anyway(changed(307, 63)), 306, "batch", "rules", "records_root");
    std::vector<Bytes> entries = log_.entries();
    std::swap(entries[100], entries[101]);
    expect_found(sealed_anyway(entries), 101, "record of the batch", "rules", "not above");
    expect_found(sealed_anyway(changed(100, 5)), 100, "member of the entry", "1", "0");
    expect_found(sealed_anyway(changed(100, 13)), 100, "time of the entry", "600000", "600001");
    entries = changed(100, 0);
    entries[100].push_back(0);
    entries[100][0] = 1;
    expect_found(sealed_anyway(entries), 100, "entry", "well-formed", "1 bytes too many");
}

TEST_F(AuditReplay, ABatchWithoutItsEntry) {
    std::vector<Bytes> entries = log_.entries();
    entries.erase(entries.begin() + 302);
    expect_found(
        sealed_anyway(entries), 302, "kind of the entry", "1 (batch), 5 (governance) or 7", "2");
}

TEST_F(AuditReplay, AWrongCount) {
    const std::size_t count = 10 + 8 + 16 + 8 + 1 + 3;  // Its last byte.
    std::vector<Bytes> entries = log_.entries();
    entries[302][count] = 4;
    expect_found(sealed_anyway(entries), 306, "kind of the entry", "2", "1");
    entries[302][count] = 2;
    expect_found(sealed_anyway(entries), 302, "batch", "rules", "records_root");
    entries = log_.entries();
    entries[315][count] = 6;
    expect_found(sealed_anyway(entries), 321, "entry", "record 6 of 6", "state entry");
    entries[315][count] = 0;
    expect_found(sealed_anyway(entries), 315, "entry", "well-formed", "count 0");
}

TEST_F(AuditReplay, AForgedSignature) {
    expect_found(sealed_anyway(changed(302, 142)), 302, "batch", "rules", "signature");
    const Bytes by_another = test::sign_anything(draft(2, 9),
                                                 commitments(50, 1),
                                                 log_.state().members->network,
                                                 test::member_key("uni-a", "issuer"));
    expect_found(sealed_anyway(followed_by({by_another})), 313, "batch", "rules", "signature");
}

TEST_F(AuditReplay, ACommitmentRegisteredTwice) {
    std::vector<Bytes> bodies = commitments(1'000, 4);
    bodies.push_back(commitments(7, 1).front());
    std::ranges::sort(bodies);
    const auto at = std::ranges::find(bodies, commitments(7, 1).front()) - bodies.begin();
    const Bytes bulk = signed_bulk(log_, draft(1, 9), bodies);
    expect_found(sealed_anyway(followed_by({bulk})),
                 314 + static_cast<std::uint64_t>(at),
                 "record of the batch",
                 "rules",
                 "registered the commitment before");
    const Bytes within = signed_bulk(log_, draft(2, 10), commitments(500, 1));
    const Bytes again = signed_bulk(log_, draft(2, 11), commitments(500, 1));
    expect_found(sealed_anyway(followed_by({within, again})),
                 316,
                 "record of the batch",
                 "rules",
                 "at position 314");
}

TEST_F(AuditReplay, ABatchRegisteredTwice) {
    const Bytes first = signed_bulk(log_, draft(1, 1), commitments(0, 300));
    expect_found(
        sealed_anyway(followed_by({first})), 313, "batch", "not on the ledger", "position 0");
    const Bytes same_nonce = signed_bulk(log_, draft(1, 1), commitments(500, 1));
    expect_found(sealed_anyway(followed_by({same_nonce})), 313, "batch", "rules", "nonce");
}

TEST_F(AuditReplay, AStatusChangeThatIsNotAllowed) {
    const auto with = [&](const Bytes& body) {
        return sealed_anyway(followed_by({signed_bulk(log_, draft(2, 9), commitments(90, 2)),
                                          signed_bulk(log_, draft(1, 10, Kind::status), {body})}));
    };
    const auto revoked = CredentialStatus::revoked;
    expect_found(with(change(log_, 10, no_position, revoked)), 317, "record", "", "previous is");
    expect_found(with(change(log_, 11, 308, revoked)), 317, "record", "", "no change");
    expect_found(with(change(log_, 303, no_position, revoked)), 317, "record", "", "does not hold");
}

TEST_F(AuditReplay, AnAnchor) {
    const auto with = [&](std::uint64_t size, std::uint64_t root_size) {
        ledger::AnchorEntry anchor;
        anchor.size = size;
        std::vector<Hash> leaves;
        for (std::uint64_t i = 0; i < root_size; ++i)
            leaves.push_back(merkle::leaf_hash(log_.entries()[i]));
        anchor.root = merkle::root_of(leaves);
        anchor.chain = "eip155:1";
        return signed_bulk(log_, draft(1, 9, Kind::anchor), {ledger::body_of(anchor)});
    };
    const std::string end_wanted = "want one at which an earlier block ended";
    const auto record = "record of the batch";
    expect_found(sealed_anyway(followed_by({with(311, 311)})), 314, record, "rules", end_wanted);
    expect_found(sealed_anyway(followed_by({with(316, 1)})), 314, record, "rules", end_wanted);
    expect_found(sealed_anyway(followed_by({with(312, 302)})), 314, record, "rules", "root");
    test::HonestLog log(4);
    fill(log);
    log.block({with(302, 302)}, start + 4'000);
    const ReplayReport report = replayed(export_log(log.genesis(), log.entries()));
    EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
    EXPECT_EQ(report.anchors, 1U);
}

TEST_F(AuditReplay, EachFieldOfAStateEntry) {
    expect_found(sealed_anyway(changed(311, 9)), 311, "height of the block", "2", "3");
    expect_found(sealed_anyway(changed(311, 17)), 311, "time of the entry");
    expect_found(sealed_anyway(changed(311, 25)), 311, "size in the state entry", "311", "310");
    expect_found(sealed_anyway(changed(311, 26)), 311, "status_root");
    expect_found(sealed_anyway(changed(311, 58)), 311, "members_hash");
    std::vector<Bytes> entries = log_.entries();
    entries[311].push_back(0);
    expect_found(sealed_anyway(entries), 311, "entry", "well-formed", "1 bytes too many");
}

TEST_F(AuditReplay, TimeThatGoesBack) {
    ledger::StateEntry state = std::get<ledger::StateEntry>(*ledger::decode(log_.entries()[312]));
    state.time = start + 999;
    std::vector<Bytes> entries = log_.entries();
    entries[312] = ledger::encode(state);
    expect_found(sealed_anyway(entries), 312, "time of the block", "at least", "600999");
    expect_found(sealed_anyway(changed(306, 17)), 306, "time of the entry", "601000", "601001");
}

TEST_F(AuditReplay, AnExpiredBatch) {
    registry::BatchDraft late = draft(2, 9);
    late.expires = start + 2'999;
    const Bytes bulk = signed_bulk(log_, late, commitments(50, 1));
    expect_found(sealed_anyway(followed_by({bulk})), 313, "batch", "rules", "expired 1 ms");
}

TEST_F(AuditReplay, WhatThisVersionDoesNotKnow) {
    const auto expect_unknown = [&](const std::vector<Bytes>& entries,
                                    ledger::Position position,
                                    const std::string& actual) {
        const ReplayReport report = replayed(sealed_anyway(entries));
        ASSERT_TRUE(report.finding);
        EXPECT_TRUE(report.finding->needs_newer_version);
        EXPECT_EQ(report.finding->position, position);
        EXPECT_NE(report.finding->actual.find(actual), std::string::npos) << report.finding->actual;
    };
    std::vector<Bytes> entries = log_.entries();
    entries[302][1] = 8;
    expect_unknown(entries, 302, "format 1, kind 8");
    entries[302][0] = 2;
    expect_unknown(entries, 302, "format 2, kind 8");
    entries = log_.entries();
    entries[304][1] = 9;
    expect_unknown(entries, 304, "format 1, kind 9");
    entries = log_.entries();
    ledger::GovernanceEntry act;
    act.time = start + 2'000;
    act.act = test::as_bytes(R"({"act":"propose","by":1})");
    entries[312] = ledger::encode(act);
    expect_unknown(entries, 312, "an act of another name");
}

TEST_F(AuditReplay, ActsAreJudgedLikeBatches) {
    const Hash network = log_.state().members->network;
    const Bytes good = test::signed_act(
        test::act_of(1,
                     1,
                     test::new_issuer_key(network, 1, test::member_key("new", "issuer"), 1),
                     start + test::day),
        network);
    log_.block({good}, start + 2'000'000);
    const std::vector<Bytes> entries = log_.entries();
    const ledger::Position act = entries.size() - 2;
    const ReplayReport report = replayed(export_log(log_.genesis(), entries));
    EXPECT_FALSE(report.finding) << report.finding->what << ": " << report.finding->actual;
    EXPECT_EQ(report.acts, 1U);
    EXPECT_EQ(report.state.members_hash, log_.state().members_hash);

    expect_found(sealed_anyway(changed(act, 12)), act, "act", "rules", "not by governance key 1");
    expect_found(sealed_anyway(changed(act, 9)), act + 1, "time of the entry");
    expect_found(sealed_anyway(changed(act, 80)), act, "act", "rules", "act");
    expect_found(sealed_anyway(changed(act + 1, 89)), act + 1, "members_hash");
    // Once more, and after it a batch by the key that it ended.
    expect_found(sealed_anyway(followed_by({good, good})),
                 314,
                 "act",
                 "not on the ledger",
                 "the act at position 313 once more");
    std::vector<Bytes> late = entries;
    const Bytes bulk = signed_bulk(log_, draft(1, 77), commitments(900, 1));
    for (Bytes& entry : test::entries_of_bulk(bulk, start + 2'000'000))
        late.push_back(std::move(entry));
    late.push_back(entries.back());
    expect_found(sealed_anyway(late), entries.size(), "batch", "rules", "not in force");
}

}  // namespace
}  // namespace chancery::audit
