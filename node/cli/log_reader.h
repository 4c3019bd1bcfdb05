// Reads single entries of a log through its tiles, and proves each against a root that the caller
// trusts; nothing that the source says is believed.
#pragma once

#include <map>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/proof.h"
#include "crypto/merkle/tile.h"
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

private:
    Result<Bytes> tile(std::uint8_t level, std::uint64_t index, bool is_bundle);
    Result<Hash> subtree_root(merkle::Range range);

    audit::LogSource& source_;
    merkle::TreeHead head_;
    std::map<merkle::TileId, Bytes> kept_;  // At most tiles_kept_max, then emptied.
};

}  // namespace chancery::cli
