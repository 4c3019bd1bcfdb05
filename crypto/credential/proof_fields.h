// Paths and state entries as status proofs and trust files write them.
//
//     path = [hex, …], leaf first, at most 63        state = {"entry":base64,"path":path}
//
// Source: PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/json/canonical_writer.h"
#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/proof.h"

namespace chancery::credential {

Result<std::vector<Hash>> path_from(const json::Array& elements, const std::string& where);
json::Value path_to_json(const std::vector<Hash>& path);
void write_path(std::span<const Hash> path, json::CanonicalWriter& out);

// The last entry of a tree, with its path.
struct StateProof {
    Bytes entry;
    std::vector<Hash> path;
};
Result<StateProof> state_proof_from(const json::Value& value, const std::string& where);
json::Value state_proof_to_json(const StateProof& proof);

// The state entry that ends the tree of `head`. Errc::invalid unless it is 90 bytes of kind 7 at
// head.size - 1 that count the entries before it.
Result<ledger::StateEntry> check_state(const StateProof& proof, const merkle::TreeHead& head);

}  // namespace chancery::credential
