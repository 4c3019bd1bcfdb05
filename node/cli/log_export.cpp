#include "node/cli/log_export.h"

#include <filesystem>
#include <utility>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/frontier.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t bundle_bytes_max =
    merkle::tile_width * (sizeof(std::uint16_t) + merkle::entry_bytes_max);

Result<void> write_tile(const std::string& folder, const merkle::TileId& id, ByteView bytes) {
    const std::string path = folder + "/" + merkle::tile_path(id);
    const auto made = node::make_directories(fs::path(path).parent_path().string(), 0755);
    if (!made) return made.error();
    return node::replace_file(path, chancery::text_of(bytes), node::public_mode);
}

// From the folder if an earlier call got it; else from the source.
Result<Bytes> bundle(audit::LogSource& source,
                     const std::string& folder,
                     const merkle::TileId& id) {
    const auto kept = node::read_file(folder + "/" + merkle::tile_path(id), bundle_bytes_max);
    if (kept) {
        const ByteView bytes = bytes_of(*kept);
        return Bytes(bytes.begin(), bytes.end());
    }
    if (kept.error().code != Errc::not_found) return kept.error();
    auto fetched = source.tile(id);
    if (!fetched) return fetched.error();
    if (const auto written = write_tile(folder, id, *fetched); !written) return written.error();
    return fetched;
}

// Content that is there already is not asked for again; what nobody has stays away.
Result<void> export_content(audit::LogSource& source, const Hash& hash, Exported& exported) {
    const std::string path = exported.folder + "/" + audit::content_path(hash);
    std::error_code error;
    if (fs::exists(path, error)) return {};
    const auto content = source.content(hash);
    if (!content && content.error().code != Errc::not_found) return content.error();
    if (!content || sha256(*content) != hash) {
        ++exported.contents_missing;
        return {};
    }
    const auto made = node::make_directories(fs::path(path).parent_path().string(), 0755);
    if (!made) return made.error();
    ++exported.contents;
    return node::replace_file(path, chancery::text_of(*content), node::public_mode);
}

Result<void> export_contents(audit::LogSource& source,
                             const std::vector<ByteView>& entries,
                             Exported& exported) {
    for (const ByteView bytes : entries) {
        if (bytes.size() < 2 || bytes[1] != static_cast<std::uint8_t>(ledger::Kind::publication))
            continue;
        const auto entry = ledger::decode(bytes);
        const auto* const one = entry ? std::get_if<ledger::PublicationEntry>(&*entry) : nullptr;
        if (one == nullptr) continue;
        const auto done = export_content(source, one->content_hash, exported);
        if (!done) return done.error();
    }
    return {};
}

}  // namespace

Result<void> TileWriter::write(std::size_t level,
                               std::span<const Hash> hashes,
                               std::uint64_t index) const {
    Bytes bytes;
    bytes.reserve(hashes.size() * sizeof(Hash));
    for (const Hash& hash : hashes)
        bytes.insert(bytes.end(), hash.begin(), hash.end());
    const merkle::TileId id{.is_bundle = false,
                            .level = static_cast<std::uint8_t>(level),
                            .index = index,
                            .width = static_cast<std::uint32_t>(hashes.size())};
    return write_tile(folder_, id, bytes);
}

Result<void> TileWriter::add_hash(std::size_t level, const Hash& hash) {
    if (level == levels_.size()) levels_.push_back(Level{});
    levels_[level].hashes.push_back(hash);
    if (levels_[level].hashes.size() < merkle::tile_width) return {};
    const std::vector<Hash> full = std::exchange(levels_[level].hashes, {});
    const auto written = write(level, full, levels_[level].index++);
    if (!written) return written.error();
    return add_hash(level + 1, merkle::root_of(full));
}

Result<void> TileWriter::add(std::span<const Hash> leaves) {
    for (const Hash& leaf : leaves)
        if (const auto added = add_hash(0, leaf); !added) return added.error();
    return {};
}

Result<Hash> TileWriter::finish(std::uint64_t size) {
    // Right to left, as a tree of this size joins its perfect subtrees.
    std::vector<Hash> roots;
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        const Level& one = levels_[level];
        if (one.hashes.empty()) continue;
        if (const auto written = write(level, one.hashes, one.index); !written)
            return written.error();
        std::vector<Hash> subtrees;
        std::size_t begin = 0;
        for (std::size_t width = merkle::tile_width / 2; width > 0; width /= 2) {
            if ((one.hashes.size() & width) == 0) continue;
            subtrees.push_back(merkle::root_of(std::span(one.hashes).subspan(begin, width)));
            begin += width;
        }
        roots.insert(roots.begin(), subtrees.begin(), subtrees.end());
    }
    const auto frontier = merkle::Frontier::restore(size, roots);
    if (!frontier) return frontier.error();
    return frontier->root();
}

Result<Exported> export_log(audit::LogSource& source,
                            const merkle::TreeHead& head,
                            const std::string& folder,
                            Output& out) {
    TileWriter writer(folder);
    Exported exported{.folder = folder, .contents = 0, .contents_missing = 0};
    for (std::uint64_t first = 0; first < head.size; first += merkle::tile_width) {
        const std::uint64_t index = first / merkle::tile_width;
        const merkle::TileId id{.is_bundle = true,
                                .level = 0,
                                .index = index,
                                .width = merkle::tile_width_at(0, index, head.size)};
        const auto bytes = bundle(source, folder, id);
        if (!bytes) return bytes.error();
        const auto entries = merkle::parse_bundle(*bytes, id.width);
        if (!entries)
            return Error{Errc::corrupt, merkle::tile_path(id) + ": " + entries.error().detail};
        std::vector<Hash> leaves;
        for (const ByteView entry : *entries)
            leaves.push_back(merkle::leaf_hash(entry));
        if (const auto added = writer.add(leaves); !added) return added.error();
        const auto contents = export_contents(source, *entries, exported);
        if (!contents) return contents.error();
        out.progress(first + id.width, head.size);
    }
    const auto root = writer.finish(head.size);
    if (!root) return root.error();
    if (*root != head.root)
        return Error{Errc::corrupt,
                     "entries do not lead to the checkpoint's root: got " + to_hex(*root) +
                         ", want " + to_hex(head.root)};
    return exported;
}

}  // namespace chancery::cli
