#include "crypto/keys/member_key.h"

#include <algorithm>

#include <openssl/crypto.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

#include "crypto/keys/secp256k1_curve.h"

namespace chancery::keys {
namespace {

// Cleared when it goes.
class Keypair {
public:
    explicit Keypair(const Hash& secret)
        : valid_(secp256k1_keypair_create(curve(), &pair_, secret.data()) == 1) {}
    Keypair(const Keypair&) = delete;
    Keypair& operator=(const Keypair&) = delete;
    ~Keypair() { OPENSSL_cleanse(&pair_, sizeof pair_); }

    bool is_valid() const { return valid_; }
    const secp256k1_keypair* get() const { return &pair_; }

private:
    secp256k1_keypair pair_{};
    bool valid_;
};

}  // namespace

Hash tagged_hash(std::string_view tag, ByteView message) {
    Hash hash{};
    CHECK(secp256k1_tagged_sha256(curve(),
                                  hash.data(),
                                  data_of(bytes_of(tag)),
                                  tag.size(),
                                  data_of(message),
                                  message.size()) == 1);
    return hash;
}

Result<MemberPublicKey> MemberPublicKey::parse(ByteView x) {
    Hash key{};
    if (x.size() != key.size()) {
        return Error{Errc::invalid,
                     "a BIP-340 key of " + std::to_string(x.size()) + " bytes, want 32"};
    }
    std::ranges::copy(x, key.begin());
    secp256k1_xonly_pubkey point{};
    if (secp256k1_xonly_pubkey_parse(curve(), &point, key.data()) != 1) {
        return Error{Errc::invalid, "a BIP-340 key that is no point of the curve"};
    }
    return MemberPublicKey(key, std::to_array(point.data));
}

bool MemberPublicKey::verifies(const Hash& message, ByteView signature) const {
    if (signature.size() != std::tuple_size_v<SchnorrSignature>) return false;
    secp256k1_xonly_pubkey point{};
    std::ranges::copy(point_, point.data);
    return secp256k1_schnorrsig_verify(
               curve(), signature.data(), message.data(), message.size(), &point) == 1;
}

Result<MemberKey> MemberKey::from_secret(const Hash& secret) {
    const Keypair pair(secret);
    if (!pair.is_valid()) {
        return Error{Errc::invalid, "a BIP-340 secret that is zero or not below the group's order"};
    }
    secp256k1_xonly_pubkey point{};
    CHECK(secp256k1_keypair_xonly_pub(curve(), &point, nullptr, pair.get()) == 1);
    Hash x{};
    CHECK(secp256k1_xonly_pubkey_serialize(curve(), x.data(), &point) == 1);
    return MemberKey(secret, MemberPublicKey(x, std::to_array(point.data)));
}

MemberKey::~MemberKey() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

SchnorrSignature MemberKey::sign(const Hash& message, const Hash& auxiliary) const {
    const Keypair pair(secret_);
    CHECK(pair.is_valid());
    SchnorrSignature signature{};
    CHECK(secp256k1_schnorrsig_sign32(
              curve(), signature.data(), message.data(), pair.get(), auxiliary.data()) == 1);
    return signature;
}

}  // namespace chancery::keys
