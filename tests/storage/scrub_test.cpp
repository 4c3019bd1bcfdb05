#include "storage/scrub.h"

#include <functional>

#include <gtest/gtest.h>

#include "storage/memory_ledger_store.h"
#include "tests/storage/ledger_fixture.h"

namespace chancery {
namespace {

using storage::Finding;

// A store that answers as another, but for what a test spoils.
class SpoiltStore final : public storage::LedgerStore {
public:
    explicit SpoiltStore(const storage::LedgerStore& whole) : whole_(whole) {}

    std::function<void(const merkle::TileId&, Bytes&)> spoil_tile;
    std::function<void(storage::StoredState&)> spoil_state;
    std::optional<Error> tile_error;

    Result<storage::StoredState> load() const override {
        auto stored = whole_.load();
        if (spoil_state) spoil_state(*stored);
        return stored;
    }
    Result<Bytes> tile(const merkle::TileId& id) const override {
        if (tile_error) return *tile_error;
        auto bytes = whole_.tile(id);
        if (bytes && spoil_tile) spoil_tile(id, *bytes);
        return bytes;
    }
    Result<void> write(const storage::SealedBlock&) override { return {}; }
    Result<void> write_checkpoint(const std::string&) override { return {}; }
    Result<void> write_content(const storage::StoredContent&) override { return {}; }
    Result<std::uint64_t> flush() override { return std::uint64_t{0}; }
    std::uint64_t flushed_height() const override { return 0; }
    Result<std::optional<Bytes>> content(const Hash& hash) const override {
        return whole_.content(hash);
    }
    Result<std::optional<ledger::Position>> newest_publication(ledger::MemberNumber member,
                                                               ledger::PublicationType type,
                                                               const Hash& name) const override {
        return whole_.newest_publication(member, type, name);
    }
    Result<std::vector<ledger::Position>> publications(
        const PublicationRange& range) const override {
        return whole_.publications(range);
    }
    Result<std::vector<MembersStep>> members_steps() const override {
        return whole_.members_steps();
    }
    Result<std::uint64_t> size_at(std::uint64_t height) const override {
        return whole_.size_at(height);
    }
    Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber member, std::span<const Hash> commitments) const override {
        return whole_.find_commitments(member, commitments);
    }
    Result<Bytes> entry(ledger::Position position) const override { return whole_.entry(position); }
    Result<std::optional<ledger::Position>> newest_status(
        ledger::Position position) const override {
        return whole_.newest_status(position);
    }
    Result<std::optional<registry::ActRecord>> find_act(ledger::MemberNumber member,
                                                        std::uint64_t sequence) const override {
        return whole_.find_act(member, sequence);
    }
    Result<Hash> root_at(std::uint64_t size) const override { return whole_.root_at(size); }
    Result<std::optional<registry::BatchRecord>> find_batch(
        ledger::MemberNumber member, const ledger::Nonce& nonce) const override {
        return whole_.find_batch(member, nonce);
    }

private:
    const storage::LedgerStore& whole_;
};

std::vector<Finding> findings_of(const storage::LedgerStore& store, std::uint64_t step) {
    auto scrub = storage::Scrub::begin(store);
    EXPECT_TRUE(scrub);
    std::vector<Finding> all;
    while (!scrub->is_done()) {
        const std::uint64_t before = scrub->position();
        const auto found = scrub->step(step);
        EXPECT_TRUE(found);
        all.insert(all.end(), found->begin(), found->end());
        EXPECT_GT(scrub->position(), before);
        EXPECT_LE(scrub->position() - before, std::max<std::uint64_t>(step, 256));
    }
    return all;
}

class ScrubTest : public testing::Test {
protected:
    void SetUp() override {
        for (const std::size_t credentials : {300U, 700U, 0U, 5U, 256U})
            ASSERT_TRUE(store->write(maker.next({.credentials = credentials})));
    }

