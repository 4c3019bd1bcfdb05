// Blockcerts version 3 documents: a credential with one proof, that its hash stands under the root
// which a transaction carries.
//
//     target = SHA-256(the document's N-Quads in the form of RDFC-1.0, without its proof)
//
// Only Data Integrity proofs of the suite merkle-proof-2019, alone: verifiers in the field give up
// on a document with any proof that they do not know. Source: Blockcerts v3; Data Integrity 1.0.
#pragma once

#include <string>

#include "crypto/base/result.h"
#include "crypto/blockcerts/merkle_proof.h"
#include "crypto/json/value.h"
#include "crypto/keys/evm_key.h"

namespace chancery::blockcerts {

// The document to be anchored: without proofs, of the contexts that Blockcerts verifiers have built
// in, and of `issuer`, the URL of the profile. What means nothing without Open Badges' context is
// left out, and the badge named by its digest: id, names, descriptions, dates and subject stay.
// Errc::invalid if there is nothing that could.
Result<json::Value> prepare(const json::Value& badge, std::string_view issuer);

// Errc::invalid, with the place, for what no built-in context defines.
Result<Hash> target_hash(const json::Value& document);

struct ProofFields {
    std::string verification_method;  // "<profile's URL>#key-1"
    std::string created;              // Not after the block of the transaction.
};
json::Value with_proof(json::Value document, const MerkleProof& proof, const ProofFields& fields);

// The one proof of a document, whose hashes hold: target and path lead to its root. Errc::invalid
// for a document with another proof or more; Errc::forbidden if the hashes do not hold.
Result<MerkleProof> check_document(const json::Value& document);

// The issuer's profile, as its URL must answer it: the key in both of the forms that are looked at.
struct Profile {
    std::string url;
    std::string name;
    std::string home;     // The institution's own page.
    std::string created;  // Of the key, before any anchor.
};
json::Value profile_of(const Profile& profile, const keys::EvmKey& key);

}  // namespace chancery::blockcerts
