#include "rpc/server_tls.h"

#include <array>
#include <string>
#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "crypto/keys/openssl.h"

namespace chancery::rpc {
namespace {

using PemReader = std::unique_ptr<BIO, keys::Release<BIO_free>>;
using ShownCertificate = std::unique_ptr<X509, keys::Release<X509_free>>;

constexpr std::size_t certificates_max = 10;
// 112 bits: RSA and DH of 2,048 bits, curves of 224, no SHA-1.
constexpr int security_level = 2;
constexpr const char* ciphers_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

PemReader reader_of(std::string_view pem) {
    PemReader reader(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CHECK(reader);
    return reader;
}

// In place of OpenSSL's own, which asks at the terminal.
int no_passphrase(char* /*into*/, int /*size*/, int /*is_writing*/, void* /*unused*/) { return -1; }

std::string why_of_openssl() {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == nullptr ? "unknown" : reason;
}

Result<std::vector<ShownCertificate>> read_certificates(std::string_view pem) {
    const PemReader reader = reader_of(pem);
    std::vector<ShownCertificate> chain;
    while (chain.size() <= certificates_max) {
        ShownCertificate next(PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr));
        if (next) {
            chain.push_back(std::move(next));
            continue;
        }
        const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        const std::string why = why_of_openssl();
        if (!is_end) return invalid("a certificate that is unreadable: " + why);
        if (chain.empty()) return invalid("no certificate in it, want PEM");
        return chain;
    }
    return invalid("more than " + std::to_string(certificates_max) + " certificates");
}

Result<keys::PrivateKey> read_key(std::string_view pem) {
    if (pem.find("ENCRYPTED") != std::string_view::npos)
        return invalid("the key is sealed under a passphrase, want one that is not");
    const PemReader reader = reader_of(pem);
    keys::PrivateKey key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    if (!key) return invalid("no private key in it, want PEM");
    return key;
}

std::string day_of(const ASN1_TIME* time) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

Result<void> check_own(X509* own, EVP_PKEY* key) {
    if (X509_check_private_key(own, key) != 1) {
        ERR_clear_error();
        return invalid("the key is another one than the certificate's");
    }
    // 0 if a date cannot be read.
    if (const ASN1_TIME* from = X509_get0_notBefore(own); X509_cmp_time(from, nullptr) >= 0)
        return invalid("the certificate is not valid before " + day_of(from));
    if (const ASN1_TIME* until = X509_get0_notAfter(own); X509_cmp_time(until, nullptr) <= 0)
        return invalid("the certificate expired on " + day_of(until));
    if (X509_check_purpose(own, X509_PURPOSE_SSL_SERVER, 0) != 1)
        return invalid("the certificate is not one for servers");
    return {};
}

Result<void> check_order(const std::vector<ShownCertificate>& chain) {
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
        if (X509_check_issued(chain[i + 1].get(), chain[i].get()) != X509_V_OK)
            return invalid("certificate " + std::to_string(i + 2) +
                           " did not issue the one before it, want the server's own first");
    return {};
}

// Of what a client offers; nothing in common ends the handshake. The parameters are OpenSSL's.
int choose_protocol(  // NOLINT(readability-function-size)
    SSL* /*stream*/,
    const unsigned char** chosen,
    unsigned char* length,
    const unsigned char* offered,
    unsigned int offered_length,
    void* /*unused*/) {
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(
        &found, length, http_1_1.data(), http_1_1.size(), offered, offered_length);
    if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void choose_versions(SSL_CTX* context) {
    CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
    CHECK(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1);
    CHECK(SSL_CTX_set_cipher_list(context, ciphers_1_2) == 1);
    std::string groups = "X25519:P-256:P-384";  // The macro takes const away.
    CHECK(SSL_CTX_set1_groups_list(context, groups.data()) == 1);
    SSL_CTX_set_security_level(context, security_level);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    CHECK(SSL_CTX_set_num_tickets(context, 0) == 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // An idle connection holds no buffers; a writer may come back with what is left.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

Result<void> show(SSL_CTX* context, const std::vector<ShownCertificate>& chain, EVP_PKEY* key) {
    ERR_clear_error();
    bool is_taken = SSL_CTX_use_certificate(context, chain.front().get()) == 1;
    for (std::size_t i = 1; is_taken && i < chain.size(); ++i)
        is_taken = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
    if (is_taken && SSL_CTX_use_PrivateKey(context, key) == 1) return {};
    return invalid("a certificate that no client would take: " + why_of_openssl());
}

}  // namespace

Result<std::unique_ptr<ServerTls>> ServerTls::make(const TlsPems& pems) {
    const auto chain = read_certificates(pems.certificates);
    if (!chain) return chain.error();
    const auto key = read_key(pems.key);
    if (!key) return key.error();
    X509* const own = chain->front().get();
    if (auto good = check_own(own, key->get()); !good) return good.error();
    if (auto good = check_order(*chain); !good) return good.error();
    auto tls = std::unique_ptr<ServerTls>(new ServerTls);
    SSL_CTX* const context = tls->context_.native_handle();
    choose_versions(context);
    if (auto shown = show(context, *chain, key->get()); !shown) return shown.error();
    std::tm last{};
    CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(own), &last) == 1);
    tls->valid_until_ = timegm(&last);
    return tls;
}

}  // namespace chancery::rpc
