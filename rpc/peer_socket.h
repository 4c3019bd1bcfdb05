// One TLS connection between two nodes, dialled or accepted: opened, read, written and closed, each
// with a deadline, and with the reason why it ended.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "rpc/peer_tls.h"

namespace chancery::rpc {

// On the links' thread. Once something has failed the connection is closed, and why() tells.
class PeerSocket : public std::enable_shared_from_this<PeerSocket> {
public:
    using Tcp = boost::asio::ip::tcp;
    using Milliseconds = std::chrono::milliseconds;

    PeerSocket(Tcp::socket socket, PeerTls& tls, CertificateCheck check);
    PeerSocket(const PeerSocket&) = delete;
    PeerSocket& operator=(const PeerSocket&) = delete;

    // "host:port"; all its addresses are tried.
    boost::asio::awaitable<bool> dial(std::string endpoint);
    // `unacknowledged_max`: how long bytes sent may stay unacknowledged.
    boost::asio::awaitable<bool> handshake(boost::asio::ssl::stream_base::handshake_type side,
                                           Milliseconds unacknowledged_max);
    boost::asio::awaitable<bool> write(ByteView bytes);
    // What came, 1 byte at least; valid until the next call. Empty: closed.
    boost::asio::awaitable<ByteView> read();

    // Replaces the deadline before. When it has passed the connection closes with this reason.
    void expire_after(Milliseconds duration, std::string why);
    void never_expire();

    void close(std::string why);  // The first reason stays.
    bool is_open() const { return is_open_; }
    // After a handshake: closes once the certificate at the other end has run out.
    bool is_in_date();
    const std::string& why() const { return why_; }

    // After a handshake: who is at the other end.
    const CertificateCheck& check() const { return check_; }

private:
    using Clock = std::chrono::steady_clock;

    boost::asio::awaitable<bool> resolve_and_connect(std::string host, std::string port);
    bool is_good(const boost::system::error_code& error);  // Closes if not.
    void watch();

    CertificateCheck check_;
    boost::asio::ssl::stream<Tcp::socket> stream_;
    Tcp::resolver resolver_;
    boost::asio::steady_timer watchdog_;
    Clock::time_point deadline_ = Clock::time_point::max();
    std::string expiry_;
    bool is_watched_ = false;
    bool is_open_ = true;
    std::string why_;
    Bytes buffer_;
};

}  // namespace chancery::rpc
