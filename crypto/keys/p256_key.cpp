#include "crypto/keys/p256_key.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using P256Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using P256Point = std::unique_ptr<EC_POINT, Release<EC_POINT_clear_free>>;

P256Group p256() {
    P256Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    CHECK(group);
    return group;
}

Number secret_number(const Hash& bytes) {
    Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    CHECK(number);
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

Hash hash_bytes_of(const BIGNUM* number) {
    Hash bytes{};
    CHECK(BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())) ==
          static_cast<int>(bytes.size()));
    return bytes;
}

Hash hmac(const Hash& key, const Writer& message) {
    Hash result{};
    unsigned length = 0;
    CHECK(HMAC(EVP_sha256(),
               key.data(),
               static_cast<int>(key.size()),
               message.written().data(),
               message.written().size(),
               result.data(),
               &length) != nullptr);
    CHECK(length == result.size());
    return result;
}

// The candidates for nonces of one key and message, in their order: RFC 6979 §3.2, with names as
// there.
class Nonces {
public:
    Nonces(const Hash& secret, const Hash& reduced_hash) {
        V_.fill(0x01);
        for (const std::uint8_t round : {std::uint8_t{0}, std::uint8_t{1}}) {
            K_ = hmac(K_, Writer().bytes(V_).u8(round).bytes(secret).bytes(reduced_hash));
            V_ = hmac(K_, Writer().bytes(V_));
        }
    }
    Nonces(const Nonces&) = delete;
    Nonces& operator=(const Nonces&) = delete;
    ~Nonces() {
        OPENSSL_cleanse(K_.data(), K_.size());
        OPENSSL_cleanse(V_.data(), V_.size());
    }

    Number next() {
        if (has_begun_) {
            K_ = hmac(K_, Writer().bytes(V_).u8(0));
            V_ = hmac(K_, Writer().bytes(V_));
        }
        has_begun_ = true;
        V_ = hmac(K_, Writer().bytes(V_));
        return secret_number(V_);
    }

private:
    Hash K_{};  // NOLINT(readability-identifier-naming)
    Hash V_{};  // NOLINT(readability-identifier-naming)
    bool has_begun_ = false;
};

bool is_below_order(const BIGNUM* number, const BIGNUM* order) {
    return BN_is_zero(number) == 0 && BN_cmp(number, order) < 0;
}

Number x_of_multiple(const EC_GROUP* group, const BIGNUM* factor) {
    const P256Point point(EC_POINT_new(group));
    Number x(BN_new());
    CHECK(point && x);
    CHECK(EC_POINT_mul(group, point.get(), factor, nullptr, nullptr, nullptr) == 1);
    CHECK(EC_POINT_get_affine_coordinates(group, point.get(), x.get(), nullptr, nullptr) == 1);
    return x;
}

Bytes compressed_multiple(const EC_GROUP* group, const BIGNUM* factor) {
    const P256Point point(EC_POINT_new(group));
    CHECK(point);
    CHECK(EC_POINT_mul(group, point.get(), factor, nullptr, nullptr, nullptr) == 1);
    Bytes compressed(33);
    CHECK(EC_POINT_point2oct(group,
                             point.get(),
                             POINT_CONVERSION_COMPRESSED,
                             compressed.data(),
                             compressed.size(),
                             nullptr) == compressed.size());
    return compressed;
}

}  // namespace

Result<P256Key> P256Key::from_secret(const Hash& secret) {
    const P256Group group = p256();
    const Number number = secret_number(secret);
    if (!is_below_order(number.get(), EC_GROUP_get0_order(group.get()))) {
        return Error{Errc::invalid, "P-256 secret is zero or not below the group's order"};
    }
    const Bytes point = compressed_multiple(group.get(), number.get());
    auto public_key = EcdsaPublicKey::parse(Curve::p256, point);
    CHECK(public_key);
    return P256Key(secret, *std::move(public_key));
}

P256Key::~P256Key() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

// s = (h + r·d) / k, where the quotient is a product with k^(n-2): n is prime.
P256Signature P256Key::sign(ByteView message) const {
    const P256Group group = p256();
    const BIGNUM* const order = EC_GROUP_get0_order(group.get());
    const NumberContext context(BN_CTX_secure_new());
    const Number hash = secret_number(sha256(message));
    const Number secret = secret_number(secret_);
    const Number exponent(BN_dup(order));
    const Number r(BN_new());
    const Number s(BN_new());
    const Number inverse(BN_new());
    CHECK(context && exponent && r && s && inverse && BN_sub_word(exponent.get(), 2) == 1);
    CHECK(BN_nnmod(hash.get(), hash.get(), order, context.get()) == 1);
    Nonces nonces(secret_, hash_bytes_of(hash.get()));
    while (true) {
        const Number nonce = nonces.next();
        if (!is_below_order(nonce.get(), order)) continue;
        const Number x = x_of_multiple(group.get(), nonce.get());
        CHECK(BN_nnmod(r.get(), x.get(), order, context.get()) == 1);
        CHECK(BN_mod_exp_mont_consttime(
                  inverse.get(), nonce.get(), exponent.get(), order, context.get(), nullptr) == 1);
        CHECK(BN_mod_mul(s.get(), r.get(), secret.get(), order, context.get()) == 1);
        CHECK(BN_mod_add(s.get(), s.get(), hash.get(), order, context.get()) == 1);
        CHECK(BN_mod_mul(s.get(), s.get(), inverse.get(), order, context.get()) == 1);
        if (BN_is_zero(r.get()) != 0 || BN_is_zero(s.get()) != 0) continue;
        P256Signature signature{};
        std::ranges::copy(hash_bytes_of(r.get()), signature.begin());
        std::ranges::copy(hash_bytes_of(s.get()), signature.begin() + 32);
        return signature;
    }
}

}  // namespace chancery::keys
