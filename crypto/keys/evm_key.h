// Keys and addresses of EVM chains: with them members anchor, and nothing else.
//
//     address = last 20 bytes of Keccak-256(x ‖ y)
//
// A signature is ECDSA on secp256k1 over 32 bytes, deterministic, with the lower of the two
// possible s; the signer's address follows from it. Addresses are written in lower case: the
// mixed case of EIP-55 is a check for people, and one key is to have one text.
// Source: Ethereum yellow paper, appendix F; EIP-2 (low s); EIP-191 (what wallets sign).
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::keys {

class EvmAddress {
public:
    using Raw = std::array<std::uint8_t, 20>;
    EvmAddress() = default;  // All zeros, of which nobody has the key.
    explicit EvmAddress(const Raw& bytes) : bytes_(bytes) {}
    // Errc::invalid unless "0x" and 40 lower-case hex digits.
    static Result<EvmAddress> parse(std::string_view text);

    std::string text() const;
    const Raw& bytes() const { return bytes_; }
    bool operator==(const EvmAddress&) const = default;
    auto operator<=>(const EvmAddress&) const = default;

private:
    Raw bytes_{};
};

struct EvmSignature {
    Hash r{};
    Hash s{};
    std::uint8_t y_parity = 0;  // 0 or 1: of the point that r is the x of.

    bool operator==(const EvmSignature&) const = default;
};

// Who signed `hash`. Errc::forbidden for r or s that is zero or not below the group's order, an s
// in the upper half, a parity above 1, and where no key could have made it. About 50 µs.
Result<EvmAddress> recover_evm_address(const Hash& hash, const EvmSignature& signature);

// Keccak-256 of "\x19Ethereum Signed Message:\n" ‖ length in decimal ‖ message (EIP-191, 0x45).
Hash personal_message_hash(ByteView message);

// Whether `address` signed `message` as a wallet's personal_sign does: r ‖ s ‖ v, 65 bytes, v 27
// or 28. False for any other form.
bool evm_signed(const EvmAddress& address, ByteView message, ByteView signature);

// The secret half; cleared on destruction, never printed.
class EvmKey {
public:
    using Point = std::array<std::uint8_t, 64>;  // x ‖ y.

    // Errc::invalid for zero and for what is not below the group's order.
    static Result<EvmKey> from_secret(const Hash& secret);
    EvmKey(const EvmKey&) = default;
    EvmKey& operator=(const EvmKey&) = default;
    ~EvmKey();

    // The same signature for the same hash, always (RFC 6979). Low s.
    EvmSignature sign(const Hash& hash) const;
    // What evm_signed() takes.
    Bytes sign_personal(ByteView message) const;

    const EvmAddress& address() const { return address_; }
    const Point& public_point() const { return public_point_; }
    const Hash& secret() const { return secret_; }

private:
    EvmKey(const Hash& secret, const Point& public_point);

    Hash secret_;
    Point public_point_;
    EvmAddress address_;
};

}  // namespace chancery::keys
