#include "rpc/http_server.h"

#include <algorithm>
#include <map>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "rpc/http_connection.h"
#include "rpc/problem.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Without descriptors accept() fails at once, again and again: wait instead of spinning.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::minutes pause_between_complaints{1};

// What the system holds for a client that does not read; what is on its way is not counted.
using UnsentMax = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
constexpr int unsent_bytes_max = 128 * 1024;

bool is_exhaustion(const error_code& error) {
    return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
           error == asio::error::no_memory ||
           error == boost::system::errc::too_many_files_open_in_system;
}

// Of this process; asked each time, for it may be changed while it runs.
std::size_t descriptors_max() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1'024;
}

asio::ip::address plain(const asio::ip::address& address) {
    if (address.is_v4() || !address.to_v6().is_v4_mapped()) return address;
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

AddressKey key_of(const asio::ip::address& address) {
    return address.is_v4() ? AddressKey::of_v4(address.to_v4().to_bytes())
                           : AddressKey::of_v6(address.to_v6().to_bytes());
}

Error cannot_listen(const ServerOptions& options, const error_code& error) {
    return Error{Errc::io,
                 "cannot listen on " + options.address + " port " + std::to_string(options.port) +
                     ": " + error.message() + " (errno " + std::to_string(error.value()) + ")"};
}

}  // namespace

// Lives on `strand_`, but for the atomics.
struct HttpServer::Listener : std::enable_shared_from_this<HttpServer::Listener> {
    struct Client {
        std::shared_ptr<HttpConnection> connection;  // The other owner is its coroutine.
        AddressKey address;
    };

    Listener(asio::io_context& io, const Router& router, ServerOptions options)
        : context(io),
          strand(asio::make_strand(io)),
          acceptor(strand),
          timer(strand),
          tls(options.tls),
          shared(std::make_shared<ServerShared>(std::move(options), router)) {}

    Result<void> open();
    asio::awaitable<void> accept_all();
    bool admit(tcp::socket socket);  // false: it takes what is reserved for others.
    void complain(const std::string& why);
    bool has_room_for(const AddressKey& address, bool is_exempt) const;
    void make_room_for_handshake(const AddressKey& address);
    void turn_away(tcp::socket socket);
    void remove(std::uint64_t id);
    asio::awaitable<void> drain();
    asio::awaitable<void> wait_until_empty(std::chrono::milliseconds at_most);
    void cut_all();

    asio::io_context& context;
    asio::strand<asio::io_context::executor_type> strand;
    tcp::acceptor acceptor;
    asio::steady_timer timer;  // Of a pause, and of draining.
    // Also held by those connections that have not shaken hands yet. Null: plain HTTP.
    std::shared_ptr<ServerTls> tls;
    // The connections', too: they may outlive the listener.
    std::shared_ptr<ServerShared> shared;
    std::map<std::uint64_t, Client> clients;
    std::map<AddressKey, std::size_t> clients_of_address;
    std::uint64_t next_client = 1;
    std::chrono::steady_clock::time_point next_complaint;
    bool is_stopping = false;
    std::uint16_t port = 0;
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> pauses = 0;
    std::atomic<std::uint64_t> open_count = 0;
};

Result<void> HttpServer::Listener::open() {
    const ServerOptions& options = shared->options;
    error_code error;
    const asio::ip::address address = asio::ip::make_address(options.address, error);
    if (error) return Error{Errc::invalid, "the address to listen on is neither IPv4 nor IPv6"};
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return cannot_listen(options, error);
    port = acceptor.local_endpoint(error).port();
    if (error) return cannot_listen(options, error);
    return {};
}

asio::awaitable<void> HttpServer::Listener::accept_all() {
    while (!is_stopping) {
        const auto connection_strand = asio::make_strand(context);
        auto [error, socket] = co_await acceptor.async_accept(connection_strand, as_value);
        if (is_stopping) co_return;
        if (error == asio::error::bad_descriptor) co_return;
        std::string exhausted;
        try {
            if (is_exhaustion(error)) exhausted = error.message();
            if (!error && !admit(std::move(socket))) exhausted = "the rest are reserved";
        } catch (const std::bad_alloc&) {
            exhausted = "no memory";
        }
        if (exhausted.empty()) continue;
        ++pauses;
        complain(exhausted);
        timer.expires_after(accept_pause);
        co_await timer.async_wait(as_value);
    }
}

void HttpServer::Listener::complain(const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    if (!shared->options.on_exhausted || now < next_complaint) return;
    next_complaint = now + pause_between_complaints;
    shared->options.on_exhausted(Error{Errc::unavailable,
                                       why + ", with " + std::to_string(clients.size()) +
                                           " connections and " + std::to_string(descriptors_max()) +
                                           " descriptors allowed"});
}

