// A credential as the payload of a signed text, with its own words said again as claims:
//
//     iss = issuer's id     jti = id     sub = subject's id     nbf = validFrom     exp =
//     validUntil
//
// Each claim may be missing; one that is there must say what the credential says.
// Source: Open Badges 3.0 §8.2; RFC 7519 §4.1; PROTOCOL.md, Proofs and verdicts.
#pragma once

#include "crypto/jose/jws.h"

namespace chancery::credential {

struct VcJwt {
    jose::Jws jws;
    json::Value document;  // The payload.
};

// Errc::invalid with the rule broken: of compact form, header (`typ` JWT or vc+jwt, or none), JSON
// as of documents, claims. A payload with `vc` (of VC 1.1) or `proof` is refused.
Result<VcJwt> parse_vc_jwt(std::string_view compact);

// The document with its claims, as a payload. Errc::invalid if its dates cannot be read, or it has
// a `proof` or `vc`, or names no issuer.
Result<json::Value> with_claims(json::Value document);

// The document that with_claims() was given.
json::Value without_claims(json::Value payload);

// The payload signed. The header says `kid`, or if `key_id` is empty the key itself, as `jwk`.
// Errc::invalid as of with_claims.
Result<std::string> sign_vc_jwt(json::Value document,
                                const std::string& key_id,
                                const jose::SecretKey& key);

}  // namespace chancery::credential
