// A badge as an SD-JWT VC: the credential itself as claims, of which its holder shows what he
// likes.
//
//     vct     what kind of credential it is          iss, nbf, exp   said again, as in a JWT
//     cnf     the holder's key, if it is known       all else        the members of the credential
//
// Of `jti` and `sub` nothing is said: the subject is for the holder to show.
// Source: SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) §2.2; PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/json/value.h"

namespace chancery::credential {

// The IRI that the contexts give the credential's type.
std::string type_claim_of(const json::Value& document);

struct BadgeClaims {
    std::string type;                       // `vct`; empty: type_claim_of the document.
    std::optional<json::Value> holder_key;  // A JWK.
};
// Errc::invalid as of with_claims in vc_jwt.h, or if the document has one of these claims already.
Result<json::Value> sd_jwt_claims(json::Value document, const BadgeClaims& with);

// The document that sd_jwt_claims() was given.
json::Value without_sd_jwt_claims(json::Value claims);

// What is about a person and not about the achievement, each by its pointer: the members of the
// subject, all evidence, and the elements of both where they are several.
std::vector<std::string> personal_claims(const json::Value& document);

// The JWK of a holder's key that is given as did:key of P-256 or as a JWK. Errc::invalid for
// another kind, and for a JWK that holds a secret.
Result<json::Value> holder_jwk(std::string_view text);

}  // namespace chancery::credential
