#include "rpc/peer_socket.h"

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>

#include "rpc/as_value.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;

constexpr std::size_t read_bytes_max = std::size_t{64} * 1024;

std::string reason_of(const error_code& error) {
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return "closed by the other side";
    return error.message();
}

}  // namespace

PeerSocket::PeerSocket(Tcp::socket socket, PeerTls& tls, CertificateCheck check)
    : check_(std::move(check)),
      stream_(std::move(socket), tls.context()),
      resolver_(stream_.get_executor()),
      watchdog_(stream_.get_executor()) {
    PeerTls::attach(stream_.native_handle(), check_);
}

bool PeerSocket::is_good(const error_code& error) {
    if (error) close(check_.why.empty() ? reason_of(error) : check_.why);
    return is_open_;
}

asio::awaitable<bool> PeerSocket::dial(std::string endpoint) {
    const std::size_t colon = endpoint.rfind(':');
    if (colon == std::string::npos) {
        close("its endpoint is not host:port");
        co_return false;
    }
    std::string host = endpoint.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string port = endpoint.substr(colon + 1);
    co_return co_await resolve_and_connect(host, port);
}

asio::awaitable<bool> PeerSocket::resolve_and_connect(std::string host, std::string port) {
    // An address is not asked of any name server.
    auto flags = Tcp::resolver::numeric_service;
    error_code not_an_address;
    static_cast<void>(asio::ip::make_address(host, not_an_address));
    if (!not_an_address) flags |= Tcp::resolver::numeric_host;
    const auto [unknown, addresses] = co_await resolver_.async_resolve(host, port, flags, as_value);
    if (!is_good(unknown)) co_return false;
    const auto [unreachable, endpoint] =
        co_await asio::async_connect(stream_.next_layer(), addresses, as_value);
    co_return is_good(unreachable);
}

asio::awaitable<bool> PeerSocket::handshake(asio::ssl::stream_base::handshake_type side,
                                            Milliseconds unacknowledged_max) {
    if (!is_open_) co_return false;
    error_code gone;
    stream_.next_layer().set_option(Tcp::no_delay(true), gone);
    if (!gone) {
        const UserTimeout timeout(static_cast<int>(unacknowledged_max.count()));
        stream_.next_layer().set_option(timeout, gone);
    }
    if (!is_good(gone)) co_return false;
    const auto [error] = co_await stream_.async_handshake(side, as_value);
    if (!is_good(error)) co_return false;
    CHECK(check_.node.has_value());
    co_return true;
}

asio::awaitable<bool> PeerSocket::write(ByteView bytes) {
    if (!is_open_) co_return false;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    const auto [error, count] = co_await asio::async_write(stream_, buffer, as_value);
    co_return is_good(error);
}

asio::awaitable<ByteView> PeerSocket::read() {
    if (!is_open_) co_return ByteView();
    buffer_.resize(read_bytes_max);
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(buffer_), as_value);
    if (!is_good(error)) co_return ByteView();
    co_return ByteView(buffer_).first(count);
}

void PeerSocket::expire_after(Milliseconds duration, std::string why) {
    deadline_ = Clock::now() + duration;
    expiry_ = std::move(why);
    // An earlier deadline than the one that is waited for must not wait for that.
    if (is_watched_ && watchdog_.expiry() <= deadline_) return;
    watch();
}

void PeerSocket::never_expire() { deadline_ = Clock::time_point::max(); }

// Wakes at the deadline that stood when it was set, and looks whether a later one stands now: so
// that one that is moved with every read costs nothing.
void PeerSocket::watch() {
    is_watched_ = true;
    watchdog_.expires_at(deadline_);
    watchdog_.async_wait([weak = weak_from_this()](const error_code& error) {
        const auto self = weak.lock();
        if (error || !self || !self->is_open_) return;
        self->is_watched_ = false;
        if (self->deadline_ == Clock::time_point::max()) return;
        if (self->deadline_ > Clock::now()) return self->watch();
        self->close(self->expiry_);
    });
}

bool PeerSocket::is_in_date() {
    if (is_open_ && check_.valid_until <= std::time(nullptr))
        close(std::string(certificate_has_expired));
    return is_open_;
}

void PeerSocket::close(std::string why) {
    if (!is_open_) return;
    is_open_ = false;
    why_ = std::move(why);
    error_code ignored;
    resolver_.cancel();
    watchdog_.cancel();
    stream_.next_layer().close(ignored);
}

}  // namespace chancery::rpc
