#include "rpc/peer_tls.h"

#include <algorithm>
#include <array>

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/openssl.h"
#include "crypto/keys/tls_key.h"

namespace chancery::rpc {
namespace {

namespace ssl = boost::asio::ssl;
using Certificate = std::unique_ptr<X509, keys::Release<X509_free>>;
using AlternativeNames = std::unique_ptr<GENERAL_NAMES, keys::Release<GENERAL_NAMES_free>>;

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

Error forbidden(std::string detail) { return Error{Errc::forbidden, std::move(detail)}; }

// Read as text of any of ASN.1's kinds; false as well for what is no text.
bool is_free_of_nul(const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, text);
    if (length < 0) return false;
    const bool is_free = std::find(utf8, utf8 + length, 0) == utf8 + length;
    OPENSSL_free(utf8);
    return is_free;
}

bool is_free_of_nul(const X509_NAME* name) {
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
        if (!is_free_of_nul(X509_NAME_ENTRY_get_data(entry))) return false;
    }
    return true;
}

bool is_free_of_nul(const GENERAL_NAMES* names) {
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        int kind = 0;
        const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &kind);
        const bool is_text = kind == GEN_DNS || kind == GEN_EMAIL || kind == GEN_URI;
        if (is_text && !is_free_of_nul(static_cast<const ASN1_STRING*>(value))) return false;
    }
    return true;
}

// Where one program reads "node-2" and another "node-2\0.example", nobody knows what was meant.
bool has_plain_names(X509* certificate) {
    const AlternativeNames others(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    return is_free_of_nul(X509_get_subject_name(certificate)) &&
           is_free_of_nul(X509_get_issuer_name(certificate)) &&
           (!others || is_free_of_nul(others.get()));
}

// No extension is needed; those that are there must not speak against a node.
Result<void> check_extensions(X509* certificate) {
    const std::uint32_t flags = X509_get_extension_flags(certificate);
    if ((flags & EXFLAG_INVALID) != 0)
        return forbidden("its certificate's extensions are unreadable");
    if ((flags & EXFLAG_CRITICAL) != 0)
        return forbidden("its certificate has a critical extension that is not known here");
    constexpr std::uint32_t both = XKU_SSL_SERVER | XKU_SSL_CLIENT;
    const std::uint32_t uses = X509_get_extended_key_usage(certificate);
    const bool is_limited = (flags & EXFLAG_XKUSAGE) != 0 && (uses & XKU_ANYEKU) == 0;
    if (is_limited && (uses & both) != both)
        return forbidden("its certificate is not for servers and clients alike, as a node is both");
    if ((X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) == 0)
        return forbidden("its certificate's key is not for signatures");
    if (!has_plain_names(certificate)) return forbidden("a name in its certificate has a NUL");
    return {};
}

// Errc::forbidden or Errc::invalid; else the pin.
Result<Hash> check_form(X509* certificate, int chain_count) {
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
        return forbidden(std::string(certificate_has_expired));
    if (auto read = check_extensions(certificate); !read) return read.error();
    return pin_of(certificate);
}

// Errc::invalid for a date beyond what a time_t holds.
Result<std::time_t> end_of(const X509* certificate) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
        return invalid("its certificate's last day is unreadable");
    return timegm(&parts);
}

bool is_taken(CertificateCheck& check, X509_STORE_CTX* shown) {
    const auto pin = check_form(X509_STORE_CTX_get0_cert(shown),
                                sk_X509_num(X509_STORE_CTX_get0_untrusted(shown)));
    const Result<raft::NodeId> node = pin ? check.identify(*pin) : pin.error();
    const auto valid_until = node ? end_of(X509_STORE_CTX_get0_cert(shown)) : node.error();
    if (!valid_until) {
        check.why = valid_until.error().detail;
        return false;
    }
    check.valid_until = *valid_until;
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
