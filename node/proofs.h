// Proofs from the sealed ledger: receipts, status proofs, paths. Read-only; any thread.
//
// Every function answers as of `published`, however far the store has gone on since. Costs grow
// with the logarithm of the log.
#pragma once

#include <span>
#include <vector>

#include "crypto/credential/fork_evidence.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/credential/trust.h"
#include "node/published.h"
#include "node/tile_cache.h"
#include "rpc/service.h"
#include "storage/ledger_store.h"

namespace chancery::node {

class Proofs {
public:
    // All must outlive it; `tiles` are of `store`.
    Proofs(const Published& published, const storage::LedgerStore& store, TileCache& tiles)
        : published_(published), store_(store), tiles_(tiles) {}

    // Errc::not_found if this member registered no such commitment.
    Result<ledger::Position> position_of(const rpc::CredentialKey& key) const;

    Result<rpc::CredentialAnswer> credential(const rpc::CredentialKey& key) const;

    // Salt zero: only the holder knows it.
    Result<credential::Receipt> receipt(ledger::Position position) const;
    Result<credential::StatusProof> status_proof(ledger::Position position) const;

    // Leaf first. Errc::not_found unless index < size <= the published size.
    Result<std::vector<Hash>> inclusion(ledger::Position index, std::uint64_t size) const;
    // Errc::not_found unless 0 < from <= to <= the published size.
    Result<std::vector<Hash>> consistency(std::uint64_t from, std::uint64_t to) const;

    // With the state entry of its block, as the step's own checkpoint proves it.
    Result<credential::TrustStep> trust_step(storage::LedgerStore::MembersStep stored) const;

    Result<rpc::StatusRangeAnswer> status_range(std::uint64_t from, std::uint64_t to) const;

    Result<rpc::PublicationAnswer> publication(ledger::MemberNumber member,
                                               ledger::PublicationType type,
                                               std::string_view name) const;
    // Cost: three reads for each that is given.
    Result<rpc::PublicationsAnswer> publications(const rpc::PublicationsWanted& wanted) const;

private:
    // Errc::corrupt unless the entry there is this member's publication of that type.
    Result<rpc::PublicationAnswer> publication_at(ledger::Position position,
                                                  ledger::MemberNumber member,
                                                  ledger::PublicationType type) const;
    Result<std::vector<Hash>> path_through(std::span<const merkle::Range> ranges) const;
    // The newest entry that set its status, reinstatements included, as of `published`; nullopt if
    // none ever did.
    Result<std::optional<ledger::Position>> change_of(ledger::Position position) const;
    Result<credential::EntryProof> entry_proof(ledger::Position position) const;

    const Published& published_;
    const storage::LedgerStore& store_;
    TileCache& tiles_;
};

// How the log's tree of `size` began with its first `from` entries, 0 < from < size; the store that
// `tiles` are of must have them.
Result<credential::ForkEvidence::Beginning> beginning_of(std::uint64_t from,
                                                         std::uint64_t size,
                                                         TileCache& tiles);

// The published form of a sealed state; reads the last entry and its path from the store.
// `note` was checked; Errc::corrupt if it is over another head. `tiles` are of `store`.
Result<std::shared_ptr<const Published>> publish(const registry::State& state,
                                                 const SealedNote& note,
                                                 const storage::LedgerStore& store,
                                                 TileCache& tiles);

}  // namespace chancery::node
