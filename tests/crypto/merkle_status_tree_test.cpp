#include <random>

#include <gtest/gtest.h>

#include "crypto/merkle/status_tree.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::merkle {
namespace {

// The same tree with every chunk written out.
class DenseTree {
public:
    explicit DenseTree(std::uint64_t positions) : chunks_(chunk_count(positions)) {}

    void set(const StatusTree::Change& change) {
        Chunk& chunk = chunks_[change.position / 256];
        const std::uint64_t within = change.position % 256;
        const auto shift = static_cast<unsigned>(6 - 2 * (within % 4));
        chunk[within / 4] = static_cast<std::uint8_t>((chunk[within / 4] & ~(3U << shift)) |
                                                      unsigned{change.status} << shift);
    }

    std::vector<Hash> leaves() const {
        std::vector<Hash> hashes;
        for (const Chunk& chunk : chunks_)
            hashes.push_back(sha256(Writer().u8(0).bytes(chunk).written()));
        return hashes;
    }
    const std::vector<Chunk>& chunks() const { return chunks_; }

private:
    std::vector<Chunk> chunks_;
};

std::vector<StatusTree::Change> some_changes(std::size_t count,
                                             std::uint64_t positions,
                                             std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<StatusTree::Change> changes(count);
    for (StatusTree::Change& change : changes) {
        change.position = random() % positions;
        change.status = static_cast<std::uint8_t>(random() % 4);
    }
    return changes;
}

void expect_same(const StatusTree& tree, const DenseTree& dense, std::uint64_t positions) {
    const std::vector<Hash> leaves = dense.leaves();
    ASSERT_EQ(tree.root(positions), oracle::root(leaves));
    std::vector<std::uint64_t> nonzero;
    for (std::uint64_t i = 0; i < leaves.size(); ++i) {
        ASSERT_EQ(tree.chunk(i), dense.chunks()[i]);
        if (dense.chunks()[i] != Chunk{}) nonzero.push_back(i);
    }
    EXPECT_EQ(tree.nonzero_chunks(), nonzero);
}

TEST(StatusChunk, HoldsFourPositionsToAByteLowestHighest) {
    Chunk chunk{};
    set_status_in(chunk, 0, 2);
    set_status_in(chunk, 3, 1);
    set_status_in(chunk, 255, 3);
    set_status_in(chunk, 256 * 7 + 4, 3);
    EXPECT_EQ(chunk[0], 0x81);
    EXPECT_EQ(chunk[1], 0xc0);
    EXPECT_EQ(chunk[63], 0x03);
    EXPECT_EQ(status_in(chunk, 0), 2);
    EXPECT_EQ(status_in(chunk, 1), 0);
    EXPECT_EQ(status_in(chunk, 3), 1);
    EXPECT_EQ(status_in(chunk, 256 + 255), 3);
    set_status_in(chunk, 0, 1);
    EXPECT_EQ(chunk[0], 0x41);
    EXPECT_DEATH(set_status_in(chunk, 0, 4), "CHECK");
}

TEST(StatusChunk, CoversPositions) {
    EXPECT_EQ(chunk_count(0), 0U);
    EXPECT_EQ(chunk_count(1), 1U);
    EXPECT_EQ(chunk_count(256), 1U);
    EXPECT_EQ(chunk_count(257), 2U);
    EXPECT_EQ(chunk_count(~0ULL), std::uint64_t{1} << 56);
}

TEST(StatusTree, WithoutChangesIsATreeOfZeroChunks) {
    const StatusTree tree;
    EXPECT_EQ(tree.root(0), empty_root());
    for (std::uint64_t chunks = 1; chunks <= 70; ++chunks) {
        const std::vector<Hash> leaves(chunks, chunk_leaf(Chunk{}));
        EXPECT_EQ(tree.root(chunks * 256), oracle::root(leaves));
        EXPECT_EQ(tree.root(chunks * 256 - 255), oracle::root(leaves));
    }
    EXPECT_EQ(tree.status(12345), 0);
    EXPECT_TRUE(tree.nonzero_chunks().empty());
}

TEST(StatusTree, AgreesWithTheDenseTreeAtEverySize) {
    for (std::uint64_t chunks = 1; chunks <= 40; ++chunks) {
        const std::uint64_t positions = chunks * 256 - chunks % 5;
        StatusTree tree;
        DenseTree dense(positions);
        const auto changes = some_changes(chunks, positions, chunks);
        tree.set(changes);
        for (const StatusTree::Change& change : changes)
            dense.set(change);
        expect_same(tree, dense, positions);
        const std::vector<Hash> leaves = dense.leaves();
        for (std::uint64_t i = 0; i < chunks; ++i) {
            const auto path = tree.path(i, positions);
            ASSERT_EQ(path, oracle::path(i, leaves));
            EXPECT_TRUE(verify_inclusion(leaves[i], i, {chunks, tree.root(positions)}, path));
        }
    }
}

TEST(StatusTree, AgreesWithTheDenseTreeAfterManyRounds) {
    constexpr std::uint64_t positions = 100'000;
    StatusTree tree;
    DenseTree dense(positions);
    for (std::uint64_t round = 0; round < 30; ++round) {
        const auto changes = some_changes(round * 5, positions, 1000 + round);
        tree.set(changes);
        for (const StatusTree::Change& change : changes)
            dense.set(change);
        expect_same(tree, dense, positions);
    }
    for (std::uint64_t position = 0; position < positions; position += 7)
        ASSERT_EQ(tree.status(position), status_in(dense.chunks()[position / 256], position));
}

TEST(StatusTree, GrowsWithTheLogThatItCovers) {
    StatusTree tree;
    DenseTree dense(50'000);
    for (std::uint64_t positions = 1; positions <= 50'000; positions += 997) {
        const StatusTree::Change change{.position = positions - 1, .status = 2};
        tree.set({&change, 1});
        dense.set(change);
        const std::vector<Hash> leaves = dense.leaves();
        ASSERT_EQ(tree.root(positions),
                  oracle::root(std::span(leaves).first(chunk_count(positions))));
    }
}

TEST(StatusTree, IsTheSameForOneChangeAtATimeInAnyOrder) {
    auto changes = some_changes(300, 1'000'000, 5);
    for (StatusTree::Change& change : changes)
        change.status = 2;
    StatusTree at_once;
    at_once.set(changes);
    StatusTree one_by_one;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change)
        one_by_one.set({&*change, 1});
    EXPECT_EQ(at_once.root(1'000'000), one_by_one.root(1'000'000));
    EXPECT_EQ(at_once.nonzero_chunks(), one_by_one.nonzero_chunks());
}

TEST(StatusTree, KeepsTheLaterOfTwoChangesForOnePosition) {
    StatusTree tree;
    const std::vector<StatusTree::Change> changes = {{9, 1}, {700, 3}, {9, 2}};
    tree.set(changes);
    EXPECT_EQ(tree.status(9), 2);
    EXPECT_EQ(tree.status(700), 3);
}

TEST(StatusTree, OfUndoneChangesIsTheUntouchedOne) {
    StatusTree tree;
    auto changes = some_changes(100, 1'000'000, 6);
    tree.set(changes);
    for (StatusTree::Change& change : changes)
        change.status = 0;
    tree.set(changes);
    EXPECT_EQ(tree.root(1'000'000), StatusTree().root(1'000'000));
    EXPECT_TRUE(tree.nonzero_chunks().empty());
    tree.set(some_changes(3, 500, 7));
    StatusTree fresh;
    fresh.set(some_changes(3, 500, 7));
    EXPECT_EQ(tree.root(500), fresh.root(500));
}

TEST(StatusTree, ChangesOfACopyNeverShowInTheOriginal) {
    constexpr std::uint64_t positions = 300'000;
    StatusTree tree;
    std::vector<StatusTree> copies;
    std::vector<Hash> roots;
    for (std::uint64_t round = 0; round < 20; ++round) {
        tree.set(some_changes(50, positions, 50 + round));
        copies.push_back(tree);
        roots.push_back(tree.root(positions));
    }
    StatusTree branch = copies[4];
    branch.set(some_changes(500, positions * 4, 999));
    for (std::size_t i = 0; i < copies.size(); ++i)
        EXPECT_EQ(copies[i].root(positions), roots[i]) << i;
    EXPECT_NE(branch.root(positions * 4), copies[4].root(positions * 4));
}

TEST(StatusTree, IsRestoredFromItsChunks) {
    constexpr std::uint64_t positions = 2'000'000;
    StatusTree tree;
    tree.set(some_changes(400, positions, 8));
    StatusTree one_by_one;
    std::vector<StatusTree::StoredChunk> stored;
    for (const std::uint64_t index : tree.nonzero_chunks()) {
        one_by_one.restore(index, tree.chunk(index));
        stored.push_back({.index = index, .chunk = tree.chunk(index)});
    }
    std::ranges::reverse(stored);
    StatusTree at_once;
    at_once.restore(stored);
    EXPECT_EQ(one_by_one.root(positions), tree.root(positions));
    EXPECT_EQ(at_once.root(positions), tree.root(positions));
    stored.push_back(stored.front());
    EXPECT_DEATH(at_once.restore(stored), "CHECK");
}

TEST(StatusTree, ReachesTheLastPositionThereIs) {
    StatusTree tree;
    const std::vector<StatusTree::Change> changes = {{~0ULL - 1, 2}, {0, 1}};
    tree.set(changes);
    EXPECT_EQ(tree.status(~0ULL - 1), 2);
    EXPECT_EQ(tree.status(0), 1);
    const std::uint64_t chunks = chunk_count(~0ULL);
    const auto path = tree.path(chunks - 1, ~0ULL);
    EXPECT_EQ(path.size(), 56U);
    const Hash leaf = chunk_leaf(tree.chunk(chunks - 1));
    EXPECT_TRUE(verify_inclusion(leaf, chunks - 1, {chunks, tree.root(~0ULL)}, path));
}

TEST(StatusTreeDeathTest, RefusesARootThatDoesNotCoverItsChanges) {
    StatusTree tree;
    const StatusTree::Change change{.position = 1000, .status = 1};
    tree.set({&change, 1});
    EXPECT_EQ(tree.root(1001), tree.root(1024));
    EXPECT_DEATH(tree.root(1000), "CHECK");
    EXPECT_DEATH(tree.root(0), "CHECK");
    EXPECT_DEATH(tree.path(4, 1024), "CHECK");
}

}  // namespace
}  // namespace chancery::merkle
