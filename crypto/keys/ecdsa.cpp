#include "crypto/keys/ecdsa.h"

#include <string>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

struct CurveFacts {
    const char* name;
    std::size_t field_bytes;
    const EVP_MD* (*hash)();
};
CurveFacts facts_of(Curve curve) {
    return curve == Curve::p256 ? CurveFacts{SN_X9_62_prime256v1, 32, EVP_sha256}
                                : CurveFacts{SN_secp384r1, 48, EVP_sha384};
}

constexpr std::uint8_t even_y = 0x02;
constexpr std::uint8_t odd_y = 0x03;
constexpr std::uint8_t uncompressed = 0x04;

// Null unless it is a point on the curve, in either form.
std::shared_ptr<EVP_PKEY> key_of_point(Curve curve, ByteView encoded) {
    std::string name = facts_of(curve).name;
    Bytes point(encoded.begin(), encoded.end());
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    CHECK(context && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* made = nullptr;
    const bool is_point = EVP_PKEY_fromdata(context.get(),
                                            &made,
                                            EVP_PKEY_PUBLIC_KEY,
                                            const_cast<OSSL_PARAM*>(parameters.data())) == 1;
    std::shared_ptr<EVP_PKEY> handle(made, EVP_PKEY_free);
    return is_point ? handle : nullptr;
}

// r ‖ s as the structure that OpenSSL reads; empty unless both fit.
Bytes der_of(ByteView signature, std::size_t field_bytes) {
    if (signature.size() != 2 * field_bytes) return {};
    const EcdsaSignature parts(ECDSA_SIG_new());
    const int length = static_cast<int>(field_bytes);
    Number r(BN_bin2bn(signature.data(), length, nullptr));
    Number s(BN_bin2bn(signature.data() + field_bytes, length, nullptr));
    CHECK(parts && r && s);
    CHECK(ECDSA_SIG_set0(parts.get(), r.release(), s.release()) == 1);
    Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(parts.get(), nullptr)));
    unsigned char* end = der.data();
    CHECK(i2d_ECDSA_SIG(parts.get(), &end) == static_cast<int>(der.size()));
    return der;
}

}  // namespace

Result<EcdsaPublicKey> EcdsaPublicKey::from_coordinates(Curve curve, ByteView x, ByteView y) {
    const std::size_t field_bytes = facts_of(curve).field_bytes;
    if (x.size() != field_bytes || y.size() != field_bytes) {
        return Error{Errc::invalid,
                     "ECDSA key has coordinates of " + std::to_string(x.size()) + " and " +
                         std::to_string(y.size()) + " bytes, want " + std::to_string(field_bytes)};
    }
    if (!key_of_point(curve, Writer().u8(uncompressed).bytes(x).bytes(y).written())) {
        return Error{Errc::invalid, "ECDSA key is no point on its curve"};
    }
    const std::uint8_t parity = y.back() & 1U;
    const auto sign = static_cast<std::uint8_t>(even_y + parity);
    return parse(curve, Writer().u8(sign).bytes(x).written());
}

Result<EcdsaPublicKey> EcdsaPublicKey::parse(Curve curve, ByteView compressed) {
    const CurveFacts facts = facts_of(curve);
    const bool is_compressed = compressed.size() == facts.field_bytes + 1 &&
                               (compressed.front() == even_y || compressed.front() == odd_y);
    if (!is_compressed) {
        return Error{Errc::invalid,
                     "ECDSA key has " + std::to_string(compressed.size()) +
                         " bytes, want a compressed point of " +
                         std::to_string(facts.field_bytes + 1)};
    }
    std::shared_ptr<EVP_PKEY> handle = key_of_point(curve, compressed);
    if (!handle) return Error{Errc::invalid, "ECDSA key is no point on its curve"};
    return EcdsaPublicKey(curve, compressed, std::move(handle));
}

EcdsaPublicKey::Coordinates EcdsaPublicKey::coordinates() const {
    const std::size_t field_bytes = facts_of(curve_).field_bytes;
    const auto coordinate = [&](const char* name) {
        BIGNUM* number = nullptr;
        CHECK(EVP_PKEY_get_bn_param(handle_.get(), name, &number) == 1);
        const Number owned(number);
        Bytes bytes(field_bytes);
        CHECK(BN_bn2binpad(owned.get(), bytes.data(), static_cast<int>(field_bytes)) >= 0);
        return bytes;
    };
    return {coordinate(OSSL_PKEY_PARAM_EC_PUB_X), coordinate(OSSL_PKEY_PARAM_EC_PUB_Y)};
}

bool EcdsaPublicKey::verifies(ByteView message, ByteView signature) const {
    const CurveFacts facts = facts_of(curve_);
    const Bytes der = der_of(signature, facts.field_bytes);
    if (der.empty()) return false;
    const DigestContext context(EVP_MD_CTX_new());
    CHECK(context);
    CHECK(EVP_DigestVerifyInit(context.get(), nullptr, facts.hash(), nullptr, handle_.get()) == 1);
    return EVP_DigestVerify(
               context.get(), der.data(), der.size(), message.data(), message.size()) == 1;
}

}  // namespace chancery::keys
