// The TLS of links between nodes: 1.3 only, one self-signed certificate at each end, known by the
// hash of its key.
//
// A certificate is taken if it stands alone, is within its dates, and its P-256 key is pinned. What
// it says of a name, issuer or serial number counts for nothing; but one that tells different
// readers different things, or was not made for a node, is refused though its key is pinned.
// Nothing is resumed.
// Source: RFC 8446; RFC 5280 §4.2; RFC 7469 §2.4 for the pin.
#pragma once

#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ssl/context.hpp>

#include "consensus/raft/types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::rpc {

inline constexpr std::string_view certificate_has_expired = "its certificate has expired";

// One handshake's question, and what it was answered.
struct CertificateCheck {
    // Whose key it is, by the SHA-256 of its SubjectPublicKeyInfo; the error says why nobody's.
    std::function<Result<raft::NodeId>(const Hash& pin)> identify;

    std::optional<raft::NodeId> node;
    Hash pin{};
    std::time_t valid_until = 0;  // Of the certificate.
    std::string why;              // Why it was refused; empty if none was shown, or it is good.
};

// Any thread, once made.
class PeerTls {
public:
    // Makes a certificate for the key: valid from a day ago for ten years. Errc::invalid unless
    // `pkcs8` is one P-256 private key.
    static Result<std::unique_ptr<PeerTls>> make(ByteView pkcs8);

    // For streams of both directions.
    boost::asio::ssl::context& context() { return context_; }
    const Hash& own_pin() const { return own_pin_; }

    // `check` must live as long as the stream's handshake may run.
    static void attach(SSL* stream, CertificateCheck& check);

private:
    explicit PeerTls(const Hash& own_pin);

    boost::asio::ssl::context context_;
    Hash own_pin_;
};

}  // namespace chancery::rpc
