#include <random>

#include <gtest/gtest.h>

#include "crypto/merkle/frontier.h"
#include "crypto/merkle/proof.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::merkle {
namespace {

// Roots of perfect subtrees by hashing them afresh.
SubtreeRoot from_leaves(const std::vector<Hash>& leaves) {
    return [&leaves](Range range) -> Result<Hash> {
        CHECK(std::has_single_bit(range.end - range.begin));
        CHECK(range.begin % (range.end - range.begin) == 0 && range.end <= leaves.size());
        return root_of(std::span(leaves).subspan(range.begin, range.end - range.begin));
    };
}

std::vector<Hash> path_of(std::span<const Range> ranges, const std::vector<Hash>& leaves) {
    auto path = fetch_path(ranges, from_leaves(leaves));
    EXPECT_TRUE(path);
    return std::move(*path);
}

TreeHead head_of(const std::vector<Hash>& leaves, std::uint64_t size) {
    return {.size = size, .root = root_of(std::span(leaves).first(size))};
}

TEST(InclusionProof, AgreesWithTheDefinitionUpTo130Leaves) {
    const std::vector<Hash> leaves = oracle::some_leaves(130);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const TreeHead head = head_of(leaves, size);
        for (std::size_t index = 0; index < size; ++index) {
            const auto path = path_of(inclusion_ranges(index, size), leaves);
            ASSERT_EQ(path, oracle::path(index, std::span(leaves).first(size)))
                << index << " of " << size;
            ASSERT_TRUE(verify_inclusion(leaves[index], index, head, path));
        }
    }
}

TEST(ConsistencyProof, AgreesWithTheDefinitionUpTo130Leaves) {
    const std::vector<Hash> leaves = oracle::some_leaves(130);
    for (std::size_t to = 1; to <= leaves.size(); ++to) {
        const TreeHead larger = head_of(leaves, to);
        for (std::size_t from = 1; from <= to; ++from) {
            const auto path = path_of(consistency_ranges(from, to), leaves);
            ASSERT_EQ(path, oracle::consistency(from, std::span(leaves).first(to)))
                << from << " to " << to;
            ASSERT_TRUE(verify_consistency(head_of(leaves, from), larger, path));
        }
    }
}

TEST(Proofs, AgreeWithTheDefinitionForLargerTrees) {
    const std::vector<Hash> leaves = oracle::some_leaves(5000);
    std::mt19937_64 random(20261);
    for (int round = 0; round < 40; ++round) {
        const std::size_t size = 131 + random() % (leaves.size() - 130);
        const std::size_t index = random() % size;
        const std::size_t from = 1 + random() % size;
        const auto tree = std::span(leaves).first(size);
        const TreeHead head = head_of(leaves, size);

        const auto inclusion = path_of(inclusion_ranges(index, size), leaves);
        ASSERT_EQ(inclusion, oracle::path(index, tree));
        EXPECT_TRUE(verify_inclusion(leaves[index], index, head, inclusion));

        const auto consistency = path_of(consistency_ranges(from, size), leaves);
        ASSERT_EQ(consistency, oracle::consistency(from, tree));
        EXPECT_TRUE(verify_consistency(head_of(leaves, from), head, consistency));
    }
}

TEST(InclusionProof, ShowsItsRangesLeafFirst) {
    EXPECT_TRUE(inclusion_ranges(0, 1).empty());
    EXPECT_EQ(inclusion_ranges(4, 7), (std::vector<Range>{{5, 6}, {6, 7}, {0, 4}}));
    EXPECT_EQ(inclusion_ranges(6, 7), (std::vector<Range>{{4, 6}, {0, 4}}));
}

TEST(ConsistencyProof, ShowsTheRangesOfTheRfc) {
    // RFC 9162 §2.1.5: PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i, j,
    // k].
    EXPECT_EQ(consistency_ranges(3, 7), (std::vector<Range>{{2, 3}, {3, 4}, {0, 2}, {4, 7}}));
    EXPECT_EQ(consistency_ranges(4, 7), (std::vector<Range>{{4, 7}}));
    EXPECT_EQ(consistency_ranges(6, 7), (std::vector<Range>{{4, 6}, {6, 7}, {0, 4}}));
    EXPECT_TRUE(consistency_ranges(7, 7).empty());
}

