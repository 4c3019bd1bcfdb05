// What a listener needs to speak https: its certificate, the key to it, and which TLS it speaks.
//
// TLS 1.3, and 1.2 with forward secrecy and authenticated encryption alone, as Mozilla's
// "intermediate" has it: verifiers on old phones are real. One certificate, whatever name is asked
// for; HTTP/1.1 to who offers a choice; no client certificates, tickets, resumption, renegotiation,
// compression or early data.
// Source: RFC 8446, RFC 5246, RFC 7301; RFC 9325 for what is left out.
#pragma once

#include <ctime>
#include <memory>
#include <string_view>

#include <boost/asio/ssl/context.hpp>

#include "crypto/base/result.h"

namespace chancery::rpc {

struct TlsPems {
    std::string_view certificates;  // The server's own first, then those that issued it, in order.
    std::string_view key;           // Not sealed. Its owner clears it.
};

// Any thread, once made.
class ServerTls {
public:
    // Errc::invalid for what is no certificate or key, a key of another certificate, a certificate
    // that is not for servers, of a weak key, not yet valid or expired, or issued by none that
    // follows it.
    static Result<std::unique_ptr<ServerTls>> make(const TlsPems& pems);

    boost::asio::ssl::context& context() { return context_; }
    std::time_t valid_until() const { return valid_until_; }  // Of the server's own certificate.

private:
    ServerTls() = default;

    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
    std::time_t valid_until_ = 0;
};

}  // namespace chancery::rpc
