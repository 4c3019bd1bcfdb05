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

// All tiles of hashes of a tree, made from its leaves by the slow tree.
class Tiles {
public:
    explicit Tiles(std::vector<Hash> leaves) : leaves_(std::move(leaves)) {}

    Result<std::shared_ptr<const TileTree>> tile(const TileId& id) {
        ++asked_;
        const std::uint64_t leaves_below = std::uint64_t{1} << (tile_height * id.level);
        std::vector<Hash> hashes;
        for (std::uint64_t i = 0; i < id.width; ++i) {
            const std::uint64_t begin = (id.index * tile_width + i) * leaves_below;
            hashes.push_back(oracle::root(std::span(leaves_).subspan(begin, leaves_below)));
        }
        return std::make_shared<const TileTree>(std::move(hashes));
    }

    Result<std::vector<Hash>> path(std::span<const Range> ranges) {
        asked_ = 0;
        const auto tile_of = [this](const TileId& id) { return tile(id); };
        return path_through(ranges, leaves_.size(), tile_of);
    }

    const std::vector<Hash>& leaves() const { return leaves_; }
    std::size_t asked() const { return asked_; }

private:
    std::vector<Hash> leaves_;
    std::size_t asked_ = 0;
};

TEST(PathThroughTiles, IsThePathOfTheDefinition) {
    for (const std::size_t size : {1U, 2U, 255U, 256U, 257U, 511U, 513U, 5'000U}) {
        Tiles tiles(oracle::some_leaves(size));
        for (const std::size_t index : {std::size_t{0}, size / 3, size / 2, size - 1}) {
            const auto path = tiles.path(inclusion_ranges(index, size));
            ASSERT_TRUE(path) << path.error().detail;
            EXPECT_EQ(*path, oracle::path(index, tiles.leaves())) << index << " in " << size;
            const auto grown = tiles.path(consistency_ranges(index + 1, size));
            ASSERT_TRUE(grown) << grown.error().detail;
            EXPECT_EQ(*grown, oracle::consistency(index + 1, tiles.leaves()))
                << index + 1 << " to " << size;
        }
    }
}

TEST(PathThroughTiles, AsksForATileOnceWhileItClimbsThroughIt) {
    Tiles tiles(oracle::some_leaves(70'000));
    ASSERT_TRUE(tiles.path(inclusion_ranges(1, 70'000)));
    EXPECT_EQ(tiles.asked(), 4U);  // Two on its own way, two at the right edge.
}

TEST(PathThroughTiles, HasTheErrorOfATileThatIsNotThere) {
    const auto nowhere = [](const TileId& id) -> Result<std::shared_ptr<const TileTree>> {
        return Error{Errc::not_found, tile_path(id)};
    };
    const auto path = path_through(inclusion_ranges(3, 300), 300, nowhere);
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error().code, Errc::not_found);
    EXPECT_EQ(path.error().detail, "tile/0/000");
}

}  // namespace
}  // namespace chancery::merkle
