// A copy of a node's log as files, which any reader of tlog-tiles understands:
//
//     <folder>/checkpoint  tile/…  genesis.json  trust.json  v1/content/…
//
// Entries are fetched; every hash above them is computed here, so that the tiles cannot say
// anything but what the entries say. The checkpoint is written last and only if its root is the
// computed one: a folder with a checkpoint is whole. Broken off, the next call takes up what is
// there.
// Source: C2SP tlog-tiles.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/merkle/tile.h"
#include "node/audit/log_source.h"
#include "node/cli/output.h"

namespace chancery::cli {

// Writes tiles level by level as leaves arrive.
class TileWriter {
public:
    explicit TileWriter(std::string folder) : folder_(std::move(folder)) {}

    // The leaf hashes of one bundle; all but the last one are full.
    Result<void> add(std::span<const Hash> leaves);
    // Writes the partial tiles. Gives the root.
    Result<Hash> finish(std::uint64_t size);

private:
    Result<void> add_hash(std::size_t level, const Hash& hash);
    Result<void> write(std::size_t level, std::span<const Hash> hashes, std::uint64_t index) const;

    struct Level {
        std::uint64_t index = 0;   // Of the tile being filled.
        std::vector<Hash> hashes;  // In it, fewer than 256.
    };
    std::string folder_;
    std::vector<Level> levels_;
};

struct Exported {
    std::string folder;
    std::uint64_t contents = 0;          // Of publications, got by this call.
    std::uint64_t contents_missing = 0;  // Named by the log; the source has them not, or others.
};

// Errc::corrupt if the entries do not lead to the root of `head`.
Result<Exported> export_log(audit::LogSource& source,
                            const merkle::TreeHead& head,
                            const std::string& folder,
                            Output& out);

}  // namespace chancery::cli
