#include "crypto/keys/tls_key.h"

#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/openssl.h"
#include "crypto/keys/pkcs8.h"

namespace chancery::keys {
namespace {

using TlsKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;

Bytes spki_of(const EVP_PKEY* key) {
    const int length = i2d_PUBKEY(key, nullptr);
    CHECK(length > 0);
    Bytes bytes(static_cast<std::size_t>(length));
    unsigned char* end = bytes.data();
    CHECK(i2d_PUBKEY(key, &end) == length);
    return bytes;
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 32> name{};
    std::size_t length = 0;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1 &&
           std::string_view(name.data(), length) == SN_X9_62_prime256v1;
}

}  // namespace

Result<Bytes> tls_key_from_secret(const Hash& secret) { return p256_to_pkcs8(secret); }

Result<Hash> tls_spki_sha256(ByteView pkcs8) {
    const unsigned char* end = pkcs8.data();
    const TlsKeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &end, static_cast<long>(pkcs8.size())));
    if (!info || end != pkcs8.data() + pkcs8.size())
        return Error{Errc::invalid, "TLS key is not one PKCS#8 structure"};
    const PrivateKey key(EVP_PKCS82PKEY(info.get()));
    if (!key || !is_p256(key.get())) return Error{Errc::invalid, "TLS key is not a P-256 key"};
    return sha256(spki_of(key.get()));
}

}  // namespace chancery::keys
