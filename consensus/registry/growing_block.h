// A block while it is judged: the ledger as it stood before, and over it what the block has
// accepted so far. Rules read it, accepted batches are added to it; nothing is ever taken back.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "consensus/registry/commitment_set.h"
#include "consensus/registry/member_changes.h"
#include "consensus/registry/registry.h"

namespace chancery::registry {

class GrowingBlock {
public:
    // `before` and `view` must outlive it.
    GrowingBlock(const State& before, const LedgerView& view, ledger::TimeMs time);

    const State& before() const { return before_; }
    ledger::TimeMs time() const { return time_; }
    ledger::Position first() const { return block_.first; }
    ledger::Position next() const { return block_.first + block_.entries.count(); }
    bool is_empty() const { return block_.batches.empty() && block_.acts.empty(); }

    // Of the entries so far, without lengths and without the state entry to come.
    std::uint64_t entry_bytes() const;

    // The first of `commitments`, strictly ascending, that this member registered before.
    struct Registered {
        std::uint32_t index = 0;
        ledger::Position position = 0;
    };
    Result<std::optional<Registered>> first_registered(ledger::MemberNumber member,
                                                       std::span<const Hash> commitments) const;

    // CHECKs position < next().
    Result<Bytes> entry(ledger::Position position) const;
    ledger::CredentialStatus status(ledger::Position position) const;
    Result<std::optional<ledger::Position>> newest_status(ledger::Position position) const;

    // The root of the tree's first `size` entries, 0 < size <= first().
    Result<Hash> root_at(std::uint64_t size) const;

    // The batch with this nonce, unless its time has passed and it is forgotten.
    Result<std::optional<BatchRecord>> find_batch(ledger::MemberNumber member,
                                                  const ledger::Nonce& nonce) const;

    // This member's act of that number, on the ledger or in this block.
    Result<std::optional<ActRecord>> find_act(ledger::MemberNumber member,
                                              std::uint64_t sequence) const;
    // Of the member's last act so far; 0 if there is none.
    std::uint64_t last_sequence(ledger::MemberNumber member) const;
    // The members as the block's acts so far leave them.
    const MemberChanges& changes() const { return changes_; }

    // The batch's entries, with everything that follows from them. It must have been judged good.
    const BatchRecord& add(const Batch& batch, const Hash& message);
    // Likewise an act, which is `act` as `signed_act` says it.
    const ActRecord& add(const ledger::SignedAct& signed_act,
                         const ledger::Act& act,
                         const Hash& message);

    // With the state entry. The block is spent.
    AppliedBlock finish();

private:
    void add_entry(ByteView entry);
    void add_credentials(const Batch& batch);
    void add_statuses(const Batch& batch);
    void add_publications(const Batch& batch);
    void add_anchors(const Batch& batch);
    void put_changes_in_force();

    const State& before_;
    const LedgerView& view_;
    ledger::TimeMs time_;
    AppliedBlock block_;
    MemberChanges changes_;
    CommitmentSet commitments_;
    std::unordered_map<ledger::Position, ledger::Position> newest_status_;
    std::map<std::pair<ledger::MemberNumber, ledger::Nonce>, std::size_t> batches_;
};

}  // namespace chancery::registry