    ledger::Genesis genesis = test::chancery_genesis();
    test::BlockMaker maker{genesis, 1, true};
    std::unique_ptr<storage::LedgerStore> store = storage::memory_ledger_store(genesis);
    SpoiltStore spoilt{*store};
};

TEST_F(ScrubTest, FindsNothingInAWholeLedger) {
    for (const std::uint64_t step : {1U, 256U, 600U, 100'000U})
        EXPECT_TRUE(findings_of(*store, step).empty());
    EXPECT_TRUE(storage::check_right_edge(*store)->empty());
    const auto empty = storage::memory_ledger_store(genesis);
    EXPECT_TRUE(findings_of(*empty, 1).empty());
    EXPECT_TRUE(storage::check_right_edge(*empty)->empty());
}

TEST_F(ScrubTest, FindsAByteThatChangedInAnyPiece) {
    const std::uint64_t size = maker.state().frontier.leaf_count();
    int pieces = 0;
    for (const merkle::TileId& target : merkle::tiles_between(0, size)) {
        for (const bool is_front : {true, false}) {
            spoilt.spoil_tile = [&](const merkle::TileId& id, Bytes& bytes) {
                if (id.is_bundle != target.is_bundle || id.level != target.level) return;
                if (id.index != target.index) return;
                // The last byte of what was asked for is always within what a pass reads.
                bytes[is_front ? 20 : bytes.size() - 1] ^= 1;
            };
            EXPECT_FALSE(findings_of(spoilt, 1000).empty()) << merkle::tile_path(target);
            ++pieces;
        }
    }
    EXPECT_GT(pieces, 20);
}

TEST_F(ScrubTest, NamesThePosition) {
    spoilt.spoil_tile = [](const merkle::TileId& id, Bytes& bytes) {
        if (!id.is_bundle && id.level == 0 && id.index == 2) bytes[32 * 7] ^= 1;
    };
    const auto found = findings_of(spoilt, 1000);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0], (Finding{2 * 256 + 7, "the entry does not hash to its leaf"}));
}

TEST_F(ScrubTest, FindsARecordUnderNobodysSignature) {
    test::BlockMaker unsigned_blocks(genesis, 2);
    const auto other = storage::memory_ledger_store(genesis);
    ASSERT_TRUE(other->write(unsigned_blocks.next({.statuses = 0})));
    const auto found = findings_of(*other, 1000);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].position, 0U);
    EXPECT_EQ(found[0].what, "the records do not give the batch's root");
}

TEST_F(ScrubTest, TheStartCheckComparesHeadsAndTheLastEntries) {
    spoilt.spoil_state = [](storage::StoredState& stored) { stored.state.height += 1; };
    EXPECT_FALSE(storage::check_right_edge(spoilt)->empty());
    spoilt.spoil_state = [](storage::StoredState& stored) {
        const merkle::StatusTree::Change change{3, 2};
        stored.state.status.set(std::span(&change, 1));
    };
    EXPECT_EQ(storage::check_right_edge(spoilt)->front().what,
              "the status chunks do not give the last status root");
    spoilt.spoil_state = [](storage::StoredState& stored) { stored.checkpoint[40] ^= 1; };
    EXPECT_FALSE(storage::check_right_edge(spoilt)->empty());
    spoilt.spoil_state = [](storage::StoredState& stored) {
        ledger::Members members = *stored.state.members;
        members.quorum += 1;
        stored.state.members = std::make_shared<const ledger::Members>(members);
    };
    EXPECT_EQ(storage::check_right_edge(spoilt)->front().what,
              "the members object does not give the last members hash");
    spoilt.spoil_state = nullptr;
    spoilt.spoil_tile = [](const merkle::TileId& id, Bytes& bytes) {
        if (id.level == 1) bytes[3] ^= 1;
    };
    EXPECT_EQ(storage::check_right_edge(spoilt)->front().what,
              "the tiles do not give the head's root");
}

TEST_F(ScrubTest, DamageIsAFindingAndAFailingDiskAnError) {
    spoilt.tile_error = Error{Errc::corrupt, "block checksum mismatch"};
    const auto found = findings_of(spoilt, 1000);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].what, "block checksum mismatch");
    spoilt.tile_error = Error{Errc::io, "the disk is gone"};
    auto scrub = storage::Scrub::begin(spoilt);
    EXPECT_EQ(scrub->step(1000).error().code, Errc::io);
    EXPECT_EQ(storage::check_right_edge(spoilt).error().code, Errc::io);
}

}  // namespace
}  // namespace chancery
