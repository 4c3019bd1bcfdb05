// The server's end of one client's connection: plain, or TLS once hands were shaken; the same to
// read and write.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "rpc/as_value.h"
#include "rpc/server_tls.h"

namespace chancery::rpc {

// An Asio stream. On its executor; `cancel` and `close` end what is under way.
class HttpSocket {
public:
    using Tcp = boost::asio::ip::tcp;
    using executor_type = Tcp::socket::executor_type;

    explicit HttpSocket(Tcp::socket socket) : tcp_(std::move(socket)) {}
    HttpSocket(const HttpSocket&) = delete;
    HttpSocket& operator=(const HttpSocket&) = delete;
    ~HttpSocket() = default;

    executor_type get_executor() { return tcp_.get_executor(); }

    // What the network carries, whether there is TLS above it or not.
    Tcp::socket& plain() { return tcp_; }

    bool is_tls() const { return tls_ != nullptr; }

    // `tls` may go once this has begun: OpenSSL counts who uses what is in it.
    auto shake_hands(ServerTls& tls) {
        tls_ = std::make_unique<boost::asio::ssl::stream<Tcp::socket&>>(tcp_, tls.context());
        return tls_->async_handshake(boost::asio::ssl::stream_base::server, as_value);
    }

    // Tells a TLS client that nothing more will come, and waits for no answer.
    auto say_farewell() {
        CHECK(tls_ != nullptr);
        SSL_set_shutdown(tls_->native_handle(), SSL_RECEIVED_SHUTDOWN);
        return tls_->async_shutdown(as_value);
    }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& into, Token&& token) {
        return tls_ ? tls_->async_read_some(into, std::forward<Token>(token))
                    : tcp_.async_read_some(into, std::forward<Token>(token));
    }
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& from, Token&& token) {
        return tls_ ? tls_->async_write_some(from, std::forward<Token>(token))
                    : tcp_.async_write_some(from, std::forward<Token>(token));
    }

private:
    Tcp::socket tcp_;
    std::unique_ptr<boost::asio::ssl::stream<Tcp::socket&>> tls_;
};

}  // namespace chancery::rpc
