// TLS ends made by hand, with any key and certificate, to knock at a node's links or to be dialled
// by them; and a wire that remembers what went over it.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "consensus/raft/types.h"
#include "crypto/base/bytes.h"
#include "crypto/keys/openssl.h"
#include "tests/support/peer_node.h"

namespace chancery::test {

using Certificate = std::unique_ptr<X509, keys::Release<X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, keys::Release<SSL_CTX_free>>;
using TlsStream = std::unique_ptr<SSL, keys::Release<SSL_free>>;

inline constexpr time_t stranger_patience_s = 20;

// The TLS key that tls_key_of() gives a node.
inline keys::PrivateKey key_of_node(raft::NodeId node) {
    const Bytes der = tls_key_of(node);
    const unsigned char* begin = der.data();
    return keys::PrivateKey(d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(der.size())));
}

inline keys::PrivateKey rsa_key(std::size_t bits) {
    return keys::PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
}
inline keys::PrivateKey curve_key(const char* curve) {
    return keys::PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
}
inline keys::PrivateKey ed25519_key() {
    return keys::PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

struct Dates {  // From now.
    int from_days = -1;
    int until_days = 1;
    int until_seconds = 0;  // Beside the days.
};

// What else a certificate says, written before it is signed.
using Wording = std::function<void(X509*)>;

inline Certificate certify(EVP_PKEY* key,
                           EVP_PKEY* issuer,
                           Dates dates = {},
                           const Wording& wording = {}) {
    Certificate certificate(X509_new());
    X509* const x509 = certificate.get();
    CHECK(X509_set_version(x509, X509_VERSION_3) == 1);
    CHECK(X509_time_adj_ex(X509_getm_notBefore(x509), dates.from_days, 0, nullptr) != nullptr);
    CHECK(X509_time_adj_ex(
              X509_getm_notAfter(x509), dates.until_days, dates.until_seconds, nullptr) != nullptr);
    CHECK(X509_set_pubkey(x509, key) == 1);
    if (wording) wording(x509);
    const bool has_own_digest = EVP_PKEY_get_base_id(issuer) == EVP_PKEY_ED25519;
    CHECK(X509_sign(x509, issuer, has_own_digest ? nullptr : EVP_sha256()) > 0);
    return certificate;
}

// What an end shows: nothing if there is no key.
struct Identity {
    keys::PrivateKey key;
    std::vector<Certificate> chain;  // Its own first.
};

inline Identity self_signed(keys::PrivateKey key, Dates dates = {}, const Wording& wording = {}) {
    Identity identity;
    identity.chain.push_back(certify(key.get(), key.get(), dates, wording));
    identity.key = std::move(key);
    return identity;
}

// As openssl.cnf writes it: (NID_ext_key_usage, "serverAuth").
inline Wording with_extension(int nid, std::string value) {
    return [nid, value = std::move(value)](X509* x509) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
        CHECK(extension != nullptr && X509_add_ext(x509, extension, -1) == 1);
        X509_EXTENSION_free(extension);
    };
}

// These bytes as an extension's value, whatever they are.
inline Wording with_raw_extension(const char* oid, std::string bytes, bool is_critical) {
    return [oid, bytes = std::move(bytes), is_critical](X509* x509) {
        ASN1_OCTET_STRING* const value = ASN1_OCTET_STRING_new();
        ASN1_OBJECT* const name = OBJ_txt2obj(oid, 1);
        CHECK(ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())) == 1);
        X509_EXTENSION* const extension =
            X509_EXTENSION_create_by_OBJ(nullptr, name, is_critical ? 1 : 0, value);
        CHECK(extension != nullptr && X509_add_ext(x509, extension, -1) == 1);
        X509_EXTENSION_free(extension);
        ASN1_OBJECT_free(name);
        ASN1_OCTET_STRING_free(value);
    };
}

// The bytes of `text`, which may be any, as subject and issuer.
inline Wording with_name(std::string text, int kind = MBSTRING_UTF8) {
    return [text = std::move(text), kind](X509* x509) {
        X509_NAME* const name = X509_get_subject_name(x509);
        CHECK(X509_NAME_add_entry_by_NID(name,
                                         NID_commonName,
                                         kind,
                                         reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size()),
                                         -1,
                                         0) == 1);
        CHECK(X509_set_issuer_name(x509, name) == 1);
    };
}

// Issued by another key, whose certificate is shown `issuers_shown` times beside its own.
inline Identity issued(keys::PrivateKey key, int issuers_shown) {
    const keys::PrivateKey issuer = curve_key("P-256");
    Identity identity;
    identity.chain.push_back(certify(key.get(), issuer.get()));
    for (int i = 0; i < issuers_shown; ++i)
        identity.chain.push_back(certify(issuer.get(), issuer.get()));
    identity.key = std::move(key);
    return identity;
}

