// Ed25519: checkpoints, cosignatures, votes, and the proofs in documents.
//
// Public keys are refused unless canonical and of large order: with a small-order key one
// signature verifies many messages. Signatures whose R is of small order are refused as well.
// Source: RFC 8032 §5.1; the fourteen small-order encodings in tests/vectors/ed25519.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::keys {

using Ed25519Signature = std::array<std::uint8_t, 64>;

class Ed25519PublicKey {
public:
    // Errc::invalid unless 32 bytes, a canonical point of large order.
    static Result<Ed25519PublicKey> parse(ByteView bytes);

    // False for a signature of another length, as for any that does not match. About 95 µs.
    bool verifies(ByteView message, ByteView signature) const;

    const Hash& bytes() const { return bytes_; }
    auto operator<=>(const Ed25519PublicKey&) const = default;

private:
    friend class Ed25519Key;
    explicit Ed25519PublicKey(const Hash& bytes) : bytes_(bytes) {}
    Hash bytes_;
};

// The secret half; its 32-byte seed is cleared on destruction and never printed.
class Ed25519Key {
public:
    static Ed25519Key from_seed(const Hash& seed);
    Ed25519Key(const Ed25519Key&) = default;
    Ed25519Key& operator=(const Ed25519Key&) = default;
    ~Ed25519Key();

    // Deterministic. About 75 µs: the library derives the public key anew.
    Ed25519Signature sign(ByteView message) const;

    const Ed25519PublicKey& public_key() const { return public_key_; }
    const Hash& seed() const { return seed_; }

private:
    Ed25519Key(const Hash& seed, const Ed25519PublicKey& public_key)
        : seed_(seed), public_key_(public_key) {}
    Hash seed_;
    Ed25519PublicKey public_key_;
};

}  // namespace chancery::keys
