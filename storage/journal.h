// The journal: one stream of votes, entries, contents, cosigned and sealed records, synced once a
// turn, in preallocated and pre-written segments.
//
// The sign-once guard lives here: a vote or a cosignature leaves the node only after its record is
// durable. A record that fails its check is torn (never acknowledged, cut off) or rot (known as
// synced, by `durable_upto` or the fence): rot refuses to open.
// Source: PROTOCOL.md, Journal; storage/journal_format.h has the bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/types.h"
#include "crypto/merkle/proof.h"
#include "storage/disk.h"

namespace chancery::storage {

// Whose journal it is; a journal of another is refused.
struct JournalIdentity {
    Hash network{};
    raft::NodeId node = 0;
    std::uint32_t epoch = 1;
    bool operator==(const JournalIdentity&) const = default;
};

struct CosignedRecord {  // Durable before the cosignature leaves.
    std::uint64_t height = 0;
    raft::Index index = 0;
    Hash chain{};
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};
    merkle::TreeHead head() const { return {size, root}; }
    bool operator==(const CosignedRecord&) const = default;
};

struct SealedRecord {  // Written before publishing, not waited for.
    std::uint64_t height = 0;
    raft::Index index = 0;
    std::uint64_t size = 0;
    Hash root{};
    std::string checkpoint;  // The signed note.
    merkle::TreeHead head() const { return {size, root}; }
    bool operator==(const SealedRecord&) const = default;
};

struct ContentRecord {  // Published content, until the database has it.
    Hash hash{};
    std::shared_ptr<const Bytes> bytes;
};

// A verified seal beyond what this node has sealed itself. It lets the next block into the journal
// and is written with that, so that no crash leaves the one without the other.
struct ExpectedSeal {
    std::uint64_t size = 0;  // Of the log after the block.
    std::string checkpoint;
    bool operator==(const ExpectedSeal&) const = default;
};

// What one turn writes, in this order. An entry at or below the last index replaces the suffix.
struct Turn {
    std::optional<raft::Vote> vote;
    std::vector<ContentRecord> contents;
    std::vector<ExpectedSeal> expected;
    std::vector<raft::Entry> entries;
    std::optional<CosignedRecord> cosigned;
    std::optional<SealedRecord> sealed;
    bool must_sync = true;
};

// Where a journal begins: the last entry before it, and what stands there.
struct JournalBase {
    raft::Base at;
    std::uint64_t height = 0;                    // Blocks up to there.
    std::shared_ptr<const Bytes> configuration;  // Payload of the newest configuration entry up to
                                                 // there; null: none yet, genesis decides.
};

// A place in the journal before which all is durable, and the chain of the records up to there.
struct JournalEnd {
    std::uint64_t place = 0;
    Hash chain{};
    bool operator==(const JournalEnd&) const = default;
};

// What a journal held when it was opened.
struct Recovered {
    raft::Base base;
    // The height of the ledger that the base stands for: a ledger below it cannot be replayed from
    // here.
    std::uint64_t base_height = 0;
    std::shared_ptr<const Bytes> base_configuration;  // As JournalBase's.
    std::vector<raft::Entry> entries;                 // After the base, contiguous.
    raft::Vote vote;
    std::optional<CosignedRecord> cosigned;  // The largest.
    std::optional<SealedRecord> sealed;      // The newest.
    std::vector<SealedRecord> seals;     // Of the newest blocks, rising; the newest note of each.
    std::vector<ExpectedSeal> expected;  // Of logs larger than the newest sealed one.
    std::vector<ContentRecord> contents;
    std::uint64_t torn_bytes = 0;  // Cut off: written but never known as synced.
};

class Journal {
public:
    struct Options {
        std::uint64_t segment_bytes = 64ULL * 1024 * 1024;
        std::uint64_t tail_bytes = 512ULL * 1024 * 1024;  // Kept though it could be cut.
    };

    // Makes an empty journal; Errc::conflict if there is one.
    static Result<void> create(Disk& disk, const JournalIdentity& identity, const Options& options);
    // The same for a node that has the ledger from elsewhere: it begins after `base`.
    static Result<void> create(Disk& disk,
                               const JournalIdentity& identity,
                               const Options& options,
                               const JournalBase& base);

    struct Opened;
    // Errc::not_found: no journal. Errc::corrupt: rot, another's journal, or a newer format; the
    // detail names the file and the position, and nothing was changed. `synced`: what the fence
    // knows to be durable.
    static Result<Opened> open(Disk& disk,
                               const JournalIdentity& identity,
                               const Options& options,
                               const std::optional<JournalEnd>& synced = {});

    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    // Blocks until written and, if must_sync, durable. Any error: the state is unknown, stop.
    Result<void> write(const Turn& turn);

    // A marker that repeats what is known to be durable, if no record says so yet, and a piece of
    // the next segment made ready; when idle.
    Result<void> write_idle_marker();

    // Removes whole segments that end at or before `index` (sealed and in the flushed database),
    // less the tail. The new oldest segment begins with the base. CHECKs that `height` blocks end
    // at `index`.
    Result<void> cut(raft::Index index, std::uint64_t height);

    const JournalIdentity& identity() const;
    // What survives power loss, for the fence.
    JournalEnd durable_end() const;
    const raft::Vote& vote() const;
    const std::optional<CosignedRecord>& cosigned() const;
    std::uint32_t segment_number() const;  // Of the one being written; rises.

    std::uint64_t sync_count() const;
    std::uint64_t byte_count() const;  // Written since it was opened, padding included.

private:
    friend class JournalReplay;
    struct State;
    explicit Journal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

struct Journal::Opened {
    Journal journal;
    Recovered recovered;
};

}  // namespace chancery::storage
