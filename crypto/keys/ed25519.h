// Ed25519: checkpoints, cosignatures, votes, and the proofs in documents.
//
// Public keys are refused unless canonical and of large order: with a small-order key one
// signature verifies many messages. Signatures whose R is of small order are refused as well.
// Source: RFC 8032 §5.1; the fourteen small-order encodings in tests/vectors/ed25519.
#pragma once

#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

extern "C" struct evp_pkey_st;  // OpenSSL's; copies of a key share one, which nobody changes.

namespace chancery::keys {

using Ed25519Signature = std::array<std::uint8_t, 64>;

class Ed25519PublicKey {
public:
    // Errc::invalid unless 32 bytes, a canonical point of large order.
    static Result<Ed25519PublicKey> parse(ByteView bytes);

    // False for a signature of another length, as for any that does not match. About 95 µs.
    bool verifies(ByteView message, ByteView signature) const;

    const Hash& bytes() const { return bytes_; }
    bool operator==(const Ed25519PublicKey& other) const { return bytes_ == other.bytes_; }
    auto operator<=>(const Ed25519PublicKey& other) const { return bytes_ <=> other.bytes_; }

private:
    friend class Ed25519Key;
    explicit Ed25519PublicKey(const Hash& bytes);
    Hash bytes_;
    std::shared_ptr<evp_pkey_st> handle_;
};

// The secret half; its 32-byte seed is cleared on destruction and never printed.
class Ed25519Key {
public:
    static Ed25519Key from_seed(const Hash& seed);
    Ed25519Key(const Ed25519Key&) = default;
    Ed25519Key& operator=(const Ed25519Key&) = default;
    ~Ed25519Key();

    // Deterministic. About 35 µs.
    Ed25519Signature sign(ByteView message) const;

    const Ed25519PublicKey& public_key() const { return public_key_; }
    const Hash& seed() const { return seed_; }

private:
    Ed25519Key(const Hash& seed,
               std::shared_ptr<evp_pkey_st> handle,
               const Ed25519PublicKey& public_key)
        : seed_(seed), handle_(std::move(handle)), public_key_(public_key) {}
    Hash seed_;
    std::shared_ptr<evp_pkey_st> handle_;
    Ed25519PublicKey public_key_;
};

}  // namespace chancery::keys
