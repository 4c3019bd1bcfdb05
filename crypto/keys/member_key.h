// The keys that members act with: issuer and governance. Schnorr signatures on secp256k1.
//
// Every signature covers a tagged hash, so that none can be taken for another's purpose:
//     SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ message)
// Source: BIP-340.
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::keys {

using SchnorrSignature = std::array<std::uint8_t, 64>;

// BIP-340's hash_tag(message).
Hash tagged_hash(std::string_view tag, ByteView message);

class MemberPublicKey {
public:
    // `x`: 32 bytes, x-only. Errc::invalid unless the x of a point on the curve.
    static Result<MemberPublicKey> parse(ByteView x);

    // False for a signature of any other length. About 40 µs.
    bool verifies(const Hash& message, ByteView signature) const;

    const Hash& x() const { return x_; }
    bool operator==(const MemberPublicKey& other) const { return x_ == other.x_; }
    auto operator<=>(const MemberPublicKey& other) const { return x_ <=> other.x_; }

private:
    friend class MemberKey;
    using Point = std::array<std::uint8_t, 64>;  // As libsecp256k1 keeps it.
    MemberPublicKey(const Hash& x, const Point& point) : x_(x), point_(point) {}
    Hash x_;
    Point point_;
};

// The secret half; cleared on destruction, never printed.
class MemberKey {
public:
    // Errc::invalid for zero and for what is not below the group's order.
    static Result<MemberKey> from_secret(const Hash& secret);
    MemberKey(const MemberKey&) = default;
    MemberKey& operator=(const MemberKey&) = default;
    ~MemberKey();

    // `auxiliary`: fresh randomness against side channels; any value gives a valid signature.
    SchnorrSignature sign(const Hash& message, const Hash& auxiliary) const;

    const MemberPublicKey& public_key() const { return public_key_; }
    const Hash& secret() const { return secret_; }

private:
    MemberKey(const Hash& secret, const MemberPublicKey& public_key)
        : secret_(secret), public_key_(public_key) {}
    Hash secret_;
    MemberPublicKey public_key_;
};

}  // namespace chancery::keys