bool HttpServer::Listener::admit(tcp::socket socket) {
    error_code error;
    const tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return true;  // Gone already.
    // The system gives the lowest number that is free.
    const auto descriptor = static_cast<std::size_t>(socket.native_handle());
    if (descriptor + shared->options.descriptors_reserved >= descriptors_max()) {
        turn_away(std::move(socket));
        return false;
    }
    const asio::ip::address address = plain(remote.address());
    const AddressKey key = key_of(address);
    const bool is_exempt = shared->options.exempts_loopback && address.is_loopback();
    if (!has_room_for(key, is_exempt)) {
        turn_away(std::move(socket));
        return true;
    }
    if (tls) make_room_for_handshake(key);
    socket.set_option(tcp::no_delay(true), error);
    socket.set_option(UnsentMax(unsent_bytes_max), error);
    const std::uint64_t id = next_client++;
    const bool is_limited = !is_exempt && shared->limiter.has_limits();
    const Caller caller =
        is_limited ? Caller(shared->limiter, key, shared->options.monotonic_now) : Caller();
    auto connection = std::make_shared<HttpConnection>(std::move(socket), shared, caller, tls);
    ++clients_of_address[key];
    clients.emplace(id, Client{.connection = connection, .address = key});
    ++accepted;
    ++open_count;
    // Whatever leaves the coroutine, the connection ends with it.
    const auto ended = [self = shared_from_this(), connection, id](const std::exception_ptr&) {
        connection->close();
        asio::post(self->strand, [self, id] { self->remove(id); });
    };
    asio::co_spawn(connection->executor(), connection->run(), ended);
    return true;
}

bool HttpServer::Listener::has_room_for(const AddressKey& address, bool is_exempt) const {
    if (clients.size() >= shared->options.connections_max) return false;
    const std::size_t per_address = shared->options.connections_per_address_max;
    if (per_address == 0 || is_exempt) return true;
    const auto same = clients_of_address.find(address);
    return same == clients_of_address.end() || same->second < per_address;
}

// A handshake costs us more than who begins it, so they are few; and whoever begins many gives way
// to those who begin one.
void HttpServer::Listener::make_room_for_handshake(const AddressKey& address) {
    if (shared->handshakes < shared->options.handshakes_max) return;
    std::map<AddressKey, std::size_t> begun = {{address, 1}};
    for (const auto& [id, client] : clients)
        if (client.connection->is_shaking_hands()) ++begun[client.address];
    const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
    const AddressKey busiest = std::ranges::max_element(begun, fewer)->first;
    for (const auto& [id, client] : clients) {  // In the order in which they came.
        if (client.address != busiest || !client.connection->end_handshake()) continue;
        const auto connection = client.connection;
        asio::post(connection->executor(), [connection] { connection->close(); });
        return;
    }
}

// As much of an answer as fits the socket's buffer; nobody waits for it. A TLS client could not
// read it.
void HttpServer::Listener::turn_away(tcp::socket socket) {
    static constexpr std::string_view head =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n";
    static constexpr std::string_view shared_field = "Access-Control-Allow-Origin: *\r\n";
    std::string answer(head);
    if (shared->router.shares_unrouted()) answer += shared_field;
    answer += "\r\n";
    ++refused;
    if (tls) return;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer.data(), answer.size()), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void HttpServer::Listener::remove(std::uint64_t id) {
    const auto client = clients.find(id);
    CHECK(client != clients.end());
    const auto same = clients_of_address.find(client->second.address);
    CHECK(same != clients_of_address.end());
    if (--same->second == 0) clients_of_address.erase(same);
    clients.erase(client);
    --open_count;
    if (is_stopping && clients.empty()) timer.cancel();
}

asio::awaitable<void> HttpServer::Listener::wait_until_empty(std::chrono::milliseconds at_most) {
    timer.expires_after(at_most);
    while (!clients.empty()) {
        const auto [error] = co_await timer.async_wait(as_value);
        if (!error) co_return;
    }
}

asio::awaitable<void> HttpServer::Listener::drain() {
    is_stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& [id, client] : clients) {
        const auto connection = client.connection;
        asio::post(connection->executor(), [connection] { connection->finish(); });
    }
    co_await wait_until_empty(shared->options.drain_deadline);
    cut_all();
    co_await wait_until_empty(accept_pause);
}

void HttpServer::Listener::cut_all() {
    is_stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& [id, client] : clients) {
        const auto connection = client.connection;
        asio::post(connection->executor(), [connection] { connection->close(); });
    }
}

HttpServer::HttpServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}

HttpServer::~HttpServer() {
    asio::post(listener_->strand, [listener = listener_] { listener->cut_all(); });
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& context,
                                                       const Router& router,
                                                       ServerOptions options) {
    auto listener = std::make_shared<Listener>(context, router, std::move(options));
    const Result<void> opened = listener->open();
    if (!opened) return opened.error();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

std::uint16_t HttpServer::port() const { return listener_->port; }

void HttpServer::start() {
    asio::co_spawn(
        listener_->strand,
        [](std::shared_ptr<Listener> listener) -> asio::awaitable<void> {
            co_await listener->accept_all();
        }(listener_),
        asio::detached);
}

void HttpServer::set_tls(std::shared_ptr<ServerTls> tls) {
    CHECK(tls != nullptr && listener_->shared->options.tls != nullptr);
    asio::post(listener_->strand,
               [listener = listener_, tls = std::move(tls)] { listener->tls = tls; });
}

asio::awaitable<void> HttpServer::stop() {
    const auto listener = listener_;
    co_await asio::co_spawn(listener->strand, listener->drain(), asio::use_awaitable);
}

HttpServer::Counts HttpServer::counts() const {
    Counts counts;
    counts.accepted = listener_->accepted;
    counts.refused = listener_->refused;
    counts.pauses = listener_->pauses;
    counts.open = listener_->open_count;
    counts.handshakes = listener_->shared->handshakes;
    counts.handshakes_failed = listener_->shared->handshakes_failed;
    counts.answer_bytes = listener_->shared->answers.bytes();
    counts.answers_cut = listener_->shared->answers.cut_count();
    return counts;
}

}  // namespace chancery::rpc
