// Sealed entries out of the journal's files, for members that lag further than memory reaches.
//
// Reads beside the writer: only what is sealed is given, and that never changes any more; a turn
// that is being written fails its check and ends the reading. A segment is kept in memory from one
// call to the next, since who lags asks for one piece after another.
#pragma once

#include <optional>
#include <vector>

#include "storage/journal_segments.h"

namespace chancery::storage {

// Entries one after another and the seals of those that are blocks; the last is a block or follows
// one whose seal is here.
struct JournalPiece {
    raft::Base previous;  // The place before the first.
    std::vector<raft::Entry> entries;
    std::vector<SealedRecord> seals;
};

class JournalReader {
public:
    explicit JournalReader(Disk& disk) : disk_(&disk), files_(disk) {}

    // What follows `after`, up to the first seal that makes it `bytes_max` of payloads or more;
    // fewer at the journal's end, and empty if nothing after it is sealed. Errc::not_found if the
    // files begin after `after`; Errc::corrupt or io. Costs reading up to two segments.
    Result<JournalPiece> read(raft::Index after, std::uint64_t bytes_max);

    // Frees what is kept between calls.
    void rest() { segment_.reset(); }

private:
    struct Segment {
        std::uint32_t number = 0;
        Bytes bytes;
    };

    Result<raft::Index> base_of(std::uint32_t number) const;
    Result<std::uint32_t> segment_before(raft::Index after) const;
    Result<std::uint32_t> newest() const;
    Result<const Segment*> load(std::uint32_t number, bool is_last);

    Disk* disk_;
    SegmentFiles files_;
    std::optional<Segment> segment_;
};

}  // namespace chancery::storage
