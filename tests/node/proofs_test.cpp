#include "node/proofs.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/merkle/proof.h"
#include "storage/memory_ledger_store.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/support/merkle_oracle.h"
#include "tests/support/sanitized.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t entries_beside_credentials = 2;  // The batch's, and the state's.

// A log that grows as told, in memory, with all its leaves for the oracle.
class GrowingLog {
public:
    void grow(const test::BlockMaker::Shape& shape) {
        const storage::SealedBlock block = maker_.next(shape);
        leaves_.insert(leaves_.end(), block.block->leaves.begin(), block.block->leaves.end());
        ASSERT_TRUE(store_.write(block));
    }
    void grow_to(std::uint64_t size) {
        CHECK(leaves_.size() <= size);
        const std::uint64_t missing = size - leaves_.size();
        if (missing > entries_beside_credentials) {
            grow({.credentials = missing - entries_beside_credentials, .statuses = 0});
        }
        while (leaves_.size() < size)
            grow({.credentials = 0, .statuses = 0});
    }

    // As a node would show it, but for signatures.
    Published published() const {
        Published shown;
        shown.state = maker_.state();
        shown.checkpoint = maker_.checkpoint();
        if (leaves_.empty()) return shown;
        shown.state_entry = *store_.entry(leaves_.size() - 1);
        shown.state_path = oracle::path(leaves_.size() - 1, leaves_);
        return shown;
    }

    const storage::MemoryLedgerStore& store() const { return store_; }
    std::span<const Hash> leaves() const { return leaves_; }
    const std::vector<registry::NewCommitment>& commitments() const { return maker_.commitments(); }

private:
    ledger::Genesis genesis_ = test::test_genesis(3);
    storage::MemoryLedgerStore store_{genesis_};
    test::BlockMaker maker_{genesis_, 7};
    std::vector<Hash> leaves_;
};

