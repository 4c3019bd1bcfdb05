// The documents of tests/vectors/chancery/v1.json, each with what a verifier is given beside it.
#pragma once

#include "crypto/credential/verdict.h"
#include "tests/support/chancery_vectors.h"

namespace chancery::test {

inline constexpr std::uint64_t chancery_now_s = 1'767'225'602;

inline const json::Value& chancery_document(std::size_t index) {
    return array_at(chancery_vectors(), "documents").at(index);
}

inline credential::Trust chancery_trust() {
    return credential::Trust::from_members(ledger::members_from(chancery_genesis()));
}

inline credential::Receipt chancery_receipt(std::size_t index) {
    return credential::parse_receipt(text_at(chancery_document(index), "receipt")).value();
}

inline credential::StatusProof chancery_status(std::size_t index) {
    return credential::status_proof_from(*chancery_document(index).find("status_proof")).value();
}

// `trust` must outlive the evidence.
inline credential::Evidence chancery_evidence(std::size_t index, const credential::Trust& trust) {
    credential::Evidence evidence;
    evidence.document = *chancery_document(index).find("document");
    evidence.receipt = chancery_receipt(index);
    evidence.status = chancery_status(index);
    evidence.trust = &trust;
    evidence.now_s = chancery_now_s;
    return evidence;
}

}  // namespace chancery::test
