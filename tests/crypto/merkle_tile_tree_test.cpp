#include <gtest/gtest.h>

#include "crypto/merkle/tile_tree.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::merkle {
namespace {

TEST(TileTree, HasEveryPerfectSubtreeAtEveryWidth) {
    const std::vector<Hash> leaves = oracle::some_leaves(tile_width);
    for (std::uint32_t width = 1; width <= tile_width; ++width) {
        const std::span<const Hash> hashes = std::span(leaves).first(width);
        const TileTree tree(std::vector<Hash>(hashes.begin(), hashes.end()));
        ASSERT_EQ(tree.width(), width);
        for (std::uint32_t count = 1; count <= width; count *= 2) {
            // The last few differ between widths; those before are the same in all.
            const std::uint32_t last = width / count * count;
            for (std::uint32_t first = last - count; first < last; first += count) {
                EXPECT_EQ(tree.root_of({.first = first, .count = count}),
                          oracle::root(hashes.subspan(first, count)))
                    << width << ": " << first << " + " << count;
            }
        }
    }
}

TEST(TileTree, HasEveryPerfectSubtreeOfAFullTile) {
    const std::vector<Hash> leaves = oracle::some_leaves(tile_width);
    const TileTree tree(leaves);
    for (std::uint32_t count = 1; count <= tile_width; count *= 2) {
        for (std::uint32_t first = 0; first < tile_width; first += count) {
            EXPECT_EQ(tree.root_of({.first = first, .count = count}),
                      oracle::root(std::span(leaves).subspan(first, count)));
        }
    }
}

TEST(TileTree, OfMoreHashesHasTheNodesOfFewer) {
    const std::vector<Hash> leaves = oracle::some_leaves(tile_width);
    const TileTree full(leaves);
    for (const std::uint32_t width : {1U, 2U, 3U, 127U, 128U, 129U, 255U}) {
        const TileTree partial(std::vector<Hash>(leaves.begin(), leaves.begin() + width));
        for (std::uint32_t count = 1; count <= width; count *= 2) {
            for (std::uint32_t first = 0; first + count <= width; first += count) {
                EXPECT_EQ(partial.root_of({.first = first, .count = count}),
                          full.root_of({.first = first, .count = count}));
            }
        }
    }
}

TEST(TileTreeDeath, KnowsNoSubtreeThatIsNotInIt) {
    const TileTree tree(oracle::some_leaves(5));
    const auto ask = [&](std::uint32_t first, std::uint32_t count) {
        static_cast<void>(tree.root_of({.first = first, .count = count}));
    };
    EXPECT_DEATH(ask(5, 1), "does not hold");
    EXPECT_DEATH(ask(4, 2), "does not hold");
    EXPECT_DEATH(ask(1, 2), "does not hold");
    EXPECT_DEATH(ask(0, 3), "does not hold");
    EXPECT_DEATH(ask(0, 0), "does not hold");
    EXPECT_DEATH(TileTree({}), "does not hold");
    EXPECT_DEATH(TileTree(oracle::some_leaves(257)), "does not hold");
}

}  // namespace
}  // namespace chancery::merkle
