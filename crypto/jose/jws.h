// Signed texts in compact form: header, payload and signature, each in base64url, with dots
// between.
//
//     BASE64URL(header) '.' BASE64URL(payload) '.' BASE64URL(signature)
//
// Known are ES256 and RS256. A header says which, and may name a type, a key's id, and the key:
// anything else in it is refused, so that nothing in it can change what a signature means.
// Source: RFC 7515 §3, §4, §7.1; RFC 7518 §3.3, §3.4; RFC 8725 §3.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/base/result.h"
#include "crypto/json/value.h"
#include "crypto/keys/ecdsa.h"
#include "crypto/keys/p256_key.h"
#include "crypto/keys/rsa.h"
#include "crypto/keys/rsa_key.h"

namespace chancery::jose {

inline constexpr std::size_t jws_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t jws_header_bytes_max = std::size_t{8} * 1024;

enum class Algorithm : std::uint8_t { es256, rs256 };
std::string_view name_of(Algorithm algorithm);  // "ES256", "RS256"

using PublicKey = std::variant<keys::EcdsaPublicKey, keys::RsaPublicKey>;

// ES256 with the first, RS256 with the second.
using SecretKey = std::variant<keys::P256Key, keys::RsaKey>;
PublicKey public_key_of(const SecretKey& key);

// Whether keys of its kind make such signatures.
bool is_for(const PublicKey& key, Algorithm algorithm);

// Of a Multikey: P-256, or RSA. Errc::invalid for any other.
Result<PublicKey> public_key_from_multikey(std::string_view text);

// Of a JWK: P-256, or RSA. Members that are not the key itself are not looked at. Errc::invalid.
Result<PublicKey> public_key_from_jwk(const json::Value& jwk);
json::Value to_jwk(const PublicKey& key);

struct Jws {
    Algorithm algorithm = Algorithm::es256;
    std::string type;                    // `typ`; empty if there is none.
    std::string key_id;                  // `kid`; empty if there is none.
    std::optional<PublicKey> named_key;  // `jwk`: no reason to trust it.
    std::string payload;
    std::string signed_text;  // What the signature covers: header and payload as they came.
    Bytes signature;
};

// Whether the text consists of three parts of base64url.
bool is_compact(std::string_view text);

// Errc::invalid with the rule broken.
Result<Jws> parse_jws(std::string_view compact);

// Whether one of the keys made the signature: of those that the algorithm is for, and if the header
// names a key, that one alone.
bool is_signed_by(const Jws& jws, std::span<const PublicKey> keys);

struct JwsHeader {
    std::string type;        // Left out if empty, as is
    std::string key_id;      // this.
    bool names_key = false;  // Puts the public half there, as `jwk`.
};

// One key and message have one signature.
std::string sign_jws(const JwsHeader& header, std::string_view payload, const SecretKey& key);

}  // namespace chancery::jose
