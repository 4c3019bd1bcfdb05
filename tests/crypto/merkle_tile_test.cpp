#include <map>

#include <gtest/gtest.h>

#include "crypto/merkle/tile.h"
#include "tests/support/merkle_oracle.h"
#include "tests/support/vectors.h"

namespace chancery::merkle {
namespace {

using test::array_at;
using test::text_at;
using test::vector_json;

// The bytes of all tiles and bundles of a log, made as their definition says.
std::string tile_text(const TileId& tile, const std::vector<std::string>& entries) {
    const std::uint64_t leaves_per_item = std::uint64_t{1} << (8 * tile.level);
    Bytes bytes;
    for (std::uint64_t i = 0; i < tile.width; ++i) {
        const std::uint64_t begin = (tile.index * 256 + i) * leaves_per_item;
        if (tile.is_bundle) {
            append_to_bundle(bytes, bytes_of(entries[begin]));
            continue;
        }
        std::vector<Hash> leaves;
        for (std::uint64_t leaf = begin; leaf < begin + leaves_per_item; ++leaf)
            leaves.push_back(leaf_hash(bytes_of(entries[leaf])));
        const Hash root = root_of(leaves);
        bytes.insert(bytes.end(), root.begin(), root.end());
    }
    return std::string(text_of(bytes));
}

TEST(TilePath, AgreesWithThePublishedPaths) {
    const json::Value file = vector_json("c2sp/paths.json");
    int valid = 0;
    for (const json::Value& test : *file.as_array()) {
        const std::string path = text_at(test, "path");
        const auto parsed = parse_tile_path(path);
        if (test.find("invalid") != nullptr) {
            EXPECT_FALSE(parsed) << path;
            continue;
        }
        ++valid;
        ASSERT_TRUE(parsed) << path << ": " << parsed.error().detail;
        const TileId want{.is_bundle = false,
                          .level = static_cast<std::uint8_t>(*test.find("level")->as_integer()),
                          .index = static_cast<std::uint64_t>(*test.find("n")->as_integer()),
                          .width = static_cast<std::uint32_t>(*test.find("width")->as_integer())};
        EXPECT_EQ(*parsed, want) << path;
        EXPECT_EQ(tile_path(want), path);
    }
    EXPECT_EQ(valid, 9);
}

TEST(TilePath, ReadsWhatItWrites) {
    for (const std::uint64_t index :
         {0ULL, 9ULL, 999ULL, 1000ULL, 999'999ULL, 1'000'000ULL, 1'000'000'000ULL, ~0ULL}) {
        for (const std::uint32_t width : {1U, 9U, 10U, 255U, 256U}) {
            for (const unsigned level : {0U, 1U, 9U, 10U, 63U}) {
                const TileId tile{.is_bundle = false,
                                  .level = static_cast<std::uint8_t>(level),
                                  .index = index,
                                  .width = width};
                const auto parsed = parse_tile_path(tile_path(tile));
                ASSERT_TRUE(parsed) << tile_path(tile);
                EXPECT_EQ(*parsed, tile);
            }
            const TileId bundle{.is_bundle = true, .level = 0, .index = index, .width = width};
            const auto parsed = parse_tile_path(tile_path(bundle));
            ASSERT_TRUE(parsed) << tile_path(bundle);
            EXPECT_EQ(*parsed, bundle);
        }
    }
    EXPECT_EQ(tile_path({.is_bundle = true, .level = 0, .index = 1234067, .width = 8}),
              "tile/entries/x001/x234/067.p/8");
}

TEST(TilePath, RefusesEverythingElse) {
    for (const std::string_view path : {"",
                                        "tile",
                                        "tile/",
                                        "tile/0",
                                        "tile/0/",
                                        "/tile/0/000",
                                        "Tile/0/000",
                                        "tile//000",
                                        "tile/x/000",
                                        "tile/+1/000",
                                        "tile/01/000",
                                        "tile/100/000",
                                        "tile/entries",
                                        "tile/entries/",
                                        "tile/Entries/000",
                                        "tile/0/0",
                                        "tile/0/0000",
                                        "tile/0/x000",
                                        "tile/0/x001",
                                        "tile/0/x001/",
                                        "tile/0/x001/00",
                                        "tile/0/x001/0000",
                                        "tile/0/x001x000",
                                        "tile/0/X001/000",
                                        "tile/0/xx01/000",
                                        "tile/0/001/000",
                                        "tile/0/x000/x001/000",
                                        "tile/0/000 ",
                                        "tile/0/000.",
                                        "tile/0/000.p",
                                        "tile/0/000.p/",
                                        "tile/0/000.p/0",
                                        "tile/0/000.p/00",
                                        "tile/0/000.p/08",
                                        "tile/0/000.p/256",
                                        "tile/0/000.p/257",
                                        "tile/0/000.p/8/",
                                        "tile/0/000.p/8.p/8",
                                        "tile/0/000.P/8",
                                        "tile/0/.p/8",
                                        "tile/0/a00",
                                        "tile/0/x018/x446/x744/x073/x709/x551/616",
                                        "tile/0/x001/x000/x000/x000/x000/x000/x000/000"}) {
        EXPECT_FALSE(parse_tile_path(path)) << path;
    }
    EXPECT_TRUE(parse_tile_path("tile/0/x018/x446/x744/x073/x709/x551/615"));
}

TEST(TileWidth, IsThatOfTheDefinition) {
    for (std::uint64_t size = 0; size <= 1300; ++size) {
        for (std::uint64_t index = 0; index < 7; ++index) {
            const std::uint64_t below = std::min(size, index * 256);
            EXPECT_EQ(tile_width_at(0, index, size), std::min<std::uint64_t>(size - below, 256));
        }
        EXPECT_EQ(tile_width_at(1, 0, size), size / 256);
        EXPECT_EQ(tile_width_at(2, 0, size), 0U);
    }
    EXPECT_EQ(tile_width_at(7, 0, ~0ULL), 255U);
    EXPECT_EQ(tile_width_at(8, 0, ~0ULL), 0U);
    EXPECT_EQ(tile_width_at(63, 0, ~0ULL), 0U);
    EXPECT_EQ(tile_width_at(0, ~0ULL, ~0ULL), 0U);
    EXPECT_EQ(tile_width_at(0, ~0ULL >> 8, ~0ULL), 255U);
}

// All 551 tiles and bundles of 70,000 entries, as others made them.
TEST(TilesBetween, FromNothingAreAllTilesOfThePublishedTree) {
    const json::Value file = vector_json("c2sp/tiles_70000.json");
    std::map<std::string, const json::Value*> published;
    for (const json::Value& tile : array_at(file, "tiles"))
        published[text_at(tile, "path")] = &tile;
    std::vector<std::string> entries;
    for (int i = 0; i < 70'000; ++i)
        entries.push_back("entry " + std::to_string(i));

    const std::vector<TileId> tiles = tiles_between(0, 70'000);

    EXPECT_EQ(published.size(), 551U);
    EXPECT_EQ(tiles.size(), 551U);
    for (const TileId& tile : tiles) {
        const auto found = published.find(tile_path(tile));
        ASSERT_NE(found, published.end()) << tile_path(tile);
        const std::string text = tile_text(tile, entries);
        const auto bytes = static_cast<std::size_t>(*found->second->find("bytes")->as_integer());
        EXPECT_EQ(text.size(), bytes);
        EXPECT_EQ(to_hex(sha256(bytes_of(text))), text_at(*found->second, "sha256"));
    }
}

TEST(TilesBetween, AreThoseThatOneSizeHasAndTheOtherHasNot) {
    const auto all_tiles = [](std::uint64_t size) {
        std::vector<TileId> tiles;
        for (std::uint64_t i = 0; tile_width_at(0, i, size) > 0; ++i)
            tiles.push_back({true, 0, i, tile_width_at(0, i, size)});
        for (std::uint8_t level = 0; level < 8; ++level) {
            for (std::uint64_t i = 0; tile_width_at(level, i, size) > 0; ++i)
                tiles.push_back({false, level, i, tile_width_at(level, i, size)});
        }
        return tiles;
    };
    for (const std::uint64_t older : {0ULL, 1ULL, 255ULL, 256ULL, 257ULL, 65'535ULL, 65'536ULL}) {
        for (const std::uint64_t more : {0ULL, 1ULL, 255ULL, 256ULL, 257ULL, 70'000ULL}) {
            const std::vector<TileId> had = all_tiles(older);
            std::vector<TileId> want;
            for (const TileId& tile : all_tiles(older + more)) {
                if (std::ranges::find(had, tile) == had.end()) want.push_back(tile);
            }
            EXPECT_EQ(tiles_between(older, older + more), want) << older << " + " << more;
        }
    }
    EXPECT_TRUE(tiles_between(300, 200).empty());
}

TEST(TileSlice, CarriesEverySubtree) {
    std::vector<std::string> entries;
    for (int i = 0; i < 1024; ++i)
        entries.push_back(std::to_string(i));
    std::vector<Hash> leaves;
    for (const std::string& entry : entries)
        leaves.push_back(leaf_hash(bytes_of(entry)));
    for (std::uint64_t size = 1; size <= 1024; size *= 2) {
        for (std::uint64_t begin = 0; begin < 1024; begin += size) {
            const TileSlice slice = slice_of({begin, begin + size});
            const std::uint32_t width = tile_width_at(slice.level, slice.index, 1024);
            ASSERT_LE(slice.first + slice.count, width);
            const auto tile = parse_tile(
                bytes_of(tile_text({false, slice.level, slice.index, width}, entries)), width);
            ASSERT_TRUE(tile);
            EXPECT_EQ(root_of(std::span(*tile).subspan(slice.first, slice.count)),
                      root_of(std::span(leaves).subspan(begin, size)));
        }
    }
    EXPECT_DEATH(slice_of({0, 3}), "CHECK");
    EXPECT_DEATH(slice_of({1, 3}), "CHECK");
    EXPECT_DEATH(slice_of({1, 1}), "CHECK");
}

// A log that tessera made: each size's checkpoint, tile and bundle.
TEST(TesseraLog, IsReadAsItWasWritten) {
    for (std::uint32_t size = 1; size <= 15; ++size) {
        const auto checkpoint =
            test::lines_of(test::vector_text("tessera/checkpoint." + std::to_string(size)));
        const TileId bundle_id{.is_bundle = true, .level = 0, .index = 0, .width = size};
        const TileId tile_id{.is_bundle = false, .level = 0, .index = 0, .width = size};
        EXPECT_EQ(tile_width_at(0, 0, size), size);
        const std::string bundle_text = test::vector_text("tessera/" + tile_path(bundle_id));
        const auto bundle = parse_bundle(bytes_of(bundle_text), size);
        const std::string tile_bytes = test::vector_text("tessera/" + tile_path(tile_id));
        const auto tile = parse_tile(bytes_of(tile_bytes), size);
        ASSERT_TRUE(bundle && tile);
        Bytes written;
        for (std::size_t i = 0; i < bundle->size(); ++i) {
            EXPECT_EQ(leaf_hash((*bundle)[i]), (*tile)[i]);
            append_to_bundle(written, (*bundle)[i]);
        }
        EXPECT_EQ(text_of(written), bundle_text);
        EXPECT_EQ(checkpoint[1], std::to_string(size));
        EXPECT_EQ(checkpoint[2], to_base64(root_of(*tile)));
    }
}

TEST(Bundle, OfWrongLengthIsCorrupt) {
    Bytes bundle;
    append_to_bundle(bundle, bytes_of("first"));
    append_to_bundle(bundle, {});
    append_to_bundle(bundle, bytes_of("third"));
    const auto entries = parse_bundle(bundle, 3);
    ASSERT_TRUE(entries);
    EXPECT_EQ(text_of((*entries)[0]), "first");
    EXPECT_EQ(text_of((*entries)[1]), "");
    EXPECT_EQ(text_of((*entries)[2]), "third");
    for (std::size_t cut = 0; cut < bundle.size(); ++cut) {
        const auto parsed = parse_bundle(ByteView(bundle).first(cut), 3);
        ASSERT_FALSE(parsed) << cut;
        EXPECT_EQ(parsed.error().code, Errc::corrupt);
    }
    EXPECT_FALSE(parse_bundle(bundle, 2));
    EXPECT_FALSE(parse_bundle(bundle, 4));
    bundle.push_back(0);
    EXPECT_FALSE(parse_bundle(bundle, 3));
    EXPECT_TRUE(parse_bundle({}, 0));
}

TEST(Bundle, HoldsEntriesUpToTheLimit) {
    Bytes bundle;
    append_to_bundle(bundle, Bytes(entry_bytes_max, 7));
    const auto entries = parse_bundle(bundle, 1);
    ASSERT_TRUE(entries);
    EXPECT_EQ((*entries)[0].size(), entry_bytes_max);
    EXPECT_DEATH(append_to_bundle(bundle, Bytes(entry_bytes_max + 1)), "CHECK");
}

TEST(Tile, OfWrongLengthIsCorrupt) {
    const Bytes bytes(64);
    EXPECT_TRUE(parse_tile(bytes, 2));
    for (const std::uint32_t count : {0U, 1U, 3U}) {
        const auto tile = parse_tile(bytes, count);
        ASSERT_FALSE(tile);
        EXPECT_EQ(tile.error().code, Errc::corrupt);
    }
    EXPECT_FALSE(parse_tile(ByteView(bytes).first(63), 2));
}

}  // namespace
}  // namespace chancery::merkle
