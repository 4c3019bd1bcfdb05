// A tile with the nodes inside it, so that a path through it is read and not computed.
//
// Above the tile's own hashes, eight levels up, stand the roots of every perfect subtree:
//
//     width 5     level 0: h0 h1 h2 h3 h4     level 1: h01 h23     level 2: h0123
//
// A wider form of the same tile has all of these nodes unchanged, so it stands in for a narrower
// one. A full tile takes 511 hashes, 16 KiB. Source: C2SP tlog-tiles.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "crypto/merkle/proof.h"
#include "crypto/merkle/tile.h"

namespace chancery::merkle {

inline constexpr std::size_t tile_tree_hashes_max = 2 * tile_width - 1;

class TileTree {
public:
    // CHECKs that there are 1 to 256 hashes. One node_hash() for each but the first, at most.
    explicit TileTree(std::vector<Hash> hashes);

    std::uint32_t width() const { return width_; }

    // Root over hashes [slice.first, slice.first + slice.count), as slice_of() cuts them.
    // CHECKs that they are there and make a perfect aligned subtree.
    const Hash& root_of(const TileSlice& slice) const;

private:
    std::uint32_t width_;
    std::vector<Hash> nodes_;  // Level after level, the tile's own hashes first.
};

// Gives a tile of hashes, as wide as `id` says at least.
using TileOf = std::function<Result<std::shared_ptr<const TileTree>>(const TileId& id)>;

// Each range's root in the tree of `size` leaves. A path climbs through one tile for eight levels:
// it is asked for once.
Result<std::vector<Hash>> path_through(std::span<const Range> ranges,
                                       std::uint64_t size,
                                       const TileOf& tile_of);

}  // namespace chancery::merkle
