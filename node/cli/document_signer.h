// The issuer's own signatures in documents: what verifiers look at who know of no registry.
//
//     "proof": [eddsa-rdfc-2022, eddsa-jcs-2022, receipt]
//
// A document without contexts is no JSON-LD and gets the second alone. One that carries a signature
// of its issuer already is left as it is.
#pragma once

#include <optional>
#include <string>

#include "crypto/credential/data_integrity.h"
#include "crypto/ledger/members.h"
#include "node/cli/client_context.h"

namespace chancery::cli {

// Errc::invalid with a JSON pointer if a part of the document means nothing, which no signature
// would cover. Needs no key.
Result<void> check_signable(const json::Value& document);

// Of signatures in the name of `member` that are there already. Errc::invalid unless each verifies
// by one of its assertion keys in force.
Result<void> check_present(const json::Value& document, const ledger::Member& member);

// Whether a signature in the name of `member` stands in it at all.
bool names_as_signer(const json::Value& document, const ledger::Member& member);

class DocumentSigner {
public:
    // With --assertion-key, or assertion.key beside --key. Errc::invalid if there is neither,
    // Errc::forbidden unless it is an assertion key of `member` in force.
    static Result<DocumentSigner> open(const ClientContext& context, const ledger::Member& member);

    // The document with its proofs, before any that it has. Errc::invalid as for check_signable.
    Result<json::Value> sign(json::Value document, std::uint64_t now_s) const;

private:
    DocumentSigner(const keys::Ed25519Key& key, std::string did, std::string verification_method)
        : key_(key), did_(std::move(did)), verification_method_(std::move(verification_method)) {}

    keys::Ed25519Key key_;
    std::string did_;
    std::string verification_method_;
};

}  // namespace chancery::cli