// Both ends, the middle, and both sides of each border of a tile near them.
std::set<std::uint64_t> telling_indices(std::uint64_t size) {
    std::set<std::uint64_t> indices;
    for (const std::uint64_t index : std::initializer_list<std::uint64_t>{
             0, 255, 256, size / 2, 65'279, 65'280, 65'535, size - 2, size - 1}) {
        if (index < size) indices.insert(index);
    }
    return indices;
}

void expect_paths_of(const GrowingLog& log, const Published& shown, TileCache& tiles) {
    const std::uint64_t size = shown.size();
    const Proofs proofs(shown, log.store(), tiles);
    const std::span<const Hash> leaves = log.leaves().first(size);
    for (const std::uint64_t index : telling_indices(size)) {
        const auto path = proofs.inclusion(index, size);
        ASSERT_TRUE(path) << path.error().detail;
        ASSERT_EQ(*path, oracle::path(index, leaves)) << index << " of " << size;
        const auto growth = proofs.consistency(index + 1, size);
        ASSERT_TRUE(growth) << growth.error().detail;
        ASSERT_EQ(*growth, oracle::consistency(index + 1, leaves)) << index + 1 << " to " << size;
    }
}

TEST(Proofs, OfAnEmptyLogAreNotFound) {
    const GrowingLog log;
    const Published shown = log.published();
    TileCache tiles(log.store());
    const Proofs proofs(shown, log.store(), tiles);
    EXPECT_EQ(proofs.inclusion(0, 0).error().code, Errc::not_found);
    EXPECT_EQ(proofs.inclusion(0, 1).error().code, Errc::not_found);
    EXPECT_EQ(tiles.tile_count(), 0U);
}

TEST(Proofs, AgreeWithTheOracleAtEverySizeWhileTheLogGrows) {
    GrowingLog log;
    TileCache tiles(log.store());
    for (std::uint64_t size = 1; size <= 2 * merkle::tile_width + 2; ++size) {
        log.grow_to(size);
        expect_paths_of(log, log.published(), tiles);
        if (HasFatalFailure()) return;
    }
}

TEST(Proofs, AgreeWithTheOracleAroundATileOfTheSecondLevel) {
    GrowingLog log;
    TileCache tiles(log.store());
    for (const std::uint64_t size : {65'279U, 65'280U, 65'281U, 65'535U, 65'536U, 65'537U}) {
        if (test::is_sanitized && size % merkle::tile_width != 0) continue;
        log.grow_to(size);
        expect_paths_of(log, log.published(), tiles);
        if (HasFatalFailure()) return;
    }
}

TEST(Proofs, OfAnOlderSizeComeFromTilesThatHaveGrownSince) {
    GrowingLog log;
    TileCache tiles(log.store());
    std::vector<Published> shown;
    for (const std::uint64_t size : {1U, 100U, 255U, 256U, 257U, 300U, 511U, 513U}) {
        log.grow_to(size);
        shown.push_back(log.published());
    }
    for (auto older = shown.rbegin(); older != shown.rend(); ++older)
        expect_paths_of(log, *older, tiles);
}

TEST(Proofs, FromTheCacheAreThoseFromTheStore) {
    GrowingLog log;
    TileCache tiles(log.store(), 2);
    for (int block = 0; block < 30; ++block) {
        log.grow({.credentials = 97, .statuses = 5});
        const Published shown = log.published();
        const Proofs warm(shown, log.store(), tiles);
        for (std::size_t i = 0; i < log.commitments().size(); i += 61) {
            const ledger::Position position = log.commitments()[i].position;
            TileCache empty(log.store());
            const Proofs cold(shown, log.store(), empty);
            const auto status = warm.status_proof(position);
            ASSERT_TRUE(status) << status.error().detail;
            ASSERT_EQ(*status, *cold.status_proof(position));
            ASSERT_TRUE(merkle::verify_inclusion(merkle::leaf_hash(status->credential.entry),
                                                 position,
                                                 shown.state.head(),
                                                 status->credential.path));
            ASSERT_EQ(status->change.has_value(), shown.state.status.status(position) != 0);
            ASSERT_EQ(warm.receipt(position)->path, status->credential.path);
        }
        ASSERT_LE(tiles.tile_count(), 2U);
    }
}

TEST(TileCache, HoldsNoMoreThanItMayAndKeepsWhatIsUsed) {
    GrowingLog log;
    log.grow_to(10 * merkle::tile_width);
    TileCache tiles(log.store(), 3);
    const auto first = tiles.tile(0, 0, merkle::tile_width);
    ASSERT_TRUE(first);
    for (std::uint64_t index = 1; index < 10; ++index) {
        const auto other = tiles.tile(0, index, merkle::tile_width);
        ASSERT_TRUE(other);
        EXPECT_LE(tiles.tile_count(), 3U);
        EXPECT_EQ(*tiles.tile(0, 0, merkle::tile_width), *first);  // The same one, not its like.
        EXPECT_EQ(*tiles.tile(0, index, merkle::tile_width), *other);
    }
    EXPECT_EQ(tiles.tile_count(), 3U);
}

TEST(TileCache, ReadsAPartialTileAgainOnceMoreOfItIsWanted) {
    GrowingLog log;
    log.grow_to(10);
    TileCache tiles(log.store());
    const auto narrow = tiles.tile(0, 0, 10);
    ASSERT_TRUE(narrow);
    log.grow_to(20);
    EXPECT_EQ(*tiles.tile(0, 0, 7), *narrow);
    EXPECT_EQ((*tiles.tile(0, 0, 20))->width(), 20U);
    EXPECT_EQ((*tiles.tile(0, 0, 10))->width(), 20U);
    EXPECT_EQ((*narrow)->width(), 10U);  // Whoever holds it is not disturbed.
    EXPECT_EQ(tiles.tile_count(), 1U);
}

TEST(TileCache, KeepsNothingOfATileThatIsNotThere) {
    GrowingLog log;
    log.grow_to(10);
    TileCache tiles(log.store());
    EXPECT_EQ(tiles.tile(0, 0, 11).error().code, Errc::not_found);
    EXPECT_EQ(tiles.tile(0, 1, 1).error().code, Errc::not_found);
    EXPECT_EQ(tiles.tile_count(), 0U);
}

TEST(TileCache, ServesManyThreadsWhileTheLogGrows) {
    GrowingLog log;
    log.grow_to(3 * merkle::tile_width);
    TileCache tiles(log.store(), 2);
    const Published shown = log.published();
    std::vector<Hash> leaves(log.leaves().begin(), log.leaves().end());
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (std::uint64_t reader = 0; reader < 4; ++reader) {
        readers.emplace_back([&, reader] {
            const Proofs proofs(shown, log.store(), tiles);
            for (std::uint64_t i = 0; i < 300; ++i) {
                const std::uint64_t index = (i * 131 + reader * 257) % shown.size();
                const auto path = proofs.inclusion(index, shown.size());
                const bool holds = path && merkle::verify_inclusion(
                                               leaves[index], index, shown.state.head(), *path);
                if (!holds) ++wrong;
            }
        });
    }
    for (int block = 0; block < 50; ++block)
        log.grow({.credentials = 20, .statuses = 0});
    for (std::thread& reader : readers)
        reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_LE(tiles.tile_count(), 2U);
}

}  // namespace
}  // namespace chancery::node
