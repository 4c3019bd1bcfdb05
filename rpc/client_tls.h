// Whom a client believes when it asks over https, and TLS over one of its connections.
//
// TLS 1.2 at least. The server's certificate must lead to an authority that is trusted, be in date
// and for servers, and name the host that was asked for, or its address.
// Source: RFC 8446, RFC 5246; RFC 9525 for names; RFC 6066 §3 for SNI.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "crypto/base/result.h"
#include "crypto/keys/openssl.h"

namespace chancery::rpc {

// What one try to go on came to.
struct TlsStep {
    enum class Outcome : std::uint8_t { done, wants_input, wants_output, ended, failed };
    Outcome outcome = Outcome::failed;
    std::size_t bytes = 0;  // Of `done`: read or written.
    std::string why;        // Of `failed`.
};

// Over a socket that does not block, and that outlives it.
class ClientTlsStream {
public:
    TlsStep shake_hands();
    TlsStep read(char* into, std::size_t bytes_max);
    TlsStep write(std::string_view bytes);

private:
    friend class ClientTls;
    explicit ClientTlsStream(SSL* stream) : stream_(stream) {}
    TlsStep step_of(int returned, std::size_t bytes);

    std::unique_ptr<SSL, keys::Release<SSL_free>> stream_;
};

// Any thread, once made.
class ClientTls {
public:
    // The certificates of this PEM file alone; if empty, this machine's store. Errc::not_found or
    // Errc::invalid for a file without any.
    static Result<std::shared_ptr<const ClientTls>> trusting(const std::string& ca_file);

    // `host` is a name or an address.
    std::unique_ptr<ClientTlsStream> stream(int descriptor, const std::string& host) const;

private:
    ClientTls();

    std::unique_ptr<SSL_CTX, keys::Release<SSL_CTX_free>> context_;
};

}  // namespace chancery::rpc
