// Keys that cost next to nothing, linked in place of crypto/keys for long swarms: signatures took
// nine tenths of a run. Whoever knows the public key could sign, and nobody here does; a wrong
// message, key or length is refused as by the real ones.
//
// Production code does not know of this: it is another definition of the same headers, chosen by
// the linker. One program of the simulator runs with the real keys.
#include <algorithm>

#include "crypto/keys/ed25519.h"
#include "crypto/keys/member_key.h"

namespace chancery::keys {
namespace {

constexpr std::size_t signature_bytes = 64;

std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
    std::uint64_t z = (state ^ word) + 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::uint64_t absorb(std::uint64_t state, ByteView bytes) {
    state = mixed(state, bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t word = 0;
        const std::size_t end = std::min(at + 8, bytes.size());
        for (std::size_t i = at; i < end; ++i)
            word = word << 8 | bytes[i];
        state = mixed(state, word);
    }
    return state;
}

template <std::size_t size>
std::array<std::uint8_t, size> squeeze(std::uint64_t state) {
    std::array<std::uint8_t, size> out{};
    for (std::size_t i = 0; i < size; ++i) {
        if (i % 8 == 0) state = mixed(state, i);
        out[i] = static_cast<std::uint8_t>(state >> (i % 8 * 8));
    }
    return out;
}

std::array<std::uint8_t, signature_bytes> signature_of(const Hash& public_key, ByteView message) {
    return squeeze<signature_bytes>(absorb(absorb(1, public_key), message));
}

bool is_signature(const Hash& public_key, ByteView message, ByteView signature) {
    return std::ranges::equal(signature, signature_of(public_key, message));
}

Hash public_key_of(const Hash& secret) { return squeeze<32>(absorb(2, secret)); }

Result<Hash> parse_key(ByteView bytes) {
    Hash key{};
    if (bytes.size() != key.size()) return Error{Errc::invalid, "want a key of 32 bytes"};
    std::ranges::copy(bytes, key.begin());
    return key;
}

}  // namespace

// No library stands behind these keys.
Ed25519PublicKey::Ed25519PublicKey(const Hash& bytes) : bytes_(bytes) {}

Result<Ed25519PublicKey> Ed25519PublicKey::parse(ByteView bytes) {
    const auto key = parse_key(bytes);
    if (!key) return key.error();
    return Ed25519PublicKey(*key);
}

bool Ed25519PublicKey::verifies(ByteView message, ByteView signature) const {
    return is_signature(bytes_, message, signature);
}

Ed25519Key Ed25519Key::from_seed(const Hash& seed) {
    return {seed, nullptr, Ed25519PublicKey(public_key_of(seed))};
}

Ed25519Key::~Ed25519Key() = default;

Ed25519Signature Ed25519Key::sign(ByteView message) const {
    return signature_of(public_key_.bytes(), message);
}

Hash tagged_hash(std::string_view tag, ByteView message) {
    return squeeze<32>(absorb(absorb(3, bytes_of(tag)), message));
}

Result<MemberPublicKey> MemberPublicKey::parse(ByteView x) {
    const auto key = parse_key(x);
    if (!key) return key.error();
    return MemberPublicKey(*key, {});
}

bool MemberPublicKey::verifies(const Hash& message, ByteView signature) const {
    return is_signature(x_, message, signature);
}

Result<MemberKey> MemberKey::from_secret(const Hash& secret) {
    return MemberKey(secret, MemberPublicKey(public_key_of(secret), {}));
}

MemberKey::~MemberKey() = default;

SchnorrSignature MemberKey::sign(const Hash& message, const Hash& /*auxiliary*/) const {
    return signature_of(public_key_.x(), message);
}

}  // namespace chancery::keys
