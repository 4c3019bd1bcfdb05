// A member's DID document, made from the ledger's key history: what others' verifiers resolve its
// DID to.
//
// Keys in force are assertion methods; those that were replaced are listed and authorised for
// nothing, so what they signed is proven by the registry alone.
// RSA keys are written as JWKs.
// Source: W3C Decentralized Identifiers 1.0 section 5, Controlled Identifiers 1.0 (Multikey,
// JsonWebKey).
#pragma once

#include "crypto/json/value.h"
#include "crypto/ledger/members.h"

namespace chancery::credential {

// For the DID in force. nullopt: the member has none, as one that was removed.
std::optional<json::Value> did_document(const ledger::Member& member);

}  // namespace chancery::credential
