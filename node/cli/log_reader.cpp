#include "node/cli/log_reader.h"

namespace chancery::cli {
namespace {

constexpr std::size_t tiles_kept_max = 64;

// What does not lead to a trusted root was tampered with, or damaged on the way.
Error broken(const Error& error) { return {Errc::corrupt, error.detail}; }

}  // namespace

Result<Bytes> LogReader::bundle(const merkle::TileId& id) {
    if (const auto kept = bundles_.find(id); kept != bundles_.end()) return kept->second;
    Result<Bytes> fetched = source_.tile(id);
    if (!fetched) return fetched.error();
    if (bundles_.size() >= tiles_kept_max) bundles_.clear();
    bundles_.emplace(id, *fetched);
    return fetched;
}

Result<std::shared_ptr<const merkle::TileTree>> LogReader::tile(const merkle::TileId& id) {
    if (const auto kept = tiles_.find(id); kept != tiles_.end()) return kept->second;
    const Result<Bytes> fetched = source_.tile(id);
    if (!fetched) return fetched.error();
    Result<std::vector<Hash>> hashes = merkle::parse_tile(*fetched, id.width);
    if (!hashes) return hashes.error();
    auto tree = std::make_shared<const merkle::TileTree>(std::move(*hashes));
    if (tiles_.size() >= tiles_kept_max) tiles_.clear();
    tiles_.emplace(id, tree);
    return tree;
}

Result<std::vector<Hash>> LogReader::path_through(std::span<const merkle::Range> ranges) {
    return merkle::path_through(
        ranges, head_.size, [this](const merkle::TileId& id) { return tile(id); });
}

Result<LogReader::Proven> LogReader::entry(ledger::Position position) {
    if (position >= head_.size)
        return Error{Errc::not_found,
                     "the log has " + std::to_string(head_.size) + " entries, none at " +
                         std::to_string(position)};
    const std::uint64_t bundle_index = position / merkle::tile_width;
    const merkle::TileId id{.is_bundle = true,
                            .level = 0,
                            .index = bundle_index,
                            .width = merkle::tile_width_at(0, bundle_index, head_.size)};
    const Result<Bytes> bytes = bundle(id);
    if (!bytes) return bytes.error();
    const auto entries = merkle::parse_bundle(*bytes, id.width);
    if (!entries) return entries.error();
    const ByteView found = (*entries)[position % merkle::tile_width];
    Proven proven{Bytes(found.begin(), found.end()), {}};

    auto path = path_through(merkle::inclusion_ranges(position, head_.size));
    if (!path) return path.error();
    proven.path = *std::move(path);
    const auto included =
        merkle::verify_inclusion(merkle::leaf_hash(proven.entry), position, head_, proven.path);
    if (!included) return broken(included.error());
    return proven;
}

Result<LogReader::Beginning> LogReader::beginning(std::uint64_t size) {
    CHECK(size > 0 && size <= head_.size);
    const merkle::Range first{.begin = 0, .end = size};
    const auto roots = path_through(std::span(&first, 1));
    if (!roots) return roots.error();
    auto path = path_through(merkle::consistency_ranges(size, head_.size));
    if (!path) return path.error();
    const merkle::TreeHead began{.size = size, .root = roots->front()};
    const auto consistent = merkle::verify_consistency(began, head_, *path);
    if (!consistent) return broken(consistent.error());
    return Beginning{began.root, *std::move(path)};
}

Result<void> LogReader::check_extends(const merkle::TreeHead& older) {
    if (older.size > head_.size)
        return Error{Errc::invalid,
                     "log has " + std::to_string(head_.size) + " entries, fewer than " +
                         std::to_string(older.size)};
    if (older.size == 0) return {};
    const auto path = path_through(merkle::consistency_ranges(older.size, head_.size));
    if (!path) return path.error();
    const auto consistent = merkle::verify_consistency(older, head_, *path);
    if (!consistent) return broken(consistent.error());
    return {};
}

}  // namespace chancery::cli
