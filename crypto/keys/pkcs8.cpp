#include "crypto/keys/pkcs8.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using CurveGroup = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using CurvePoint = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using P256Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using P256Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

using Pkcs8Info = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;

constexpr std::size_t uncompressed_bytes = 65;  // 04 ‖ x ‖ y

Result<PrivateKey> p256_handle(const BIGNUM* secret) {
    const CurveGroup group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    CHECK(group);
    if (BN_is_zero(secret) != 0 || BN_cmp(secret, EC_GROUP_get0_order(group.get())) >= 0)
        return Error{Errc::invalid, "P-256 secret is zero or not below the group's order"};
    const CurvePoint point(EC_POINT_new(group.get()));
    CHECK(point);
    CHECK(EC_POINT_mul(group.get(), point.get(), secret, nullptr, nullptr, nullptr) == 1);
    std::array<std::uint8_t, uncompressed_bytes> encoded{};
    CHECK(EC_POINT_point2oct(group.get(),
                             point.get(),
                             POINT_CONVERSION_UNCOMPRESSED,
                             encoded.data(),
                             encoded.size(),
                             nullptr) == encoded.size());

    const P256Builder builder(OSSL_PARAM_BLD_new());
    CHECK(builder);
    CHECK(OSSL_PARAM_BLD_push_utf8_string(
              builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) == 1);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
    CHECK(OSSL_PARAM_BLD_push_octet_string(
              builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size()) == 1);
    const P256Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    CHECK(parameters && context);
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return PrivateKey(made);
}

Bytes pkcs8_of(const EVP_PKEY* handle) {
    const Pkcs8Info info(EVP_PKEY2PKCS8(handle));
    const int length = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : 0;
    CHECK(length > 0);
    Bytes bytes(static_cast<std::size_t>(length));
    unsigned char* end = bytes.data();
    CHECK(i2d_PKCS8_PRIV_KEY_INFO(info.get(), &end) == length);
    return bytes;
}

bool is_on_p256(const EVP_PKEY* handle) {
    std::array<char, 32> name{};
    std::size_t length = 0;
    return EVP_PKEY_get_group_name(handle, name.data(), name.size(), &length) == 1 &&
           std::string_view(name.data(), length) == SN_X9_62_prime256v1;
}

Result<P256Key> p256_key_of(const EVP_PKEY* handle) {
    if (!is_on_p256(handle)) return Error{Errc::invalid, "PKCS#8 holds a key of another curve"};
    BIGNUM* found = nullptr;
    const bool is_there = EVP_PKEY_get_bn_param(handle, OSSL_PKEY_PARAM_PRIV_KEY, &found) == 1;
    const Number number(is_there ? found : nullptr);
    Hash secret{};
    if (!number || BN_bn2binpad(number.get(), secret.data(), static_cast<int>(secret.size())) < 0)
        return Error{Errc::invalid, "PKCS#8 holds no P-256 secret"};
    auto key = P256Key::from_secret(secret);
    OPENSSL_cleanse(secret.data(), secret.size());
    return key;
}

}  // namespace

Result<Bytes> p256_to_pkcs8(const Hash& secret) {
    const Number number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
    CHECK(number);
    const Result<PrivateKey> handle = p256_handle(number.get());
    if (!handle) return handle.error();
    return pkcs8_of(handle->get());
}

Bytes rsa_to_pkcs8(const RsaKey& key) { return pkcs8_of(key.handle()); }

Result<Pkcs8Key> from_pkcs8(ByteView der) {
    const unsigned char* end = der.data();
    const Pkcs8Info info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &end, static_cast<long>(der.size())));
    if (!info || end != der.data() + der.size())
        return Error{Errc::invalid, "is not one PKCS#8 structure"};
    PrivateKey handle(EVP_PKCS82PKEY(info.get()));
    if (!handle) return Error{Errc::invalid, "PKCS#8 holds a key of no known kind"};
    if (EVP_PKEY_get_base_id(handle.get()) == EVP_PKEY_EC) {
        auto key = p256_key_of(handle.get());
        if (!key) return key.error();
        return Pkcs8Key(*std::move(key));
    }
    auto key = RsaKey::from_handle(std::shared_ptr<EVP_PKEY>(handle.release(), EVP_PKEY_free));
    if (!key) return Error{Errc::invalid, "PKCS#8: " + key.error().detail};
    return Pkcs8Key(*std::move(key));
}

}  // namespace chancery::keys