TEST(Proofs, ReachTheLargestTreesThereAre) {
    constexpr std::uint64_t largest = std::uint64_t{1} << 63;
    EXPECT_EQ(inclusion_ranges(0, largest).size(), path_length_max);
    EXPECT_EQ(inclusion_ranges(largest - 1, largest).size(), path_length_max);
    const std::vector<Hash> path(path_length_max);
    EXPECT_TRUE(root_from_inclusion({}, 12345, largest, path));
    EXPECT_FALSE(root_from_inclusion({}, 12345, largest, std::span(path).first(62)));
    for (const std::uint64_t size : {largest + 1, ~std::uint64_t{0}}) {
        for (const std::uint64_t index : {std::uint64_t{0}, largest - 1, largest, size - 1}) {
            const std::vector<Hash> right(inclusion_ranges(index, size).size());
            EXPECT_TRUE(root_from_inclusion({}, index, size, right)) << index << " of " << size;
        }
        const std::size_t want = consistency_ranges(largest - 1, size).size();
        const std::vector<Hash> zeros(want);
        EXPECT_FALSE(verify_consistency({largest - 1, {}}, {size, {}}, zeros));
    }
}

TEST(PerfectSubtrees, CutARangeLeftToRight) {
    EXPECT_EQ(perfect_subtrees({0, 1}), (std::vector<Range>{{0, 1}}));
    EXPECT_EQ(perfect_subtrees({0, 7}), (std::vector<Range>{{0, 4}, {4, 6}, {6, 7}}));
    EXPECT_EQ(perfect_subtrees({8, 11}), (std::vector<Range>{{8, 10}, {10, 11}}));
    EXPECT_EQ(perfect_subtrees({8, 16}), (std::vector<Range>{{8, 16}}));
}

TEST(FetchPath, HandsOnTheFirstError) {
    int asked = 0;
    const auto path = fetch_path(inclusion_ranges(0, 8), [&asked](Range range) -> Result<Hash> {
        ++asked;
        if (range.begin == 2) return Error{Errc::io, "no such tile"};
        return Hash{};
    });
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error(), (Error{Errc::io, "no such tile"}));
    EXPECT_EQ(asked, 2);
}

TEST(VerifyInclusion, RefusesEveryBitFlip) {
    const std::vector<Hash> leaves = oracle::some_leaves(7);
    const TreeHead head = head_of(leaves, 7);
    const auto path = path_of(inclusion_ranges(4, 7), leaves);
    for (std::size_t bit = 0; bit < 256; ++bit) {
        const auto flip = [bit](Hash hash) {
            hash[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            return hash;
        };
        EXPECT_FALSE(verify_inclusion(flip(leaves[4]), 4, head, path));
        EXPECT_FALSE(verify_inclusion(leaves[4], 4, {7, flip(head.root)}, path));
        for (std::size_t i = 0; i < path.size(); ++i) {
            auto wrong = path;
            wrong[i] = flip(wrong[i]);
            EXPECT_FALSE(verify_inclusion(leaves[4], 4, head, wrong));
        }
    }
}

TEST(VerifyInclusion, RefusesAnyOtherLengthAndIndex) {
    const std::vector<Hash> leaves = oracle::some_leaves(20);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const TreeHead head = head_of(leaves, size);
        for (std::size_t index = 0; index < size; ++index) {
            auto path = path_of(inclusion_ranges(index, size), leaves);
            for (std::size_t other = 0; other < 40; ++other) {
                if (other == index) continue;
                EXPECT_FALSE(verify_inclusion(leaves[index], other, head, path));
            }
            path.push_back(leaves[0]);
            EXPECT_FALSE(verify_inclusion(leaves[index], index, head, path));
            if (path.size() < 2) continue;
            path.resize(path.size() - 2);
            EXPECT_FALSE(verify_inclusion(leaves[index], index, head, path));
        }
    }
}

