// What this node has surely done, in a file beside the journal: how far the journal is synced, the
// newest vote, the largest cosigned checkpoint.
//
//     file  = slot slot                          each 4,096 bytes
//     slot  = "CHANFENC" ‖ format u32 = 1 ‖ sequence u64 ‖ network[32] ‖ node u32 ‖ epoch u32 ‖
//             term u64 ‖ named u8 ‖ candidate u32 ‖ place u64 ‖ chain[32] ‖ cosigned u8 ‖
//             height u64 ‖ index u64 ‖ chain[32] ‖ size u64 ‖ root[32] ‖ length u16 ‖ origin ‖
//             H(what stands before)[32]          zeros to the end
//
// Flags are 0 or 1, what is not there is zeros, `sequence` counts the writes from 1. Both slots are
// written each time, one after the other and each durable before the next, so that at any moment
// one of them is whole, and one that rots takes nothing with it. The journal holds all of it too;
// the fence tells a journal that lost its end from one that never had more. Both missing is
// amnesia, and such a node must never vote again under its name. Source: PROTOCOL.md, Journal.
#pragma once

#include <memory>

#include "storage/disk.h"
#include "storage/journal.h"

namespace chancery::storage {

inline constexpr const char* fence_path = "fence";

struct FenceRecord {
    JournalIdentity identity;
    raft::Vote vote;
    JournalEnd end;
    std::optional<CosignedRecord> cosigned;
    bool operator==(const FenceRecord&) const = default;
};

// What the journal could be asked for after power loss now.
FenceRecord fence_record(const Journal& journal);

class Fence {
public:
    // Errc::conflict if there is one.
    static Result<Fence> create(Disk& disk, const FenceRecord& record);

    // Errc::not_found: there is none. Errc::corrupt: neither slot is whole, a newer format, or the
    // fence of another node; it was left unchanged.
    static Result<Fence> open(Disk& disk, const JournalIdentity& identity);

    const FenceRecord& record() const { return record_; }

    // Durable when it returns. After an error the state is unknown: stop.
    Result<void> write(const FenceRecord& record);

private:
    Fence(std::unique_ptr<File> file, FenceRecord record, std::uint64_t sequence)
        : file_(std::move(file)), record_(std::move(record)), sequence_(sequence) {}

    std::unique_ptr<File> file_;
    FenceRecord record_;
    std::uint64_t sequence_;
};

// Errc::corrupt if the journal knows less than the fence of votes or cosigned checkpoints.
Result<void> check_against_fence(const Recovered& recovered, const FenceRecord& fence);

// Writes a turn, and the fence after it if the turn voted or began a segment.
Result<void> write_turn(Journal& journal, Fence& fence, const Turn& turn);

}  // namespace chancery::storage
