#include "node/audit/tile_check.h"

#include <algorithm>

#include "crypto/base/encoding.h"

namespace chancery::audit {
namespace {

merkle::TileId tile_at(std::uint8_t level, std::uint64_t index, std::uint64_t size) {
    return {.is_bundle = false,
            .level = level,
            .index = index,
            .width = merkle::tile_width_at(level, index, size)};
}

// The first leaf below hash `index` of a level. Levels end where a tree of 2^64 leaves does.
ledger::Position leaf_below(std::uint8_t level, std::uint64_t index) {
    const unsigned shift = level * merkle::tile_height;
    return shift >= 64 ? 0 : index << shift;
}

std::uint64_t hashes_at(std::uint8_t level, std::uint64_t size) {
    const unsigned shift = level * merkle::tile_height;
    return shift >= 64 ? 0 : size >> shift;
}

Finding of_tile(const merkle::TileId& tile, ledger::Position position) {
    Finding finding;
    finding.position = position;
    finding.what = merkle::tile_path(tile);
    return finding;
}

bool is_source_failure(const Error& error) {
    return error.code == Errc::io || error.code == Errc::unavailable || error.code == Errc::timeout;
}

}  // namespace

Result<std::vector<Hash>> TileCheck::read(const Place& place) {
    const merkle::TileId id = tile_at(place.level, place.index, head_.size);
    const Result<Bytes> bytes = source_.tile(id);
    if (!bytes) return bytes.error();
    return merkle::parse_tile(*bytes, id.width);
}

Result<void> TileCheck::open() {
    if (head_.size == 0) return {};
    const auto first = read({});
    if (!first && is_source_failure(first.error())) return first.error();
    if (!first && first.error().code == Errc::not_found) return {};
    is_present_ = true;

    const Result<Hash> root = edge_root();
    if (!root && is_source_failure(root.error())) return root.error();
    if (!root || *root != head_.root) {
        fault_ = Finding();
        fault_->what = "root that the tiles lead to";
        fault_->expected = to_hex(head_.root);
        fault_->actual = root ? to_hex(*root) : root.error().detail;
        return {};
    }
    std::uint8_t top = 0;
    while (hashes_at(static_cast<std::uint8_t>(top + 1), head_.size) > 0)
        ++top;
    for (std::uint8_t level = top; level > 0 && !fault_; --level) {
        if (const auto opened = open_level(level); !opened) return opened;
    }
    return {};
}

// The perfect subtrees of the whole tree lie in the last tile of each level.
Result<Hash> TileCheck::edge_root() {
    std::vector<Hash> roots;
    for (const merkle::Range& subtree : merkle::perfect_subtrees({0, head_.size})) {
        const merkle::TileSlice slice = merkle::slice_of(subtree);
        const auto tile = read({slice.level, slice.index});
        if (!tile) return tile.error();
        roots.push_back(merkle::root_of(std::span(*tile).subspan(slice.first, slice.count)));
        if (slice.level == 0) edge_leaves_ = *tile;
    }
    Hash root = roots.back();
    for (std::size_t i = roots.size() - 1; i > 0; --i)
        root = merkle::node_hash(roots[i - 1], root);
    return root;
}

// Full tiles are judged by the level above; the partial one at the edge led to the root.
Result<void> TileCheck::open_level(std::uint8_t level) {
    const std::uint64_t count = hashes_at(level, head_.size);
    std::vector<Hash> hashes;  // Not set aside for: the size is the checkpoint's word.
    for (std::uint64_t index = 0; index * merkle::tile_width < count; ++index) {
        const auto tile = read({level, index});
        if (!tile && is_source_failure(tile.error())) return tile.error();
        const merkle::TileId id = tile_at(level, index, head_.size);
        const bool is_full = id.width == merkle::tile_width;
        if (!tile || (is_full && merkle::root_of(*tile) != known_[index])) {
            fault_ = of_tile(id, leaf_below(static_cast<std::uint8_t>(level + 1), index));
            fault_->expected = is_full ? "root " + to_hex(known_[index]) : "hashes of the edge";
            fault_->actual = tile ? "root " + to_hex(merkle::root_of(*tile)) : tile.error().detail;
            return {};
        }
        hashes.insert(hashes.end(), tile->begin(), tile->end());
    }
    known_ = std::move(hashes);
    return {};
}

bool TileCheck::leads_to_root(std::uint64_t bundle,
                              std::span<const Hash> leaves,
                              const Hash& root) const {
    const std::uint32_t width = merkle::tile_width_at(0, bundle, head_.size);
    if (leaves.size() != width) return false;
    if (width < merkle::tile_width) return std::ranges::equal(leaves, edge_leaves_);
    return root == known_[bundle];
}

Checked TileCheck::check_bundle(std::uint64_t bundle,
                                std::span<const Hash> leaves,
                                const Hash& root) {
    CHECK(is_genuine());
    const auto tile = read({0, bundle});
    if (!tile && is_source_failure(tile.error())) return tile.error();
    const bool is_bundle_good = leads_to_root(bundle, leaves, root);
    if (is_bundle_good && tile && std::ranges::equal(*tile, leaves)) return all_well();

    const ledger::Position first = bundle * merkle::tile_width;
    if (!is_bundle_good && tile && leads_to_root(bundle, *tile, merkle::root_of(*tile))) {
        // Equal as far as they go: the bundle ends too early, which is not for a tile to say.
        if (std::ranges::equal(leaves, std::span(*tile).first(leaves.size()))) return all_well();
        return std::optional(first_difference(first, *tile, leaves));
    }
    const merkle::TileId id = tile_at(0, bundle, head_.size);
    Finding finding = of_tile(id, first);
    if (!tile) {
        finding.expected = std::to_string(id.width) + " hashes";
        finding.actual = tile.error().detail;
    } else if (is_bundle_good) {
        finding = first_difference(first, leaves, *tile);
        finding.what = "hash in " + merkle::tile_path(id);
    } else {
        finding.what = "entries and tile of bundle " + std::to_string(bundle);
        finding.expected = "hashes that lead to the sealed root";
        finding.actual = "root " + to_hex(root);
    }
    return std::optional(finding);
}

// `genuine` holds at least as many as `other`.
Finding TileCheck::first_difference(ledger::Position first,
                                    std::span<const Hash> genuine,
                                    std::span<const Hash> other) {
    const auto at = std::ranges::mismatch(genuine, other);
    Finding finding;
    finding.position = first + static_cast<std::uint64_t>(at.in1 - genuine.begin());
    finding.what = "leaf hash of the entry";
    finding.expected = to_hex(*at.in1);
    finding.actual = to_hex(*at.in2);
    return finding;
}

}  // namespace chancery::audit
