// The holder's own signature under a presentation: it was made for this audience, now, by whoever
// has the key that the issuer named.
//
//     <presentation, to its last '~'> <JWT: typ kb+jwt; aud, iat, nonce, sd_hash>
//
// The key stands in the issuer's claims, `cnf`; `sd_hash` is of the presentation as it is written.
// Source: RFC 9901 §4.3 and §7.3; PROTOCOL.md, Proofs and verdicts.
#pragma once

#include "crypto/credential/sd_jwt.h"
#include "crypto/credential/verdict.h"

namespace chancery::credential {

struct KeyBinding {
    std::string audience;
    std::string nonce;
    std::uint64_t issued_at_s = 0;
};

// Adds the holder's signature to a presentation that has none. Errc::invalid if it has one.
Result<std::string> bind_key(std::string_view presentation,
                             const KeyBinding& binding,
                             const keys::P256Key& holder_key);

// What the holder signed. Errc::forbidden if it is not signed by the key that the issuer named;
// Errc::invalid if there is none, no such key, or it is of another form or presentation.
Result<KeyBinding> read_key_binding(const SdJwt& sd_jwt, std::string_view text);

inline constexpr std::uint64_t binding_age_default_s = 300;

// What a verifier asked the holder to sign.
struct KeyBindingWanted {
    std::string audience;
    std::string nonce;
    std::uint64_t age_max_s = binding_age_default_s;
};

// Errc::invalid if it is another audience's or nonce's, too old, or ahead of time.
Result<void> check_key_binding(const KeyBinding& binding,
                               const KeyBindingWanted& wanted,
                               std::uint64_t now_s);

// Of a presentation, whatever it is: one that is there must hold, and be as wanted; where one is
// wanted it must be there. nullopt: none is there, and none wanted.
std::optional<StepReport> weigh_key_binding(std::string_view text,
                                            const std::optional<KeyBindingWanted>& wanted,
                                            std::uint64_t now_s);

struct SdJwtPolicy {
    std::string_view type = sd_jwt_vc_type;
    std::optional<KeyBindingWanted> key_binding;  // nullopt: one that is there is not looked at.
};

// The claims, if the issuer's JWT is signed by one of `keys`, its `nbf` and `exp` allow it at
// `now_s`, and the key binding is as wanted. Errc::forbidden for a signature, else Errc::invalid.
Result<json::Value> verify_sd_jwt(std::string_view text,
                                  std::span<const jose::PublicKey> keys,
                                  const SdJwtPolicy& policy,
                                  std::uint64_t now_s);

}  // namespace chancery::credential
