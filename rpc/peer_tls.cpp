#include "rpc/peer_tls.h"

#include <array>
#include <ctime>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/openssl.h"
#include "crypto/keys/tls_key.h"

namespace chancery::rpc {
namespace {

namespace ssl = boost::asio::ssl;
using Certificate = std::unique_ptr<X509, keys::Release<X509_free>>;

constexpr const char* subject = "chancery node";  // Looked at by nobody.
constexpr long day_seconds = 24L * 60 * 60;
constexpr int valid_days = 3'650;
constexpr long chain_bytes_max = 16L * 1024;  // A single certificate takes half a KiB.

// OpenSSL's slot for our CertificateCheck; Asio keeps slot 0 for itself.
int check_slot() {
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    CHECK(slot > 0);
    return slot;
}

Certificate make_certificate(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    CHECK(certificate);
    X509* const x509 = certificate.get();
    CHECK(X509_set_version(x509, X509_VERSION_3) == 1);
    CHECK(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
    CHECK(X509_gmtime_adj(X509_getm_notBefore(x509), -day_seconds) != nullptr);
    CHECK(X509_time_adj_ex(X509_getm_notAfter(x509), valid_days, 0, nullptr) != nullptr);
    CHECK(X509_set_pubkey(x509, key) == 1);
    X509_NAME* const name = X509_get_subject_name(x509);
    const ByteView text = bytes_of(subject);
    CHECK(X509_NAME_add_entry_by_NID(name,
                                     NID_commonName,
                                     MBSTRING_ASC,
                                     text.data(),
                                     static_cast<int>(text.size()),
                                     -1,
                                     0) == 1);
    CHECK(X509_set_issuer_name(x509, name) == 1);
    CHECK(X509_sign(x509, key, EVP_sha256()) > 0);
    return certificate;
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 32> group{};
    std::size_t length = 0;
    return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == SN_X9_62_prime256v1;
}

std::string key_name(EVP_PKEY* key) {
    if (key == nullptr) return "unreadable";
    const char* const type = EVP_PKEY_get0_type_name(key);
    return std::string(type == nullptr ? "unknown" : type) + " of " +
           std::to_string(EVP_PKEY_get_bits(key)) + " bits";
}

Result<Hash> pin_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length <= 0) return invalid("its certificate's key is unreadable");
    const Hash pin = sha256(ByteView(der, static_cast<std::size_t>(length)));
    OPENSSL_free(der);
    return pin;
}

// Errc::forbidden or Errc::invalid; else the pin.
Result<Hash> check_form(const X509* certificate, int chain_count) {
    const auto forbidden = [](std::string detail) {
        return Error{Errc::forbidden, std::move(detail)};
    };
    if (certificate == nullptr) return forbidden("showed no certificate");
    if (chain_count != 1) {
        return forbidden("showed a chain of " + std::to_string(chain_count) +
                         " certificates, want 1");
    }
    EVP_PKEY* const key = X509_get0_pubkey(certificate);
    if (!is_p256(key)) return forbidden("its key is " + key_name(key) + ", want EC on P-256");
    std::time_t now = std::time(nullptr);
    // 0 if the date cannot be read: then it is refused as well.
    if (X509_cmp_time(X509_get0_notBefore(certificate), &now) >= 0)
        return forbidden("its certificate is not yet valid");
    if (X509_cmp_time(X509_get0_notAfter(certificate), &now) <= 0)
        return forbidden("its certificate has expired");
    return pin_of(certificate);
}

bool is_taken(CertificateCheck& check, X509_STORE_CTX* shown) {
    const auto pin = check_form(X509_STORE_CTX_get0_cert(shown),
                                sk_X509_num(X509_STORE_CTX_get0_untrusted(shown)));
    const Result<raft::NodeId> node = pin ? check.identify(*pin) : pin.error();
    if (!node) {
        check.why = node.error().detail;
        return false;
    }
    check.pin = *pin;
    check.node = *node;
    return true;
}

// Stands in for all of OpenSSL's own verification of chains.
int verify(X509_STORE_CTX* shown, void* /*unused*/) {
    const auto* const stream = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(shown, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const check = static_cast<CertificateCheck*>(SSL_get_ex_data(stream, check_slot()));
    CHECK(check != nullptr);
    if (is_taken(*check, shown)) return 1;
    X509_STORE_CTX_set_error(shown, X509_V_ERR_CERT_REJECTED);
    return 0;
}

void set_up(SSL_CTX* context) {
    CHECK(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
    CHECK(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1);
    std::string groups = "X25519:P-256";  // The macro takes const away.
    CHECK(SSL_CTX_set1_groups_list(context, groups.data()) == 1);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    CHECK(SSL_CTX_set_num_tickets(context, 0) == 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, chain_bytes_max);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify, nullptr);
}

}  // namespace

PeerTls::PeerTls(const Hash& own_pin) : context_(ssl::context::tls), own_pin_(own_pin) {}

Result<std::unique_ptr<PeerTls>> PeerTls::make(ByteView pkcs8) {
    const auto pin = keys::tls_spki_sha256(pkcs8);
    if (!pin) return pin.error();
    const unsigned char* begin = pkcs8.data();
    const keys::PrivateKey key(
        d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(pkcs8.size())));
    CHECK(key);
    auto tls = std::unique_ptr<PeerTls>(new PeerTls(*pin));
    SSL_CTX* const context = tls->context_.native_handle();
    set_up(context);
    const Certificate certificate = make_certificate(key.get());
    CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
    CHECK(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
    return tls;
}

void PeerTls::attach(SSL* stream, CertificateCheck& check) {
    CHECK(SSL_set_ex_data(stream, check_slot(), &check) == 1);
}

}  // namespace chancery::rpc
