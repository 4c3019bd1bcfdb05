// Reads the entries of a log in order, bundle by bundle, and any of them again.
//
// With tiles each entry is held against its leaf hash before anyone looks at what it says. What
// was read once is known by its root, so that a source cannot show one thing to the eye and
// another to a later question.
#pragma once

#include <span>
#include <vector>

#include "node/audit/tile_check.h"

namespace chancery::audit {

class LogReader {
public:
    // `source` must outlive it.
    LogReader(LogSource& source, const merkle::TreeHead& head);

    Result<void> open() { return tiles_.open(); }
    const TileCheck& tiles() const { return tiles_; }

    bool at_end() const { return next_ == head_.size; }

    // Takes the next bundle. Its good entries are in entries() even if something was found after
    // them. CHECKs !at_end().
    Checked read_next();

    // Of the last bundle read; valid until the next.
    std::span<const ByteView> entries() const { return entries_; }
    ledger::Position first() const { return first_; }

    // An entry of a bundle read before. Errc::corrupt if the source now says something else.
    Result<Bytes> entry(ledger::Position position);

private:
    struct Bundle {
        Bytes bytes;
        std::vector<ByteView> entries;  // As far as they could be read.
        std::optional<Finding> fault;   // Why no further.
    };
    Result<Bundle> read(std::uint64_t index);
    std::vector<Hash> leaves_of(std::span<const ByteView> entries);

    LogSource& source_;
    merkle::TreeHead head_;
    TileCheck tiles_;
    ledger::Position first_ = 0;
    ledger::Position next_ = 0;
    Bytes bytes_;  // Of the last bundle.
    std::vector<ByteView> entries_;
    std::vector<Hash> roots_;  // Of each bundle read.
    Bytes run_;                // Entries of one length, side by side.
    std::optional<std::uint64_t> again_index_;
    Bundle again_;  // The bundle last read again.
};

}  // namespace chancery::audit
