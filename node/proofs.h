// Proofs from the sealed ledger: receipts, status proofs, paths. Read-only; one thread at a time,
// and short-lived: it keeps the tiles that it read.
//
// Every function answers as of `published`, however far the store has gone on since. Costs grow
// with the logarithm of the log.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "node/published.h"
#include "rpc/service.h"
#include "storage/ledger_store.h"

namespace chancery::node {

class Proofs {
public:
    // Both must outlive it.
    Proofs(const Published& published, const storage::LedgerStore& store)
        : published_(published), store_(store) {}

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

    Result<rpc::StatusRangeAnswer> status_range(std::uint64_t from, std::uint64_t to) const;

private:
    static constexpr std::size_t tiles_kept_max = 64;

    Result<Hash> subtree_root(merkle::Range subtree) const;
    // Valid until the next call.
    Result<const std::vector<Hash>*> tile_hashes(std::uint8_t level, std::uint64_t index) const;
    // The newest entry that set its status, reinstatements included, as of `published`; nullopt if
    // none ever did.
    Result<std::optional<ledger::Position>> change_of(ledger::Position position) const;
    Result<credential::EntryProof> entry_proof(ledger::Position position) const;

    const Published& published_;
    const storage::LedgerStore& store_;
    mutable std::map<std::pair<std::uint8_t, std::uint64_t>, std::vector<Hash>> tiles_;
};

// The published form of a sealed state; reads the last entry and its path from the store.
Result<std::shared_ptr<const Published>> publish(const registry::State& state,
                                                 const std::string& checkpoint,
                                                 const storage::LedgerStore& store);

}  // namespace chancery::node
