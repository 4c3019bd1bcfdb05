// The journal while it is open: where it ends, what of it is durable, and what it carries on.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "storage/journal_index.h"
#include "storage/journal_segments.h"

namespace chancery::storage {

struct Journal::State {
    struct Segment {
        std::uint32_t number = 0;
        std::uint64_t bytes = 0;
        raft::Index base = 0;  // The last entry before it when it began.
        // The lowest index written in it: at or below `base` it replaced what stands before it.
        raft::Index lowest = std::numeric_limits<raft::Index>::max();
    };

    State(Disk& disk, const JournalIdentity& whose, const Options& wanted, JournalBase base)
        : files(disk), identity(whose), options(wanted), index(std::move(base)) {}

    // The durable end stands at the end of everything written.
    void settle() {
        durable = end;
        durable_chain = chain;
    }
    Carried carried() const { return {index.end(), vote, cosigned, sealed, expected}; }
    void note(const raft::Entry& entry);
    void note(const CosignedRecord& record);
    void note(const SealedRecord& record);  // Nothing of that size is expected any more.

    Result<void> begin_segment(std::uint64_t room_bytes);
    Result<void> write(const Turn& turn);
    Result<void> put(TurnWriter& writer);
    Result<void> sync();
    bool has_room(std::uint64_t bytes) const;
    TurnWriter writer() const;

    SegmentFiles files;
    JournalIdentity identity;
    Options options;
    JournalIndex index;
    std::optional<raft::Vote> vote;
    std::optional<CosignedRecord> cosigned;
    std::optional<SealedRecord> sealed;
    std::vector<ExpectedSeal> expected;

    std::vector<Segment> segments;  // The last one is being written, through `file`.
    std::unique_ptr<File> file;
    std::uint32_t segment_crc = 0;
    Place end = 0;
    Hash chain{};
    Place durable = 0;
    Hash durable_chain{};
    Place stated = 0;  // The highest durable_upto that a record states.

    bool has_failed = false;  // What the disk holds is unknown: nothing is written any more.
    std::uint64_t sync_count = 0;
    std::uint64_t byte_count = 0;
};

}  // namespace chancery::storage
