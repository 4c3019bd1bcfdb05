// Secret keys in the form that other software reads: PKCS #8, which says itself what kind of key it
// holds.
//
// Source: RFC 5958; of P-256 RFC 5915; of RSA RFC 8017 §A.1.2.
#pragma once

#include <variant>

#include "crypto/keys/p256_key.h"
#include "crypto/keys/rsa_key.h"

namespace chancery::keys {

// Whoever takes the bytes clears them. Errc::invalid for zero, and for what is not below the
// group's order: draw again.
Result<Bytes> p256_to_pkcs8(const Hash& secret);
Bytes rsa_to_pkcs8(const RsaKey& key);

using Pkcs8Key = std::variant<P256Key, RsaKey>;

// Errc::invalid for what is not one structure, and for keys of other kinds or sizes.
Result<Pkcs8Key> from_pkcs8(ByteView der);

}  // namespace chancery::keys
