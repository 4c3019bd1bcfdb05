// Signatures that a document carries within itself, in its `proof`: what the field's verifiers look
// at, whatever they know of registries.
//
//     signed = hash(canonical(proof without proofValue)) ‖ hash(canonical(document without proof))
//
// A proof set: each proof covers the document without any. A proof chain: one that names previous
// proofs covers the document with those. JCS suites sign the bytes, RDFC suites what they mean; the
// hash is SHA-256, with P-384 SHA-384.
//
// Source: W3C Data Integrity 1.0 §2 and §4, Data Integrity EdDSA Cryptosuites 1.0 §3, ECDSA
// Cryptosuites 1.0 §3 (Recommendations of 15 May 2025); Ed25519Signature2020 as EdDSA §B keeps it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/json/value.h"
#include "crypto/keys/ecdsa.h"
#include "crypto/keys/ed25519.h"
#include "crypto/rdf/term_sheet.h"

namespace chancery::credential {

enum class Suite : std::uint8_t {
    eddsa_rdfc_2022,
    eddsa_jcs_2022,
    ecdsa_rdfc_2019,
    ecdsa_jcs_2019,
    ed25519_signature_2020,
};

std::string_view name_of(Suite suite);  // "eddsa-rdfc-2022", …

// By type and cryptosuite; nullopt for a proof of another kind.
std::optional<Suite> suite_of(const json::Value& proof);

using ProofKey = std::variant<keys::Ed25519PublicKey, keys::EcdsaPublicKey>;

// Of a Multikey: Ed25519, P-256 or P-384. Errc::invalid for any other.
Result<ProofKey> proof_key_from_multikey(std::string_view text);

inline constexpr std::string_view assertion_purpose = "assertionMethod";
inline constexpr std::string_view authentication_purpose = "authentication";

struct ProofOptions {
    std::string verification_method;  // A DID URL of the key.
    std::string created;              // As in "2026-11-22T09:30:00Z".
    std::string_view purpose = assertion_purpose;
    std::string challenge = {};  // Whoever asked drew it; left out if empty.
};

// The proof to append; what `document` has in `proof` is not covered by it. Errc::invalid if an
// RDFC suite cannot tell what a part of the document means. CHECKs that the suite is an EdDSA one
// of 2022. Of a whole badge about 100 µs, by RDFC 280 µs.
Result<json::Value> sign_document(const json::Value& document,
                                  Suite suite,
                                  const keys::Ed25519Key& key,
                                  const ProofOptions& options,
                                  std::span<const rdf::Context> contexts = rdf::known_contexts());

// Why a proof does not verify.
struct ProofFault {
    enum class Kind : std::uint8_t {
        malformed,   // Or for another purpose, or of a key of another kind.
        unreadable,  // An RDFC suite cannot tell what a part of the document means.
        expired,     // By its own `expires`.
        wrong,       // The signature is not the key's over this document.
    };
    Kind kind = Kind::wrong;
    std::string reason;
};

// The fault of `proof`, an element of the document's `proof` whose suite is known; nullopt: it
// verifies by one of `keys`, as an assertion, at `now_s`. Whose keys they are remains for the
// caller. However many there are, the document is read once.
std::optional<ProofFault> fault_of(const json::Value& document,
                                   const json::Value& proof,
                                   std::span<const ProofKey> keys,
                                   std::int64_t now_s,
                                   std::span<const rdf::Context> contexts = rdf::known_contexts());
// The same of a proof by which somebody shows to have the key.
std::optional<ProofFault> authentication_fault_of(const json::Value& document,
                                                  const json::Value& proof,
                                                  std::span<const ProofKey> keys,
                                                  std::int64_t now_s);

// Who says that the key is theirs: the proof's verification method up to any '#'; "" if it has
// none. Valid as long as `proof`.
std::string_view controller_of(const json::Value& proof);

}  // namespace chancery::credential
