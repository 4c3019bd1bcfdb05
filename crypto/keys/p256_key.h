// The secret half of a P-256 key: signs JWTs (ES256).
//
// The nonce is made from key and message, so that no machine's bad randomness can give the key
// away, and one message has one signature.
// Source: FIPS 186-5 §6.4; RFC 6979 §3.2.
#pragma once

#include "crypto/keys/ecdsa.h"

namespace chancery::keys {

using P256Signature = std::array<std::uint8_t, 64>;  // r ‖ s

// The 32-byte secret is cleared on destruction and never printed.
class P256Key {
public:
    // Errc::invalid for zero, and for what is not below the group's order: draw again.
    static Result<P256Key> from_secret(const Hash& secret);
    P256Key(const P256Key&) = default;
    P256Key& operator=(const P256Key&) = default;
    ~P256Key();

    P256Signature sign(ByteView message) const;

    const EcdsaPublicKey& public_key() const { return public_key_; }

private:
    P256Key(const Hash& secret, EcdsaPublicKey public_key)
        : secret_(secret), public_key_(std::move(public_key)) {}

    Hash secret_;
    EcdsaPublicKey public_key_;
};

}  // namespace chancery::keys
