// The bytes of the journal: segments, turns, records.
//
//     segment   = header turn+               a file of its full length from the start
//     header    = "CHANJNL" 00 ‖ format u32 = 1 ‖ number u32 ‖ bytes u64 ‖ network[32] ‖ node u32 ‖
//                 epoch u32 ‖ previous_end u64 ‖ previous_chain[32] ‖ crc u32     then zeros to
//                 4,096
//     turn      = record+                    from one multiple of 4,096; zeros to the next
//     record    = head[32] ‖ chain[32] ‖ crc u32 ‖ payload
//     head      = "CREC" ‖ type u8 ‖ last u8 ‖ 0 u16 ‖ length u32 ‖ payload_crc u32 ‖ place u64 ‖
//                 durable_upto u64
//     place     = segment number u32 ‖ offset u32
//     chain     = H(chain of the record before ‖ head); of a segment's first record: upon H(header)
//
//     type 1 vote      term u64 ‖ named u8 ‖ candidate u32
//          2 entry     term u64 ‖ index u64 ‖ kind u8 ‖ chain[32] ‖ payload
//          3 content   hash[32] ‖ bytes
//          4 cosigned  height u64 ‖ index u64 ‖ chain[32] ‖ size u64 ‖ root[32] ‖ origin
//          5 sealed    height u64 ‖ index u64 ‖ size u64 ‖ root[32] ‖ checkpoint
//          6 marker    nothing
//          7 base      height u64 ‖ term u64 ‖ index u64 ‖ chain[32] ‖ configured u8 ‖
//          configuration
//          8 expected  size u64 ‖ checkpoint
//
// `named`, `configured` and `last` are 0 or 1; a candidate not named is 0, a configuration not
// there is nothing. H(header) is that of the whole 4,096 bytes, and `offset` counts from their
// begin. crc is CRC-32 as in zlib: a header's over what stands before it, payload_crc over the
// payload, a record's over H(header) ‖ head ‖ chain, so that bytes which somebody submitted, left
// behind by a torn turn, cannot pass for a record. A turn counts whole, when the record marked
// `last` is good, or not at all. `durable_upto` is the place up to which all was known to be synced
// when the record was written. The first turn of a segment repeats what the segments before may
// take with them when they are removed: base, vote, cosigned, sealed, expected.
//
// Torn or rot: a scan ends at the first turn that fails. If that place is below the fence's, below
// a later record's `durable_upto`, or below the next segment's `previous_end`, the turn was synced
// and has rotted; otherwise it never was, and is cut off. A later good record alone proves nothing:
// a disk may keep the second of two unsynced writes and lose the first. What is cut off is
// overwritten with zeros: the first, written again to the byte, would bring back the second.
// Source: PROTOCOL.md, Journal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/journal.h"

