#include "node/audit/folder_source.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "crypto/credential/trust.h"
#include "crypto/ledger/genesis.h"
#include "crypto/note/signed_note.h"

namespace chancery::audit {
namespace {

constexpr std::size_t bundle_bytes_max =
    merkle::tile_width * (merkle::entry_bytes_max + merkle::entry_length_bytes);

struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string reason_of(int code) { return std::generic_category().message(code); }

// The first `count` items of a full tile or bundle; all of it if it is shorter than that.
void cut(Bytes& bytes, const merkle::TileId& wanted) {
    std::size_t end = 0;
    if (!wanted.is_bundle) {
        end = wanted.width * sizeof(Hash);
    } else {
        Reader in(bytes);
        for (std::uint32_t i = 0; i < wanted.width && !in.ran_short(); ++i)
            in.bytes(in.u16());
        end = in.ran_short() ? bytes.size() : bytes.size() - in.rest().size();
    }
    if (end < bytes.size()) bytes.resize(end);
}

}  // namespace

Result<std::string> FolderSource::read(const std::string& name, std::size_t bytes_max) const {
    const std::filesystem::path path = folder_ / name;
    const File file(std::fopen(path.c_str(), "rb"));
    if (!file) {
        const Errc code = errno == ENOENT || errno == ENOTDIR ? Errc::not_found : Errc::io;
        return Error{code, path.string() + ": " + reason_of(errno)};
    }
    std::string content;
    std::vector<char> part(64 * 1024);
    for (;;) {
        const std::size_t count = std::fread(part.data(), 1, part.size(), file.get());
        content.append(part.data(), count);
        if (content.size() > bytes_max) {
            return Error{Errc::invalid,
                         path.string() + " has more than " + std::to_string(bytes_max) + " bytes"};
        }
        if (count < part.size()) break;
    }
    if (std::ferror(file.get()) != 0) {
        return Error{Errc::io, path.string() + ": " + reason_of(errno)};
    }
    return content;
}

Result<std::string> FolderSource::genesis() {
    return read("genesis.json", ledger::genesis_bytes_max);
}

Result<std::string> FolderSource::trust() {
    return read("trust.json", credential::trust_bytes_max);
}

Result<std::string> FolderSource::checkpoint() { return read("checkpoint", note::note_bytes_max); }

Result<Bytes> FolderSource::tile(const merkle::TileId& tile) {
    Result<std::string> content = read(merkle::tile_path(tile), bundle_bytes_max);
    const bool is_partial = tile.width < merkle::tile_width;
    bool must_cut = false;
    if (!content && content.error().code == Errc::not_found && is_partial) {
        // A log may drop a partial tile once the full one is there.
        merkle::TileId full = tile;
        full.width = merkle::tile_width;
        content = read(merkle::tile_path(full), bundle_bytes_max);
        must_cut = true;
    }
    if (!content) return content.error();
    const ByteView view = bytes_of(*content);
    Bytes bytes(view.begin(), view.end());
    if (must_cut) cut(bytes, tile);
    return bytes;
}

Result<Bytes> FolderSource::content(const Hash& hash) {
    const Result<std::string> content = read(content_path(hash), content_bytes_max);
    if (!content) return content.error();
    const ByteView view = bytes_of(*content);
    return Bytes(view.begin(), view.end());
}

}  // namespace chancery::audit