inline TlsContext stranger_context(const Identity& identity, int version_max) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that were closed.
    TlsContext context(SSL_CTX_new(TLS_method()));
    SSL_CTX_set_security_level(context.get(), 0);  // So that weak keys may be shown.
    SSL_CTX_set_max_proto_version(context.get(), version_max);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    if (!identity.key) return context;
    CHECK(SSL_CTX_use_certificate(context.get(), identity.chain.front().get()) == 1);
    for (std::size_t i = 1; i < identity.chain.size(); ++i)
        CHECK(SSL_CTX_add1_chain_cert(context.get(), identity.chain[i].get()) == 1);
    CHECK(SSL_CTX_use_PrivateKey(context.get(), identity.key.get()) == 1);
    return context;
}

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline void be_impatient(int socket) {
    const timeval at_most{stranger_patience_s, 0};
    CHECK(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &at_most, sizeof at_most) == 0);
    CHECK(setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &at_most, sizeof at_most) == 0);
}

inline int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(socket >= 0);
    be_impatient(socket);
    const sockaddr_in address = loopback(port);
    CHECK(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

// A blocking TLS client; every call ends within seconds.
class StrangerClient {
public:
    StrangerClient(std::uint16_t port, const Identity& identity, int version_max = TLS1_3_VERSION)
        : socket_(connect_to(port)),
          context_(stranger_context(identity, version_max)),
          stream_(SSL_new(context_.get())) {
        CHECK(SSL_set_fd(stream_.get(), socket_) == 1);
        if (SSL_connect(stream_.get()) != 1) return;
        std::array<char, 4> ping{};
        is_welcome_ = SSL_read(stream_.get(), ping.data(), ping.size()) == 4;
    }
    StrangerClient(const StrangerClient&) = delete;
    StrangerClient& operator=(const StrangerClient&) = delete;
    ~StrangerClient() { ::close(socket_); }

    // The node has taken this end: its first ping came.
    bool is_welcome() const { return is_welcome_; }
    bool write(ByteView bytes) {
        return SSL_write(stream_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
    // Waits for it, as a peer does: with a ping a while, so that silence is not why.
    bool is_closed_while_it_pings() {
        constexpr std::array<std::uint8_t, 4> ping = {0x80, 0, 0, 0};
        return eventually([&] { return !write(ping); }, std::chrono::milliseconds(100));
    }
    // Waits for it.
    bool is_closed() {
        std::array<char, 64> bytes{};
        while (SSL_read(stream_.get(), bytes.data(), bytes.size()) > 0) {
        }
        return errno != EAGAIN;
    }

private:
    int socket_;
    TlsContext context_;
    TlsStream stream_;
    bool is_welcome_ = false;
};

// Listens on the loopback and serves one connection after another until it goes.
class Listening {
public:
    explicit Listening(std::function<void(int socket)> serve)
        : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        CHECK(::bind(listener_, any, length) == 0 && ::listen(listener_, 16) == 0);
        CHECK(::getsockname(listener_, any, &length) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, serve = std::move(serve)] {
            for (;;) {
                const int socket = ::accept(listener_, nullptr, nullptr);
                if (socket < 0) return;
                be_impatient(socket);
                serve(socket);
                ::close(socket);
            }
        });
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    std::uint16_t port() const { return port_; }

private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

// Serves a TLS handshake with this identity, says `words`, and waits to be left.
inline std::function<void(int socket)> showing(const Identity& identity, Bytes words) {
    return [&identity, words = std::move(words)](int socket) {
        const TlsContext context = stranger_context(identity, TLS1_3_VERSION);
        const TlsStream stream(SSL_new(context.get()));
        CHECK(SSL_set_fd(stream.get(), socket) == 1);
        if (SSL_accept(stream.get()) != 1) return;
        if (SSL_write(stream.get(), words.data(), static_cast<int>(words.size())) <= 0) return;
        std::array<char, 64> bytes{};
        while (SSL_read(stream.get(), bytes.data(), bytes.size()) > 0) {
        }
    };
}

// Hands connections through to `port`, and keeps what came from who connected.
inline std::function<void(int socket)> recording(std::uint16_t port, std::string& kept) {
    return [port, &kept](int near) {
        const int far = connect_to(port);
        std::array<pollfd, 2> ends = {pollfd{near, POLLIN, 0}, pollfd{far, POLLIN, 0}};
        std::array<char, 16'384> bytes{};
        bool is_open = true;
        while (is_open && ::poll(ends.data(), ends.size(), 1'000 * stranger_patience_s) > 0) {
            for (std::size_t i = 0; i < ends.size() && is_open; ++i) {
                if (ends.at(i).revents == 0) continue;
                const ssize_t count = ::recv(ends.at(i).fd, bytes.data(), bytes.size(), 0);
                is_open = count > 0;
                if (!is_open) break;
                const auto length = static_cast<std::size_t>(count);
                if (i == 0) kept.append(bytes.data(), length);
                ::send(ends.at(1 - i).fd, bytes.data(), length, MSG_NOSIGNAL);
            }
        }
        ::close(far);
    };
}

}  // namespace chancery::test
