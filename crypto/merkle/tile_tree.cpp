#include "crypto/merkle/tile_tree.h"

#include <bit>

#include "crypto/base/check.h"

namespace chancery::merkle {

TileTree::TileTree(std::vector<Hash> hashes)
    : width_(static_cast<std::uint32_t>(hashes.size())), nodes_(std::move(hashes)) {
    CHECK(width_ >= 1 && width_ <= tile_width);
    nodes_.reserve(2 * std::size_t{width_} - 1);
    std::size_t begin = 0;
    for (std::size_t count = width_; count > 1; count /= 2) {
        const std::size_t end = begin + count;
        nodes_.resize(end + count / 2);
        const std::span<Hash> nodes(nodes_);
        // A last node without a sibling has no parent in here.
        node_hashes(nodes.subspan(begin, count / 2 * 2), nodes.subspan(end));
        begin = end;
    }
}

const Hash& TileTree::root_of(const TileSlice& slice) const {
    CHECK(std::has_single_bit(slice.count) && slice.first % slice.count == 0);
    CHECK(slice.first < width_ && slice.count <= width_ - slice.first);
    const auto level = static_cast<unsigned>(std::countr_zero(slice.count));
    std::size_t begin = 0;
    for (unsigned below = 0; below < level; ++below)
        begin += width_ >> below;
    return nodes_[begin + (slice.first >> level)];
}

Result<std::vector<Hash>> path_through(std::span<const Range> ranges,
                                       std::uint64_t size,
                                       const TileOf& tile_of) {
    std::shared_ptr<const TileTree> tile;
    TileSlice place;  // Of `tile`.
    const auto subtree_root = [&](Range subtree) -> Result<Hash> {
        const TileSlice slice = slice_of(subtree);
        if (tile == nullptr || slice.level != place.level || slice.index != place.index) {
            const std::uint32_t width = tile_width_at(slice.level, slice.index, size);
            auto found = tile_of({false, slice.level, slice.index, width});
            if (!found) return found.error();
            tile = std::move(*found);
            place = slice;
        }
        return tile->root_of(slice);
    };
    return fetch_path(ranges, subtree_root);
}

}  // namespace chancery::merkle
