// The tiles of a log, checked from the sealed root downwards, so that each entry can be judged by
// itself: a leaf that differs from its place in a genuine tile is the one that was changed.
//
//     root ─ edge tiles ─ full tiles, level by level ─ level 1 ─┬─ tile 0/i  ─ leaf hashes
//                                                               └─ root over bundle i
//
// Source: C2SP tlog-tiles; RFC 9162 §2.1.1.
#pragma once

#include <span>
#include <vector>

#include "crypto/merkle/proof.h"
#include "node/audit/finding.h"
#include "node/audit/log_source.h"

namespace chancery::audit {

class TileCheck {
public:
    // `source` must outlive it.
    TileCheck(LogSource& source, const merkle::TreeHead& head) : source_(source), head_(head) {}

    // Reads all tiles above level 0 and those at the right edge. Errors are the source's.
    Result<void> open();

    // The source has tiles, and they lead to the root.
    bool is_genuine() const { return is_present_ && !fault_; }
    bool is_present() const { return is_present_; }
    // Why they do not. Said last: if the log's own root is another one, the tiles may be right.
    const std::optional<Finding>& fault() const { return fault_; }

    // The bundle's entries as far as they could be read, by their leaf hashes. Its tile is
    // compared with them as well; `root` is theirs. CHECKs is_genuine().
    Checked check_bundle(std::uint64_t bundle, std::span<const Hash> leaves, const Hash& root);

private:
    struct Place {
        std::uint8_t level = 0;
        std::uint64_t index = 0;
    };
    // Errc::not_found or corrupt if it is not there or not as long as it must be.
    Result<std::vector<Hash>> read(const Place& place);
    Result<Hash> edge_root();
    Result<void> open_level(std::uint8_t level);
    bool leads_to_root(std::uint64_t bundle, std::span<const Hash> leaves, const Hash& root) const;
    static Finding first_difference(ledger::Position first,
                                    std::span<const Hash> genuine,
                                    std::span<const Hash> other);

    LogSource& source_;
    merkle::TreeHead head_;
    bool is_present_ = false;
    std::optional<Finding> fault_;
    std::vector<Hash> known_;        // All hashes of the level above the next one to open.
    std::vector<Hash> edge_leaves_;  // The partial tile of level 0, if there is one.
};

}  // namespace chancery::audit
