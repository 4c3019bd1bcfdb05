#include "storage/right_edge.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crypto/base/check.h"

namespace chancery::storage {
namespace {

constexpr std::uint8_t levels_max = 8;  // 256^8 entries are all that a u64 counts.

Bytes bytes_of_hashes(std::span<const Hash> hashes) {
    Bytes bytes;
    bytes.reserve(hashes.size() * sizeof(Hash));
    for (const Hash& hash : hashes)
        bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

}  // namespace

Result<RightEdge> RightEdge::load(std::uint64_t size, const ReadPiece& read) {
    RightEdge edge;
    edge.size_ = size;
    std::uint64_t hashes = size;
    for (std::uint8_t level = 0; level < levels_max && hashes > 0; ++level) {
        const std::uint64_t index = hashes / merkle::tile_width;
        const auto width = static_cast<std::uint32_t>(hashes % merkle::tile_width);
        edge.levels_.emplace_back();
        edge.full_counts_.push_back(index);
        if (width > 0) {
            const merkle::TileId id{.level = level, .index = index, .width = width};
            const auto bytes = read(id);
            if (!bytes) return bytes.error();
            auto parsed = merkle::parse_tile(*bytes, width);
            if (!parsed) return parsed.error();
            edge.levels_.back() = std::move(*parsed);
        }
        hashes = index;
    }
    const auto width = static_cast<std::uint32_t>(size % merkle::tile_width);
    if (width > 0) {
        const std::uint64_t index = size / merkle::tile_width;
        auto bytes = read({.is_bundle = true, .index = index, .width = width});
        if (!bytes) return bytes.error();
        const auto entries = merkle::parse_bundle(*bytes, width);
        if (!entries) return entries.error();
        edge.bundle_ = std::move(*bytes);
    }
    return edge;
}

std::vector<Piece> RightEdge::append(const registry::EntryRun& entries,
                                     std::span<const Hash> leaves) {
    CHECK(entries.count() == leaves.size());
    std::vector<Piece> pieces;
    if (leaves.empty()) return pieces;
    append_entries(entries, pieces);
    append_hashes(0, leaves, pieces);
    size_ += leaves.size();
    return pieces;
}

void RightEdge::append_entries(const registry::EntryRun& entries, std::vector<Piece>& pieces) {
    std::size_t done = 0;
    std::uint64_t position = size_;
    while (done < entries.count()) {
        const std::uint64_t index = position / merkle::tile_width;
        const std::size_t room = merkle::tile_width - position % merkle::tile_width;
        const std::size_t count = std::min(room, entries.count() - done);
        const std::size_t last = done + count;
        const std::size_t begin = entries.offsets[done];
        const std::size_t end =
            last < entries.count() ? entries.offsets[last] : entries.bytes.size();
        const ByteView run = ByteView(entries.bytes).subspan(begin, end - begin);
        bundle_.insert(bundle_.end(), run.begin(), run.end());
        position += count;
        done = last;
        const auto width = static_cast<std::uint32_t>(position - index * merkle::tile_width);
        const merkle::TileId id{.is_bundle = true, .index = index, .width = width};
        if (width == merkle::tile_width) {
            pieces.push_back({id, std::exchange(bundle_, {})});
        } else {
            pieces.push_back({id, bundle_});
        }
    }
}

void RightEdge::append_hashes(std::size_t level,
                              std::span<const Hash> hashes,
                              std::vector<Piece>& pieces) {
    if (level == levels_.size()) {
        levels_.emplace_back();
        full_counts_.push_back(0);
    }
    std::vector<Hash>& tile = levels_[level];
    std::vector<Hash> roots;
    while (!hashes.empty()) {
        const std::size_t count = std::min(merkle::tile_width - tile.size(), hashes.size());
        tile.insert(
            tile.end(), hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(count));
        hashes = hashes.subspan(count);
        const merkle::TileId id{.level = static_cast<std::uint8_t>(level),
                                .index = full_counts_[level],
                                .width = static_cast<std::uint32_t>(tile.size())};
        pieces.push_back({id, bytes_of_hashes(tile)});
        if (tile.size() == merkle::tile_width) {
            roots.push_back(merkle::root_of(tile));
            tile.clear();
            ++full_counts_[level];
        }
    }
    if (!roots.empty()) append_hashes(level + 1, roots, pieces);
}

Result<ByteView> entry_in_bundle(ByteView stored, std::uint32_t place) {
    Reader in(stored);
    for (std::uint32_t i = 0; i < place; ++i)
        in.bytes(in.u16());
    const ByteView entry = in.bytes(in.u16());
    if (in.ran_short()) {
        return Error{Errc::corrupt, "bundle ends before its entry " + std::to_string(place)};
    }
    return entry;
}

Result<Bytes> front_of_piece(const merkle::TileId& id, ByteView stored) {
    if (!id.is_bundle) {
        const std::size_t want = id.width * sizeof(Hash);
        if (stored.size() < want) {
            return Error{Errc::corrupt,
                         merkle::tile_path(id) + ": " + std::to_string(stored.size()) +
                             " bytes, want " + std::to_string(want)};
        }
        return Bytes(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(want));
    }
    Reader in(stored);
    for (std::uint32_t i = 0; i < id.width; ++i)
        in.bytes(in.u16());
    if (in.ran_short()) {
        return Error{Errc::corrupt, merkle::tile_path(id) + ": ends before its last entry"};
    }
    const std::size_t taken = stored.size() - in.rest().size();
    return Bytes(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(taken));
}

}  // namespace chancery::storage
