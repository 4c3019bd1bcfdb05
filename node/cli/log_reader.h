// Reads single entries of a log through its tiles, and proves each against a root that the caller
// trusts; nothing that the source says is believed.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/proof.h"
#include "crypto/merkle/tile_tree.h"
#include "node/audit/log_source.h"

namespace chancery::cli {

class LogReader {
public:
    // `source` must outlive the reader.
    LogReader(audit::LogSource& source, const merkle::TreeHead& head)
        : source_(source), head_(head) {}

    const merkle::TreeHead& head() const { return head_; }

    // The entry and its path. Errc::not_found beyond the tree, Errc::corrupt if the path does not
    // lead to the root.
    struct Proven {
        Bytes entry;
        std::vector<Hash> path;
    };
    Result<Proven> entry(ledger::Position position);

    // Errc::corrupt unless this tree extends `older`.
    Result<void> check_extends(const merkle::TreeHead& older);

    // The root of the first `size` entries, and the path that proves that this tree began with
    // them. CHECKs 0 < size <= that of the tree; Errc::corrupt if the tiles do not lead to the
    // root.
    struct Beginning {
        Hash root{};
        std::vector<Hash> path;
    };
    Result<Beginning> beginning(std::uint64_t size);

private:
    Result<Bytes> bundle(const merkle::TileId& id);
    Result<std::shared_ptr<const merkle::TileTree>> tile(const merkle::TileId& id);
    Result<std::vector<Hash>> path_through(std::span<const merkle::Range> ranges);

    audit::LogSource& source_;
    merkle::TreeHead head_;
    // At most tiles_kept_max each, then emptied.
    std::map<merkle::TileId, Bytes> bundles_;
    std::map<merkle::TileId, std::shared_ptr<const merkle::TileTree>> tiles_;
};

}  // namespace chancery::cli
