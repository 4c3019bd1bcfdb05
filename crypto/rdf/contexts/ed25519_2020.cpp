// https://w3id.org/security/suites/ed25519-2020/v1: the proofs from before Data Integrity.
#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/contexts/proof_sheets.h"
#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf::contexts {
namespace ed25519_2020_words {

using names::multibase;
using names::security;
using names::xsd_date_time;
using enum Container;

constexpr TermSheet ed25519_signature2020{proof_sheets::proof_terms, true};

constexpr auto ed25519_verification_key2020_terms = std::to_array<Definition>({
    {"controller", security, "controller", by_id},
    {"id", "@id"},
    {"publicKeyMultibase", security, "publicKeyMultibase", multibase},
    {"revoked", security, "revoked", xsd_date_time},
    {"type", "@type"},
});
constexpr TermSheet ed25519_verification_key2020{ed25519_verification_key2020_terms, true};

constexpr auto ed25519_terms = std::to_array<Definition>({
    scoped("Ed25519Signature2020", security, "Ed25519Signature2020", ed25519_signature2020),
    scoped("Ed25519VerificationKey2020",
           security,
           "Ed25519VerificationKey2020",
           ed25519_verification_key2020),
    {"id", "@id"},
    {"proof", security, "proof", by_id, graph},
    {"type", "@type"},
});

}  // namespace ed25519_2020_words

constinit const TermSheet ed25519_2020{ed25519_2020_words::ed25519_terms, true};

}  // namespace chancery::rdf::contexts
