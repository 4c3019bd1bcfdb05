#include <gtest/gtest.h>

#include "crypto/merkle/frontier.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::merkle {
namespace {

TEST(Frontier, OfNothingHasTheRootOfNothing) {
    EXPECT_EQ(Frontier().root(), empty_root());
    EXPECT_EQ(Frontier().leaf_count(), 0U);
    EXPECT_TRUE(Frontier().roots().empty());
}

TEST(Frontier, AgreesWithTheDefinitionAtEverySize) {
    const std::vector<Hash> leaves = oracle::some_leaves(300);
    Frontier frontier;
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        frontier.append(leaves[size - 1]);
        ASSERT_EQ(frontier.leaf_count(), size);
        ASSERT_EQ(frontier.root(), oracle::root(std::span(leaves).first(size))) << size;
        ASSERT_EQ(frontier.roots().size(), static_cast<std::size_t>(std::popcount(size)));
    }
}

TEST(Frontier, KeepsTheRootsOfThePerfectSubtreesLargestFirst) {
    const std::vector<Hash> leaves = oracle::some_leaves(6);
    Frontier frontier;
    frontier.append(leaves);
    const auto all = std::span(leaves);
    const std::vector<Hash> want = {oracle::root(all.first(4)), oracle::root(all.subspan(4))};
    EXPECT_EQ(std::vector<Hash>(frontier.roots().begin(), frontier.roots().end()), want);
}

TEST(Frontier, GivesTheSameForManyLeavesAsForEach) {
    const std::vector<Hash> leaves = oracle::some_leaves(600);
    for (std::size_t before = 0; before <= 70; ++before) {
        for (const std::size_t count : {0U, 1U, 2U, 3U, 7U, 64U, 129U, 500U}) {
            Frontier one_by_one;
            for (std::size_t i = 0; i < before + count; ++i)
                one_by_one.append(leaves[i]);
            Frontier at_once;
            at_once.append(std::span(leaves).first(before));
            at_once.append(std::span(leaves).subspan(before, count));
            ASSERT_EQ(at_once, one_by_one) << before << " + " << count;
        }
    }
}

TEST(Frontier, TakesUpWhereItStopped) {
    const std::vector<Hash> leaves = oracle::some_leaves(100);
    for (std::size_t cut = 0; cut <= leaves.size(); ++cut) {
        Frontier first;
        first.append(std::span(leaves).first(cut));
        auto restored = Frontier::restore(cut, first.roots());
        ASSERT_TRUE(restored);
        EXPECT_EQ(*restored, first);
        restored->append(std::span(leaves).subspan(cut));
        EXPECT_EQ(restored->root(), oracle::root(leaves));
    }
}

TEST(Frontier, RestoreRefusesAWrongNumberOfRoots) {
    const std::vector<Hash> roots = oracle::some_leaves(65);
    for (const std::uint64_t leaf_count : {0ULL, 1ULL, 6ULL, 7ULL, ~0ULL}) {
        const auto want = static_cast<std::size_t>(std::popcount(leaf_count));
        EXPECT_TRUE(Frontier::restore(leaf_count, std::span(roots).first(want)));
        const auto more = Frontier::restore(leaf_count, std::span(roots).first(want + 1));
        ASSERT_FALSE(more);
        EXPECT_EQ(more.error().code, Errc::corrupt);
        if (want == 0) continue;
        EXPECT_FALSE(Frontier::restore(leaf_count, std::span(roots).first(want - 1)));
    }
}

}  // namespace
}  // namespace chancery::merkle
