// An authority for one test: it issues certificates to servers, good ones and bad, as PEM.
#pragma once

#include <cstring>
#include <string>

#include <openssl/pem.h>

#include "tests/support/tls_stranger.h"

namespace chancery::test {

struct PemPair {
    std::string certificates;
    std::string key;
};

inline std::string pem_of(BIO* written) {
    char* begin = nullptr;
    const long length = BIO_get_mem_data(written, &begin);
    std::string text(begin, static_cast<std::size_t>(length));
    BIO_free(written);
    return text;
}
inline std::string pem_of(X509* certificate) {
    BIO* const out = BIO_new(BIO_s_mem());
    CHECK(PEM_write_bio_X509(out, certificate) == 1);
    return pem_of(out);
}
// `passphrase`: of a key that is sealed.
inline std::string pem_of(EVP_PKEY* key, const char* passphrase = nullptr) {
    BIO* const out = BIO_new(BIO_s_mem());
    const EVP_CIPHER* const cipher = passphrase == nullptr ? nullptr : EVP_aes_256_cbc();
    const int length = passphrase == nullptr ? 0 : static_cast<int>(std::strlen(passphrase));
    CHECK(PEM_write_bio_PKCS8PrivateKey(out, key, cipher, passphrase, length, nullptr, nullptr) ==
          1);
    return pem_of(out);
}

class TestAuthority {
public:
    explicit TestAuthority(const std::string& name = "Test Authority")
        : key_(curve_key("P-256")),
          certificate_(certify(key_.get(), key_.get(), {}, [&](X509* own) {
              with_name(name)(own);
              with_extension(NID_basic_constraints, "critical,CA:TRUE")(own);
          })) {}

    std::string pem() const { return pem_of(certificate_.get()); }

    // For this machine's loopback and localhost, unless `names` says otherwise.
    PemPair issue(keys::PrivateKey key,
                  Dates dates = {},
                  const std::string& names = "DNS:localhost,IP:127.0.0.1,IP:::1",
                  const Wording& wording = {}) const {
        const Certificate issued = certify(key.get(), key_.get(), dates, [&](X509* one) {
            CHECK(X509_set_issuer_name(one, X509_get_subject_name(certificate_.get())) == 1);
            ASN1_INTEGER_set(X509_get_serialNumber(one), 2);
            if (!names.empty()) with_extension(NID_subject_alt_name, names)(one);
            if (wording) wording(one);
        });
        return {pem_of(issued.get()), pem_of(key.get())};
    }
    PemPair issue(Dates dates = {}) const { return issue(curve_key("P-256"), dates); }

private:
    keys::PrivateKey key_;
    Certificate certificate_;
};

}  // namespace chancery::test
