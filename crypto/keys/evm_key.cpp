#include "crypto/keys/evm_key.h"

#include <algorithm>

#include <openssl/crypto.h>
#include <secp256k1_recovery.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/keccak256.h"
#include "crypto/keys/secp256k1_curve.h"

namespace chancery::keys {
namespace {

constexpr std::size_t personal_signature_bytes = 65;
constexpr std::uint8_t v_offset = 27;  // Of Bitcoin's days; EIP-191 signatures kept it.

// Not the 04 before an uncompressed point.
EvmKey::Point coordinates(const secp256k1_pubkey& key) {
    std::array<std::uint8_t, 65> written{};
    std::size_t length = written.size();
    CHECK(secp256k1_ec_pubkey_serialize(
              curve(), written.data(), &length, &key, SECP256K1_EC_UNCOMPRESSED) == 1);
    CHECK(length == written.size());
    EvmKey::Point point{};
    std::ranges::copy(ByteView(written).subspan(1), point.begin());
    return point;
}

EvmAddress address_of(const EvmKey::Point& point) {
    const Hash hash = keccak256(point);
    EvmAddress::Raw bytes{};
    std::ranges::copy(ByteView(hash).last(bytes.size()), bytes.begin());
    return EvmAddress(bytes);
}

bool has_low_s(const secp256k1_ecdsa_recoverable_signature& signature) {
    secp256k1_ecdsa_signature plain{};
    CHECK(secp256k1_ecdsa_recoverable_signature_convert(curve(), &plain, &signature) == 1);
    return secp256k1_ecdsa_signature_normalize(curve(), nullptr, &plain) == 0;
}

}  // namespace

Result<EvmAddress> EvmAddress::parse(std::string_view text) {
    const Error wrong{Errc::invalid,
                      "an address of " + std::to_string(text.size()) +
                          " characters, want 0x and 40 lower-case hex digits"};
    if (!text.starts_with("0x")) return wrong;
    const auto bytes = from_hex(text.substr(2));
    Raw address{};
    if (!bytes || bytes->size() != address.size()) return wrong;
    std::ranges::copy(*bytes, address.begin());
    return EvmAddress(address);
}

std::string EvmAddress::text() const { return "0x" + to_hex(bytes_); }

Result<EvmAddress> recover_evm_address(const Hash& hash, const EvmSignature& signature) {
    const Error wrong{Errc::forbidden, "no key could have made this EVM signature"};
    if (signature.y_parity > 1) return wrong;
    std::array<std::uint8_t, 64> compact{};
    std::ranges::copy(signature.r, compact.begin());
    std::ranges::copy(signature.s, compact.begin() + 32);
    secp256k1_ecdsa_recoverable_signature parsed{};
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(
            curve(), &parsed, compact.data(), signature.y_parity) != 1) {
        return wrong;
    }
    if (!has_low_s(parsed)) {
        return Error{Errc::forbidden, "an EVM signature with its s in the upper half"};
    }
    secp256k1_pubkey key{};
    if (secp256k1_ecdsa_recover(curve(), &key, &parsed, hash.data()) != 1) return wrong;
    return address_of(coordinates(key));
}

Hash personal_message_hash(ByteView message) {
    Writer signed_bytes;
    signed_bytes
        .text(
            "\x19"
            "Ethereum Signed Message:\n")
        .text(std::to_string(message.size()))
        .bytes(message);
    return keccak256(signed_bytes.written());
}

bool evm_signed(const EvmAddress& address, ByteView message, ByteView signature) {
    if (signature.size() != personal_signature_bytes) return false;
    Reader in(signature);
    EvmSignature taken;
    taken.r = in.array<32>();
    taken.s = in.array<32>();
    const std::uint8_t v = in.u8();
    if (v < v_offset) return false;
    taken.y_parity = static_cast<std::uint8_t>(v - v_offset);
    const auto signer = recover_evm_address(personal_message_hash(message), taken);
    return signer && *signer == address;
}

Result<EvmKey> EvmKey::from_secret(const Hash& secret) {
    secp256k1_pubkey key{};
    if (secp256k1_ec_pubkey_create(curve(), &key, secret.data()) != 1) {
        return Error{Errc::invalid, "an EVM secret that is zero or not below the group's order"};
    }
    return EvmKey(secret, coordinates(key));
}

EvmKey::EvmKey(const Hash& secret, const Point& public_point)
    : secret_(secret), public_point_(public_point), address_(address_of(public_point)) {}

EvmKey::~EvmKey() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

EvmSignature EvmKey::sign(const Hash& hash) const {
    secp256k1_ecdsa_recoverable_signature made{};
    CHECK(secp256k1_ecdsa_sign_recoverable(
              curve(), &made, hash.data(), secret_.data(), nullptr, nullptr) == 1);
    std::array<std::uint8_t, 64> compact{};
    int recovery_id = 0;
    CHECK(secp256k1_ecdsa_recoverable_signature_serialize_compact(
              curve(), compact.data(), &recovery_id, &made) == 1);
    // Above 1 only for an x beyond the group's order: one in 2^127.
    CHECK(recovery_id == 0 || recovery_id == 1);
    EvmSignature signature;
    std::ranges::copy(ByteView(compact).first(32), signature.r.begin());
    std::ranges::copy(ByteView(compact).last(32), signature.s.begin());
    signature.y_parity = static_cast<std::uint8_t>(recovery_id);
    return signature;
}

Bytes EvmKey::sign_personal(ByteView message) const {
    const EvmSignature signature = sign(personal_message_hash(message));
    const auto v = static_cast<std::uint8_t>(v_offset + signature.y_parity);
    return Writer().bytes(signature.r).bytes(signature.s).u8(v).take();
}

}  // namespace chancery::keys
