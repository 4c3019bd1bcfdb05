#include "crypto/credential/proof_fields.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;

// The entry of `proof`, which must lie before the state entry that ends the tree.
Result<ledger::Entry> proven_entry(const EntryProof& proof,
                                   const merkle::TreeHead& head,
                                   const std::string& what) {
    if (proof.index >= head.size - 1) {
        return invalid(what + " entry is at " + std::to_string(proof.index) + ", want below " +
                       std::to_string(head.size - 1));
    }
    const Result<void> included =
        merkle::verify_inclusion(merkle::leaf_hash(proof.entry), proof.index, head, proof.path);
    if (!included) return invalid(what + " entry: " + included.error().detail);
    return ledger::decode(proof.entry);
}

// Chunk number and tree size come from position and state, never from the proof.
Result<CredentialStatus> proven_bits(const StatusProof& proof, const ledger::StateEntry& state) {
    const Result<Hash> root =
        merkle::root_from_inclusion(merkle::chunk_leaf(proof.chunk),
                                    proof.credential.index / merkle::positions_per_chunk,
                                    merkle::chunk_count(state.size),
                                    proof.chunk_path);
    if (!root) return invalid("status chunk: " + root.error().detail);
    if (*root != state.status_root) {
        return invalid("status chunk does not lead to the state entry's status root");
    }
    return static_cast<CredentialStatus>(merkle::status_in(proof.chunk, proof.credential.index));
}

bool is_change_of(const ledger::StatusEntry& change,
                  const ProvenStatus& proven,
                  ledger::Position position) {
    return change.member == proven.credential.member && change.position == position &&
           change.commitment == proven.credential.commitment && change.status == proven.status;
}

// Fills in the change that set the status. An act that marked a key revokes too: it stands in the
// log after the credential, and the chunk, not the act, says whom it revoked.
std::optional<Error> take_change(ProvenStatus& proven,
                                 const StatusProof& proof,
                                 const merkle::TreeHead& head) {
    if (proven.status == CredentialStatus::good) {
        if (proof.change) return invalid("status is good but has a change, want null");
        return std::nullopt;
    }
    if (!proof.change) return invalid("status is not good but has no change");
    if (proof.change->index <= proof.credential.index) {
        return invalid("change is at " + std::to_string(proof.change->index) +
                       ", want after the credential at " + std::to_string(proof.credential.index));
    }
    const Result<ledger::Entry> entry = proven_entry(*proof.change, head, "change");
    if (!entry) return entry.error();
    const bool is_act = std::holds_alternative<ledger::GovernanceEntry>(*entry);
    if (is_act && proven.status == CredentialStatus::revoked) return std::nullopt;
    const auto* change = std::get_if<ledger::StatusEntry>(&*entry);
    if (change == nullptr || !is_change_of(*change, proven, proof.credential.index)) {
        return invalid("change is not the one that gave this credential this status");
    }
    proven.change = *change;
    return std::nullopt;
}

}  // namespace

Result<ProvenStatus> check_status_proof(const StatusProof& proof) {
    const Result<note::SignedCheckpoint> checkpoint = parse_proof_checkpoint(proof.checkpoint);
    if (!checkpoint) return checkpoint.error();
    const merkle::TreeHead& head = checkpoint->checkpoint.head;
    if (head.size < 2) {
        return invalid("checkpoint has size " + std::to_string(head.size) + ", want at least 2");
    }
    const Result<ledger::StateEntry> state =
        check_state({.entry = proof.state_entry, .path = proof.state_path}, head);
    if (!state) return state.error();
    const Result<ledger::Entry> entry = proven_entry(proof.credential, head, "credential");
    if (!entry) return entry.error();
    const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
    if (credential == nullptr) return invalid("credential entry is of another kind, want kind 2");
    const Result<CredentialStatus> status = proven_bits(proof, *state);
    if (!status) return status.error();
    ProvenStatus proven{
        .status = *status, .change = std::nullopt, .state = *state, .credential = *credential};
    if (auto wrong = take_change(proven, proof, head)) return *wrong;
    return proven;
}

}  // namespace chancery::credential