namespace chancery::storage {

inline constexpr std::uint32_t journal_format = 1;
inline constexpr std::size_t block_bytes = 4096;
inline constexpr std::size_t record_head_bytes = 32;
inline constexpr std::size_t record_header_bytes = record_head_bytes + 32 + 4;
inline constexpr std::uint64_t segment_bytes_max = 1ULL << 31;

// Rises from turn to turn over all segments.
using Place = std::uint64_t;
constexpr Place place_of(std::uint32_t segment, std::uint64_t offset) {
    return std::uint64_t{segment} << 32 | offset;
}
constexpr std::uint32_t segment_of(Place place) { return static_cast<std::uint32_t>(place >> 32); }
constexpr std::uint64_t offset_of(Place place) { return place & 0xffff'ffff; }
constexpr std::uint64_t rounded_to_blocks(std::uint64_t bytes) {
    return (bytes + block_bytes - 1) / block_bytes * block_bytes;
}

struct SegmentHeader {
    std::uint32_t number = 0;  // From 1, never reused.
    std::uint64_t bytes = 0;   // Of the file.
    JournalIdentity identity;
    Place previous_end = 0;  // All before it was synced when this segment began; 0: the first.
    Hash previous_chain{};
    bool operator==(const SegmentHeader&) const = default;
};

Bytes encode(const SegmentHeader& header);  // One block.
// Errc::corrupt; a newer format is named as such.
Result<SegmentHeader> parse_segment_header(ByteView block);
// Where a segment's records take up the chain: H(header).
Hash chain_start(ByteView header_block);
Hash record_chain(const Hash& previous, ByteView head);

enum class RecordType : std::uint8_t {
    vote = 1,
    entry = 2,
    content = 3,
    cosigned = 4,
    sealed = 5,
    marker = 6,
    base = 7,
    expected = 8,
};

struct RecordHeader {
    std::uint8_t type = 0;
    bool is_last = false;
    std::uint32_t length = 0;
    std::uint32_t payload_crc = 0;
    Place place = 0;
    Place durable_upto = 0;
    Hash chain{};
};

// nullopt unless a whole header stands at the front, with the right magic and checksum.
// `segment_crc`: of its segment's chain_start().
std::optional<RecordHeader> parse_record_header(ByteView bytes, std::uint32_t segment_crc);

// What a segment's first turn repeats of those before it.
struct Carried {
    JournalBase base;
    std::optional<raft::Vote> vote;
    std::optional<CosignedRecord> cosigned;
    std::optional<SealedRecord> sealed;
    std::vector<ExpectedSeal> expected;
};

// Gathers the records of one turn and gives their bytes, written once.
class TurnWriter {
public:
    struct Start {
        Place place = 0;
        Place durable_upto = 0;
        Hash chain{};
        std::uint32_t segment_crc = 0;
    };
    explicit TurnWriter(const Start& start) : start_(start) {}

    void add(const raft::Vote& vote);
    void add(const raft::Entry& entry);
    void add(const ContentRecord& content);
    void add(const CosignedRecord& cosigned);
    void add(const SealedRecord& sealed);
    void add(const ExpectedSeal& expected);
    void add(const JournalBase& base);
    void add(const Carried& carried);
    void add_marker();

    bool is_empty() const { return begins_.empty(); }

    // Padded to whole blocks. The writer is spent.
    struct Finished {
        Bytes bytes;
        Hash chain{};  // Of the last record.
    };
    Finished finish();

private:
    void add(RecordType type, ByteView fixed, ByteView rest);

    Start start_;
    Bytes bytes_;
    std::vector<std::size_t> begins_;
};

// An upper bound of the bytes that `turn` takes, in whole blocks.
std::uint64_t turn_bytes_max(const Turn& turn);

// A record's payload as a value; Errc::corrupt.
Result<raft::Vote> parse_vote(ByteView payload);
Result<raft::Entry> parse_entry(ByteView payload);
Result<ContentRecord> parse_content(ByteView payload);
Result<CosignedRecord> parse_cosigned(ByteView payload);
Result<SealedRecord> parse_sealed(ByteView payload);
Result<JournalBase> parse_base(ByteView payload);
Result<ExpectedSeal> parse_expected(ByteView payload);

struct ScannedRecord {
    RecordType type = RecordType::marker;
    ByteView payload;  // Into the segment's bytes.
};
struct ScannedTurn {
    Place begin = 0;
    Place end = 0;
    Place durable_upto = 0;
    Hash chain{};  // Of its last record.
    std::vector<ScannedRecord> records;
};

// Reads a segment's turns in order, up to the first that fails.
class SegmentScan {
public:
    // `segment`: the whole file, whose header was parsed. Must outlive the scan.
    SegmentScan(ByteView segment, std::uint32_t number);

    // nullopt: there is no good turn at end(). Errc::corrupt: a good record of an unknown type.
    Result<std::optional<ScannedTurn>> next();

    Place end() const { return place_of(number_, offset_); }
    const Hash& chain() const { return chain_; }
    std::uint32_t segment_crc() const { return segment_crc_; }

    // The highest durable_upto that any good record header of this segment states, from end() on.
    Place durable_evidence() const;
    // How far records of this segment reach beyond end(): what is cut off.
    std::uint64_t torn_bytes() const;

private:
    std::optional<RecordHeader> header_at(std::uint64_t offset) const;

    ByteView segment_;
    std::uint32_t number_;
    std::uint64_t offset_ = block_bytes;
    Hash chain_{};
    std::uint32_t segment_crc_;
};

}  // namespace chancery::storage
