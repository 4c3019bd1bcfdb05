// The journal's files: their names, how the next one is made ready, and how an old one goes.
//
//     journal/0000002a      segment 42
//     journal/next          zeros, or a retired segment: what the next segment will be written over
//
// A segment is written over blocks that the file already has, so that a sync moves data and no
// metadata. It gets its number by a rename, after header and first turn are durable: a numbered
// file is a whole segment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/journal_format.h"

namespace chancery::storage {

class SegmentFiles {
public:
    explicit SegmentFiles(Disk& disk) : disk_(&disk) {}

    static std::string path_of(std::uint32_t number);

    // Numbers in order. Errc::corrupt if one in between is missing.
    Result<std::vector<std::uint32_t>> list() const;

    // The whole file and its header. Errc::corrupt names the file.
    struct Loaded {
        SegmentHeader header;
        Bytes bytes;
    };
    Result<Loaded> load(std::uint32_t number) const;

    // Makes the directory if it is not there.
    Result<void> make_directory();

    // Adds at most `step_bytes` of zeros to the next segment, until it has `bytes`.
    Result<void> prepare(std::uint64_t bytes, std::uint64_t step_bytes);

    // Begins segment `header.number` with its first turn, which repeats `carried`; durable on
    // return. `header.bytes` is what it should have, and becomes what it has: at least room for
    // `room_bytes` after the first turn.
    struct Begun {
        std::unique_ptr<File> file;
        SegmentHeader header;
        Place end = 0;
        Hash chain{};
        std::uint32_t segment_crc = 0;
    };
    Result<Begun> begin(SegmentHeader header, const Carried& carried, std::uint64_t room_bytes);

    Result<std::unique_ptr<File>> open(std::uint32_t number);

    // Takes a segment away: it becomes the next one, or goes. Durable after sync_names().
    Result<void> retire(std::uint32_t number);
    Result<void> sync_names();

private:
    Disk* disk_;
};

}  // namespace chancery::storage