TEST(VerifyInclusion, SaysWhatItGotAndWanted) {
    const auto length = root_from_inclusion({}, 4, 7, {});
    ASSERT_FALSE(length);
    EXPECT_EQ(length.error(), (Error{Errc::invalid, "path of 0 hashes, want 3"}));
    const auto index = root_from_inclusion({}, 7, 7, {});
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error(), (Error{Errc::invalid, "index 7 in a tree of 7"}));
    EXPECT_FALSE(root_from_inclusion({}, 0, 0, {}));
}

TEST(VerifyConsistency, RefusesEveryBitFlip) {
    const std::vector<Hash> leaves = oracle::some_leaves(13);
    for (const std::uint64_t from : {6ULL, 8ULL}) {
        const TreeHead smaller = head_of(leaves, from);
        const TreeHead larger = head_of(leaves, 13);
        const auto path = path_of(consistency_ranges(from, 13), leaves);
        for (std::size_t bit = 0; bit < 256; ++bit) {
            const auto flip = [bit](Hash hash) {
                hash[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
                return hash;
            };
            EXPECT_FALSE(verify_consistency({from, flip(smaller.root)}, larger, path));
            EXPECT_FALSE(verify_consistency(smaller, {13, flip(larger.root)}, path));
            for (std::size_t i = 0; i < path.size(); ++i) {
                auto wrong = path;
                wrong[i] = flip(wrong[i]);
                EXPECT_FALSE(verify_consistency(smaller, larger, wrong));
            }
        }
    }
}

TEST(VerifyConsistency, RefusesOtherSizesAndLengths) {
    const std::vector<Hash> leaves = oracle::some_leaves(24);
    for (std::size_t to = 1; to <= 20; ++to) {
        for (std::size_t from = 1; from <= to; ++from) {
            const TreeHead smaller = head_of(leaves, from);
            const TreeHead larger = head_of(leaves, to);
            auto path = path_of(consistency_ranges(from, to), leaves);
            for (std::size_t other = 0; other < 30; ++other) {
                if (other == from) continue;
                EXPECT_FALSE(verify_consistency({other, smaller.root}, larger, path));
            }
            path.push_back(leaves[0]);
            EXPECT_FALSE(verify_consistency(smaller, larger, path));
            if (path.size() < 2) continue;
            path.resize(path.size() - 2);
            EXPECT_FALSE(verify_consistency(smaller, larger, path));
        }
    }
}

TEST(VerifyConsistency, RefusesSizeZeroAndShrinking) {
    const std::vector<Hash> leaves = oracle::some_leaves(3);
    const TreeHead empty{.size = 0, .root = empty_root()};
    EXPECT_FALSE(verify_consistency(empty, empty, {}));
    EXPECT_FALSE(verify_consistency(empty, head_of(leaves, 3), {}));
    EXPECT_FALSE(verify_consistency(head_of(leaves, 3), head_of(leaves, 2), {}));
}

TEST(VerifyConsistency, OfEqualSizesWantsEqualRootsAndNoPath) {
    const std::vector<Hash> leaves = oracle::some_leaves(5);
    const TreeHead head = head_of(leaves, 5);
    EXPECT_TRUE(verify_consistency(head, head, {}));
    EXPECT_FALSE(verify_consistency(head, {5, leaves[0]}, {}));
    EXPECT_FALSE(verify_consistency(head, head, std::span(leaves).first(1)));
}

TEST(ProofsDeathTest, AskForIndicesInTheTree) {
    EXPECT_DEATH(inclusion_ranges(3, 3), "CHECK");
    EXPECT_DEATH(consistency_ranges(0, 3), "CHECK");
    EXPECT_DEATH(consistency_ranges(4, 3), "CHECK");
    EXPECT_DEATH(perfect_subtrees({3, 3}), "CHECK");
    EXPECT_DEATH(perfect_subtrees({1, 3}), "CHECK");
}

}  // namespace
}  // namespace chancery::merkle
