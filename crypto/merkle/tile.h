// The arithmetic of tiles: a Merkle tree cut into pieces of 256 hashes, eight levels high.
//
// Hash i of tile (level, index) is the root over leaves [(index·256 + i)·256^level, …+256^level).
// An entry bundle holds the 256 entries below a tile of level 0, each behind a u16 length. The
// piece at the right edge is partial: a prefix of the full one, `width` items long.
//
//     /tile/<level>/<index>[.p/<width>]     /tile/entries/<index>[.p/<width>]
//     1234067 -> x001/x234/067
//
// Source: C2SP tlog-tiles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/merkle/proof.h"

namespace chancery::merkle {

inline constexpr std::uint64_t tile_width = 256;
inline constexpr unsigned tile_height = 8;
inline constexpr std::size_t full_tile_bytes = tile_width * sizeof(Hash);
inline constexpr std::size_t entry_bytes_max = 65'535;
inline constexpr std::size_t entry_length_bytes = 2;  // Before each entry of a bundle.

struct TileId {
    bool is_bundle = false;  // Of entries; its level is 0.
    std::uint8_t level = 0;  // 0…63; the C2SP path names "entries" instead for a bundle.
    std::uint64_t index = 0;
    std::uint32_t width = tile_width;  // 1…256; 256: full.
    // NOLINTNEXTLINE(readability-implicit-bool-conversion): of the comparison's own making.
    auto operator<=>(const TileId&) const = default;
};

// "tile/0/x001/067.p/8", without a leading slash.
std::string tile_path(const TileId& tile);
// Errc::invalid for anything that tile_path does not write: leading zeros, width 0 or 256, …
Result<TileId> parse_tile_path(std::string_view path);

// How many items tile (level, index) has in a tree of `size`: 0 if none.
std::uint32_t tile_width_at(std::uint8_t level, std::uint64_t index, std::uint64_t size);

// All tiles, bundles first, that a tree of `size` has and one of `older_size` has not, partial
// ones included: what must be fetched to go from one to the other. O(size - older_size).
std::vector<TileId> tiles_between(std::uint64_t older_size, std::uint64_t size);

// Which tile, and which hashes in it [first, first + count), carry a perfect aligned subtree;
// count is a power of two and the subtree's root joins them.
struct TileSlice {
    std::uint8_t level = 0;
    std::uint64_t index = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};
TileSlice slice_of(Range perfect_subtree);

// Entries of a bundle, in order; views into `bytes`. Errc::corrupt unless exactly `count` fit.
Result<std::vector<ByteView>> parse_bundle(ByteView bytes, std::uint32_t count);
void append_to_bundle(Bytes& bundle, ByteView entry);  // CHECKs entry.size() <= entry_bytes_max.

// Hashes of a tile. Errc::corrupt unless exactly `count` fit.
Result<std::vector<Hash>> parse_tile(ByteView bytes, std::uint32_t count);

}  // namespace chancery::merkle
