// Keys that sign documents and JWTs, the members' and the holders': of several types, each in a key
// file as the others.
//
// The secret of an Ed25519 key is its seed, 32 bytes; what is longer is PKCS #8, which says itself
// what it is. Source: PROTOCOL.md, Key files.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "crypto/jose/jws.h"
#include "node/keystore.h"

namespace chancery::keystore {

// What assertion and holder keys may be; all others are of one type.
enum class KeyType : std::uint8_t { ed25519, p256, rsa };
inline constexpr std::array key_types = {KeyType::ed25519, KeyType::p256, KeyType::rsa};
std::string_view name_of(KeyType type);  // "ed25519", "p256", "rsa"
std::optional<KeyType> key_type_named(std::string_view name);

inline constexpr std::size_t rsa_bits_default = 3'072;

struct SecretPlan {
    Use use = Use::issuer;
    KeyType type = KeyType::ed25519;
    std::size_t rsa_bits = rsa_bits_default;
};
// Errc::invalid for a type that the use does not know, or RSA keys of a size other than 2,048 to
// 4,096 in steps of 16.
Result<void> check_plan(const SecretPlan& plan);

// A fresh secret. The caller clears it. CHECKs that the plan is good. Seconds for RSA.
Bytes random_secret(const SecretPlan& plan);

// Of an assertion or holder key.
using SigningKey = std::variant<keys::Ed25519Key, keys::P256Key, keys::RsaKey>;

// Errc::invalid for a key of another use, or a secret of no such type.
Result<SigningKey> signing_key_of(const StoredKey& key);
// The same from a file, for one use alone. Errors as of open_key_file.
Result<SigningKey> load_signing_key(const KeyFile& file, Use use);

bool has_types(Use use);  // assertion and holder
KeyType type_of(const SigningKey& key);
std::string multikey_of(const SigningKey& key);
json::Value public_jwk(const SigningKey& key);

}  // namespace chancery::keystore
