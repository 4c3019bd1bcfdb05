#include "crypto/keys/multikey.h"

#include "crypto/base/encoding.h"

namespace chancery::keys {
namespace {

// Multicodec numbers as varints.
constexpr std::array<std::uint8_t, 2> ed25519_codec = {0xed, 0x01};
constexpr std::array<std::uint8_t, 2> secp256k1_codec = {0xe7, 0x01};
constexpr std::array<std::uint8_t, 2> p256_codec = {0x80, 0x24};
constexpr std::array<std::uint8_t, 2> p384_codec = {0x81, 0x24};
constexpr std::array<std::uint8_t, 2> rsa_codec = {0x85, 0x24};
constexpr std::uint8_t even_point = 0x02;
constexpr std::string_view did_key_prefix = "did:key:";

std::string in_base58(const Writer& bytes) { return "z" + to_base58(bytes.written()); }

using Decode = Result<Bytes> (*)(std::string_view);

// What stands after the codec.
Result<Bytes> after_codec(std::string_view text, ByteView codec, Decode decode) {
    if (!text.starts_with('z')) return Error{Errc::invalid, "a Multikey that is not base58btc"};
    const Result<Bytes> decoded = decode(text.substr(1));
    if (!decoded) return decoded.error();
    Reader in(*decoded);
    if (!equal(in.bytes(codec.size()), codec)) {
        return Error{Errc::invalid, "a Multikey of another kind of key"};
    }
    return Bytes(in.rest().begin(), in.rest().end());
}

// The same, `key_bytes` of it.
Result<Bytes> key_of(std::string_view text, ByteView codec, std::size_t key_bytes) {
    Result<Bytes> key = after_codec(text, codec, from_base58);
    if (key && key->size() != key_bytes) {
        return Error{Errc::invalid,
                     "a Multikey with " + std::to_string(key->size()) + " bytes of key, want " +
                         std::to_string(key_bytes)};
    }
    return key;
}

}  // namespace

std::string multikey(const Ed25519PublicKey& key) {
    return in_base58(Writer().bytes(ed25519_codec).bytes(key.bytes()));
}

std::string multikey(const MemberPublicKey& key) {
    return in_base58(Writer().bytes(secp256k1_codec).u8(even_point).bytes(key.x()));
}

std::string multikey(const EcdsaPublicKey& key) {
    return in_base58(Writer()
                         .bytes(key.curve() == Curve::p256 ? p256_codec : p384_codec)
                         .bytes(key.compressed()));
}

std::string multikey(const RsaPublicKey& key) {
    return in_base58(Writer().bytes(rsa_codec).bytes(key.der()));
}

Result<Ed25519PublicKey> ed25519_from_multikey(std::string_view text) {
    const Result<Bytes> key = key_of(text, ed25519_codec, 32);
    if (!key) return key.error();
    return Ed25519PublicKey::parse(*key);
}

Result<MemberPublicKey> member_key_from_multikey(std::string_view text) {
    const Result<Bytes> key = key_of(text, secp256k1_codec, 33);
    if (!key) return key.error();
    if (key->front() != even_point) {
        return Error{Errc::invalid, "a secp256k1 Multikey that is not 02 and an x"};
    }
    return MemberPublicKey::parse(ByteView(*key).subspan(1));
}

Result<EcdsaPublicKey> ecdsa_from_multikey(std::string_view text) {
    const Result<Bytes> p384 = key_of(text, p384_codec, 49);
    if (p384) return EcdsaPublicKey::parse(Curve::p384, *p384);
    const Result<Bytes> p256 = key_of(text, p256_codec, 33);
    if (!p256) return p256.error();
    return EcdsaPublicKey::parse(Curve::p256, *p256);
}

Result<RsaPublicKey> rsa_from_multikey(std::string_view text) {
    const Result<Bytes> der = after_codec(text, rsa_codec, from_long_base58);
    if (!der) return der.error();
    return RsaPublicKey::from_der(*der);
}

std::string did_key(const Ed25519PublicKey& key) {
    return std::string(did_key_prefix) + multikey(key);
}

Result<Ed25519PublicKey> ed25519_from_did_key(std::string_view did) {
    if (!did.starts_with(did_key_prefix)) {
        return Error{Errc::invalid, "an identifier that is no did:key"};
    }
    return ed25519_from_multikey(did.substr(did_key_prefix.size()));
}

}  // namespace chancery::keys
