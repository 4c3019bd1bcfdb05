// What a committed block means: its entries, roots and status, the same on every node.
//
// Judging never fails for what a batch says (a refused batch leaves no trace) but only for a disk
// that cannot answer. Nothing is changed in place: applying gives the difference, which the caller
// stores, seals and makes the next state.
// Source: PROTOCOL.md, Blocks and validity.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "consensus/registry/batch.h"
#include "consensus/registry/block.h"
#include "consensus/registry/commitment_set.h"
#include "consensus/registry/signature_memory.h"
#include "consensus/registry/state.h"

namespace chancery::registry {

// Entries side by side as bundles hold them: each behind its u16 length.
struct EntryRun {
    Bytes bytes;
    std::vector<std::uint32_t> offsets;  // Of each entry's length prefix.

    std::size_t count() const { return offsets.size(); }
    ByteView entry(std::size_t i) const;  // Without its length.
    void append(ByteView entry);
    // Many of one length, side by side without lengths.
    void append_run(ByteView entries, std::size_t entry_bytes);
};

struct NewStatus {
    ledger::Position credential = 0;
    ledger::Position entry = 0;  // The kind-3 entry that set it.
    ledger::CredentialStatus status = ledger::CredentialStatus::good;
};

struct NewPublication {
    ledger::Position entry = 0;
    ledger::MemberNumber member = 0;
    ledger::PublicationType type = ledger::PublicationType::achievement;
    Hash name{};  // ledger::publication_key.
};

// What a block did: everything that must be stored with it.
struct AppliedBlock {
    ledger::Position first = 0;  // Of its first entry.
    EntryRun entries;
    std::vector<Hash> leaves;  // leaf_hash of each entry.
    std::vector<BatchRecord> batches;
    std::vector<NewCommitment> commitments;
    std::vector<NewStatus> statuses;
    std::vector<Hash> contents;  // Hashes of published content.
    std::vector<NewPublication> publications;
    std::uint64_t anchors = 0;  // Entries of kind 6.
    std::vector<ActRecord> acts;
    bool members_changed = false;
    State after;
};

class GrowingBlock;

// Judges batches one after another upon `before` and gathers what they leave.
class BlockBuilder {
public:
    // `before`, `view` and `signatures`, which may be missing, must outlive the builder. A time
    // below the last block's counts as that.
    BlockBuilder(const State& before,
                 const LedgerView& view,
                 ledger::TimeMs time,
                 SignatureMemory* signatures = nullptr);
    ~BlockBuilder();
    BlockBuilder(const BlockBuilder&) = delete;
    BlockBuilder& operator=(const BlockBuilder&) = delete;

    // The batch or act is accepted, was already on the ledger, or is refused.
    struct Outcome {
        enum class Kind : std::uint8_t { accepted, repeated, refused } kind = Kind::refused;
        // Accepted or repeated: one of them.
        std::optional<BatchRecord> record;
        std::optional<ActRecord> act;
        // For the submitter: invalid, forbidden, conflict; unavailable if only this block has no
        // room for it.
        std::optional<Error> refusal;
        std::optional<std::uint32_t> refused_record;  // The first to blame, if one is; from 0.
        bool is_early = false;  // Refused for a sequence beyond the next, which may yet be here.

        // Of what was accepted or repeated; CHECKed.
        const Hash& message() const;
        std::uint64_t height() const;       // Of its block.
        ledger::Position position() const;  // Of its first entry.
    };
    // Errors are the view's: corrupt or io.
    Result<Outcome> add_batch(ByteView bulk);

    // signature ‖ act. Errors as add_batch().
    Result<Outcome> add_act(ByteView bytes);

    // A batch in its bulk form, or ledger::act_submission(): the first two bytes say which.
    Result<Outcome> add(ByteView submission);

    bool is_empty() const;  // No batch or act accepted so far.

    // Adds the state entry. The builder is spent.
    AppliedBlock finish();

private:
    std::unique_ptr<GrowingBlock> block_;
    SignatureMemory* signatures_;
};

// The one outcome of a committed byte string: parse (or take as empty), judge, finish.
Result<AppliedBlock> apply_block(const State& before,
                                 const LedgerView& view,
                                 ByteView block,
                                 SignatureMemory* signatures = nullptr);

// The state before the first block.
State initial_state(const ledger::Genesis& genesis);

}  // namespace chancery::registry
