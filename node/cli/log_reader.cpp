#include "node/cli/log_reader.h"

namespace chancery::cli {
namespace {

constexpr std::size_t tiles_kept_max = 64;

// What does not lead to a trusted root was tampered with, or damaged on the way.
Error broken(const Error& error) { return {Errc::corrupt, error.detail}; }

}  // namespace

Result<Bytes> LogReader::tile(std::uint8_t level, std::uint64_t index, bool is_bundle) {
    const merkle::TileId id{.is_bundle = is_bundle,
                            .level = level,
                            .index = index,
                            .width = merkle::tile_width_at(level, index, head_.size)};
    CHECK(id.width > 0);
    if (const auto kept = kept_.find(id); kept != kept_.end()) return kept->second;
    Result<Bytes> fetched = source_.tile(id);
    if (!fetched) return fetched.error();
    if (kept_.size() >= tiles_kept_max) kept_.clear();
    kept_.emplace(id, *fetched);
    return fetched;
}

Result<Hash> LogReader::subtree_root(merkle::Range range) {
    const merkle::TileSlice slice = merkle::slice_of(range);
    const Result<Bytes> bytes = tile(slice.level, slice.index, false);
    if (!bytes) return bytes.error();
    const std::uint32_t width = merkle::tile_width_at(slice.level, slice.index, head_.size);
    const Result<std::vector<Hash>> hashes = merkle::parse_tile(*bytes, width);
    if (!hashes) return hashes.error();
    CHECK(slice.first + slice.count <= hashes->size());
    return merkle::root_of(std::span(*hashes).subspan(slice.first, slice.count));
}

Result<LogReader::Proven> LogReader::entry(ledger::Position position) {
    if (position >= head_.size)
        return Error{Errc::not_found,
                     "the log has " + std::to_string(head_.size) + " entries, none at " +
                         std::to_string(position)};
    const std::uint64_t bundle_index = position / merkle::tile_width;
    const Result<Bytes> bytes = tile(0, bundle_index, true);
    if (!bytes) return bytes.error();
    const auto entries =
        merkle::parse_bundle(*bytes, merkle::tile_width_at(0, bundle_index, head_.size));
    if (!entries) return entries.error();
    const ByteView found = (*entries)[position % merkle::tile_width];
    Proven proven{Bytes(found.begin(), found.end()), {}};

    const auto ranges = merkle::inclusion_ranges(position, head_.size);
    auto path =
        merkle::fetch_path(ranges, [this](merkle::Range range) { return subtree_root(range); });
    if (!path) return path.error();
    proven.path = *std::move(path);
    const auto included =
        merkle::verify_inclusion(merkle::leaf_hash(proven.entry), position, head_, proven.path);
    if (!included) return broken(included.error());
    return proven;
}

Result<void> LogReader::check_extends(const merkle::TreeHead& older) {
    if (older.size > head_.size)
        return Error{Errc::invalid,
                     "log has " + std::to_string(head_.size) + " entries, fewer than " +
                         std::to_string(older.size)};
    if (older.size == 0) return {};
    const auto ranges = merkle::consistency_ranges(older.size, head_.size);
    const auto path =
        merkle::fetch_path(ranges, [this](merkle::Range range) { return subtree_root(range); });
    if (!path) return path.error();
    const auto consistent = merkle::verify_consistency(older, head_, *path);
    if (!consistent) return broken(consistent.error());
    return {};
}

}  // namespace chancery::cli
