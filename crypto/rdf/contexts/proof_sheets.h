// What the proofs of Data Integrity and those from before it say alike.
#pragma once

#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/term_sheet.h"

namespace chancery::rdf::contexts::proof_sheets {

using names::dublin_core;
using names::multibase;
using names::security;
using names::xsd_date_time;
using enum Container;

inline constexpr auto proof_purpose_terms = std::to_array<Definition>({
    {"assertionMethod", security, "assertionMethod", by_id, set},
    {"authentication", security, "authenticationMethod", by_id, set},
    {"capabilityDelegation", security, "capabilityDelegationMethod", by_id, set},
    {"capabilityInvocation", security, "capabilityInvocationMethod", by_id, set},
    {"id", "@id"},
    {"keyAgreement", security, "keyAgreementMethod", by_id, set},
    {"type", "@type"},
});
inline constexpr TermSheet proof_purpose{proof_purpose_terms, true};

inline constexpr auto proof_terms = std::to_array<Definition>({
    {"challenge", security, "challenge"},
    {"created", dublin_core, "created", xsd_date_time},
    {"domain", security, "domain"},
    {"expires", security, "expiration", xsd_date_time},
    {"id", "@id"},
    {"nonce", security, "nonce"},
    {"proofPurpose", security, "proofPurpose", by_term, none, &proof_purpose},
    {"proofValue", security, "proofValue", multibase},
    {"type", "@type"},
    {"verificationMethod", security, "verificationMethod", by_id},
});

}  // namespace chancery::rdf::contexts::proof_sheets
