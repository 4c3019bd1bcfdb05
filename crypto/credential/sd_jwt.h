// Credentials whose holder chooses what to show: an issuer's signed text with digests of claims,
// and beside it those claims that are disclosed.
//
//     <issuer's JWT> '~' <disclosure> '~' … <disclosure> '~' [<key binding JWT>]
//     disclosure = BASE64URL([salt, name, value]), of an array's element BASE64URL([salt, value])
//     digest     = BASE64URL(SHA-256(disclosure as it is written))
//
// Digests stand in `_sd` of the object that the claim belongs to, or as {"...": digest} in place of
// the element. A digest without disclosure says nothing: it may be a decoy.
// Source: RFC 9901; SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) §2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/jose/jws.h"

namespace chancery::credential {

inline constexpr std::size_t sd_jwt_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t disclosures_max = 1'000;
inline constexpr std::size_t sd_jwt_depth_max = 32;  // Of the claims, disclosures put in place.
inline constexpr std::string_view sd_jwt_vc_type = "dc+sd-jwt";

struct Disclosure {
    std::string encoded;
    std::string salt;
    std::optional<std::string> name;  // nullopt: an array's element.
    json::Value value;                // May hold digests of its own.
};

// BASE64URL(SHA-256(text)).
std::string sd_digest(std::string_view text);

struct SdJwt {
    std::string issuer_text;  // What the ledger's commitment is of.
    jose::Jws issuer_jws;
    json::Value payload;  // Of the issuer's JWT, digests and all.
    std::vector<Disclosure> disclosures;
    std::string key_binding;  // Compact; empty if there is none.
};

// Errc::invalid with the rule broken. Nothing is verified yet.
Result<SdJwt> parse_sd_jwt(std::string_view text);

// Where a disclosure belongs.
struct Place {
    std::string pointer;                // JSON pointer into the claims.
    std::optional<std::size_t> within;  // Another disclosure, whose value holds this one's digest.
};

struct DisclosedClaims {
    json::Value claims;         // Without digests and `_sd_alg`.
    std::vector<Place> places;  // One for each disclosure.
};

// Puts every disclosure in its place: RFC 9901 §7.1. Errc::invalid if one belongs nowhere or in two
// places, a digest occurs twice, a name is there already or is `_sd` or `...`, the hash is not
// sha-256, or what verifiers must always see (iss, nbf, exp, cnf, vct, status) was concealed.
Result<DisclosedClaims> disclosed_claims(const SdJwt& sd_jwt);

using Salt = std::array<std::uint8_t, 16>;

struct SdJwtPlan {
    json::Value claims;
    std::vector<std::string> concealed;  // JSON pointers to members and elements.
    std::vector<Salt> salts;             // Fresh and random, one for each of those.
    std::vector<Hash> decoys;            // Random, put among the outermost digests.
    std::string type = std::string(sd_jwt_vc_type);
};

// Signed, with all disclosures. Errc::invalid for a pointer to nothing, one that occurs
// twice, or what must not be concealed. CHECKs that there are as many salts as pointers.
Result<std::string> issue_sd_jwt(const SdJwtPlan& plan,
                                 const std::string& key_id,
                                 const jose::SecretKey& key);

// With those disclosures alone whose places are named, and those that they lie within; without key
// binding. Errc::invalid for a pointer at which nothing was concealed.
Result<std::string> present_sd_jwt(std::string_view text, const std::vector<std::string>& pointers);

}  // namespace chancery::credential
