#include "crypto/keys/tls_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;

constexpr const char* curve_name = SN_X9_62_prime256v1;
constexpr std::size_t point_bytes = 65;  // 04 ‖ x ‖ y

// OpenSSL's i2d functions tell the length first, then write. Empty if it refuses.
template <typename T, typename Encode>
Bytes der(const T* object, Encode encode) {
    const int length = encode(object, nullptr);
    if (length <= 0) return {};
    Bytes bytes(static_cast<std::size_t>(length));
    unsigned char* end = bytes.data();
    CHECK(encode(object, &end) == length);
    return bytes;
}

Result<PrivateKey> key_from(const BIGNUM* secret) {
    const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    CHECK(group);
    if (BN_is_zero(secret) != 0 || BN_cmp(secret, EC_GROUP_get0_order(group.get())) >= 0)
        return Error{Errc::invalid, "TLS secret is zero or not below the order of P-256"};
    const Point point(EC_POINT_new(group.get()));
    CHECK(point);
    CHECK(EC_POINT_mul(group.get(), point.get(), secret, nullptr, nullptr, nullptr) == 1);
    std::array<std::uint8_t, point_bytes> encoded{};
    CHECK(EC_POINT_point2oct(group.get(),
                             point.get(),
                             POINT_CONVERSION_UNCOMPRESSED,
                             encoded.data(),
                             encoded.size(),
                             nullptr) == encoded.size());

    const Builder builder(OSSL_PARAM_BLD_new());
    CHECK(builder);
    CHECK(OSSL_PARAM_BLD_push_utf8_string(
              builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve_name, 0) == 1);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
    CHECK(OSSL_PARAM_BLD_push_octet_string(
              builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size()) == 1);
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    CHECK(parameters && context);
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return PrivateKey(made);
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 32> name{};
    std::size_t length = 0;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1 &&
           std::string_view(name.data(), length) == curve_name;
}

}  // namespace

Result<Bytes> tls_key_from_secret(const Hash& secret) {
    const Number number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
    CHECK(number);
    const Result<PrivateKey> key = key_from(number.get());
    if (!key) return key.error();
    const Pkcs8 info(EVP_PKEY2PKCS8(key->get()));
    CHECK(info);
    return der(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
}

Result<Hash> tls_spki_sha256(ByteView pkcs8) {
    const unsigned char* end = pkcs8.data();
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &end, static_cast<long>(pkcs8.size())));
    if (!info || end != pkcs8.data() + pkcs8.size())
        return Error{Errc::invalid, "TLS key is not one PKCS#8 structure"};
    const PrivateKey key(EVP_PKCS82PKEY(info.get()));
    if (!key || !is_p256(key.get())) return Error{Errc::invalid, "TLS key is not a P-256 key"};
    return sha256(der(key.get(), i2d_PUBKEY));
}

}  // namespace chancery::keys
