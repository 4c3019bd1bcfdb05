// Several credentials that a holder puts together and signs.
//
// What the signature says: whoever has this key chose exactly these. It says nothing of the
// credentials, each of which is judged by itself, and binds those whose subject is the holder's
// DID to the one who shows them.
// Source: W3C Verifiable Credentials Data Model 2.0 section 4.13, Data Integrity 1.0.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/credential/data_integrity.h"

namespace chancery::credential {

inline constexpr std::size_t presented_max = 100;

// Signed with eddsa-jcs-2022 by a did:key, for authentication. CHECKs 1 to presented_max.
// `challenge` is what the one asked who is to see it; empty: it is for everybody.
Result<json::Value> make_presentation(std::vector<json::Value> credentials,
                                      const keys::Ed25519Key& holder,
                                      const std::string& created,
                                      const std::string& challenge);

// A JWT or SD-JWT as an element of a presentation, and back; nullopt for another credential.
// Source: W3C Verifiable Credentials Data Model 2.0 section 4.13.1.
json::Value enveloped(std::string_view text);
std::optional<std::string> text_in_envelope(const json::Value& credential);

struct Presentation {
    std::string holder;  // did:key.
    std::string created;
    std::string challenge;  // Empty: none.
    std::vector<json::Value> credentials;
};

// Errc::invalid for another form; Errc::corrupt if the holder did not sign exactly this.
Result<Presentation> check_presentation(const json::Value& presentation, std::int64_t now_s);

// The subject's own DID is the holder's.
bool is_subject(const json::Value& credential, const std::string& holder);

}  // namespace chancery::credential
