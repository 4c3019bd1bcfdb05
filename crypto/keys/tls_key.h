// The key that a node's TLS certificate is made with, and the hash of it that peers pin.
//
// A P-256 key as PKCS#8; the pin is SHA-256 of the DER SubjectPublicKeyInfo, so it stays the same
// when the certificate is made anew. Randomness is handed in: this floor has none.
// Source: RFC 5208 (PKCS#8); RFC 5480 (SubjectPublicKeyInfo); RFC 7469 §2.4 for the pin.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::keys {

// PKCS#8 DER of the key with this secret scalar. Errc::invalid for zero and for what is not below
// the group's order: draw again. The caller clears the bytes.
Result<Bytes> tls_key_from_secret(const Hash& secret);

// Errc::invalid unless `pkcs8` is exactly one P-256 private key.
Result<Hash> tls_spki_sha256(ByteView pkcs8);

}  // namespace chancery::keys
