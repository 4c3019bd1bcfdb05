// Public keys as text: Multikeys (z6Mk…, zQ3s…, zDn…, z4MX…) and the did:key identifiers made of
// them.
//
//     multikey = "z" base58btc(multicodec prefix ‖ key)
//     did:key  = "did:key:" multikey
//
// BIP-340 keys have no codec of their own: they are written as secp256k1 points with an even y,
// 02 ‖ x. RSA keys are the DER of their RSAPublicKey (RFC 8017 §A.1.1).
// Source: W3C Controlled Identifiers §2.2.2 (Multikey); did:key v0.9; multicodec rsa-pub.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/keys/ecdsa.h"
#include "crypto/keys/ed25519.h"
#include "crypto/keys/member_key.h"
#include "crypto/keys/rsa.h"

namespace chancery::keys {

std::string multikey(const Ed25519PublicKey& key);
std::string multikey(const MemberPublicKey& key);
std::string multikey(const EcdsaPublicKey& key);
std::string multikey(const RsaPublicKey& key);

// Errc::invalid for another kind of key, another multibase, or a key that parse() refuses.
Result<Ed25519PublicKey> ed25519_from_multikey(std::string_view text);
// Also refuses 03 ‖ x, which is no x-only key.
Result<MemberPublicKey> member_key_from_multikey(std::string_view text);
// P-256 (zDn…) or P-384 (z82…).
Result<EcdsaPublicKey> ecdsa_from_multikey(std::string_view text);
Result<RsaPublicKey> rsa_from_multikey(std::string_view text);

std::string did_key(const Ed25519PublicKey& key);
Result<Ed25519PublicKey> ed25519_from_did_key(std::string_view did);

}  // namespace chancery::keys
