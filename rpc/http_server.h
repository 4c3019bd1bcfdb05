// A listener: takes connections, reads requests strictly, and lets a router answer them.
//
// It runs on the io_context it is given, with as many threads as that has; each connection keeps
// to a strand of its own. Every phase of a request has a deadline and every size a limit, and what
// breaks one is answered with its code and then cut off.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "rpc/http_head_check.h"
#include "rpc/rate_limit.h"
#include "rpc/router.h"
#include "rpc/server_tls.h"

namespace chancery::rpc {

struct Exchange {  // One request and its answer; views valid during the call.
    std::uint64_t id = 0;
    std::optional<Method> method;  // Empty if the head was refused.
    std::string_view route;        // The template, "" if none; never what was asked for.
    int status = 0;
    std::size_t request_bytes = 0;  // Of the bodies.
    std::size_t answer_bytes = 0;
    std::chrono::microseconds duration{0};  // From the whole head to the last byte written.
    const Error* cause = nullptr;           // Of a 5xx, when there is more to tell.
};

// As the Request-Id field tells it.
std::string request_id_text(std::uint64_t id);

struct ServerOptions {
    std::string address = "127.0.0.1";  // IPv4 or IPv6.
    std::uint16_t port = 0;             // 0: any that is free.
    // Null: plain HTTP. The connections hold it as well; see set_tls().
    std::shared_ptr<ServerTls> tls;
    std::size_t handshakes_max = 256;  // At once; then the oldest of the busiest address ends.
    HeadLimits head;
    std::chrono::milliseconds handshake_deadline{5'000};
    std::chrono::milliseconds head_deadline{5'000};
    std::chrono::milliseconds body_deadline{10'000};
    std::chrono::milliseconds write_deadline{30'000};
    std::chrono::milliseconds idle_deadline{30'000};
    std::chrono::milliseconds heartbeat{15'000};       // At least so often a stream says something.
    std::chrono::milliseconds linger_deadline{2'000};  // For the client to read a refusal.
    std::chrono::milliseconds drain_deadline{10'000};  // For answers under way when stopping.
    std::size_t connections_max = 2'000;
    std::size_t connections_per_address_max = 64;  // IPv6 by /64. 0: no limit (behind a proxy).
    RateLimits rate_limits;
    // Callers on this machine, a proxy among them, are counted by neither limit.
    bool exempts_loopback = false;
    // So many descriptors this listener leaves to others of the process.
    std::size_t descriptors_reserved = 0;
    // After so many requests a connection ends, and its client may find a less busy node.
    std::uint64_t requests_per_connection_max = 1'000'000;
    std::size_t body_memory_max = std::size_t{128} * 1024 * 1024;  // Of all bodies being received.
    // Of all large answers being sent; beyond, the one that is sent for longest is cut.
    std::size_t answer_memory_max = std::size_t{256} * 1024 * 1024;
    std::function<void(const Exchange&)> on_exchange;  // On any thread of the io_context.
    // There is no descriptor or memory for another connection; told once a minute at most.
    std::function<void(const Error&)> on_exhausted;
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
    Caller::Now monotonic_now = RateLimiter::Clock::now;  // For the rate limits.
};

class HttpServer {
public:
    // Errc::invalid for an address that is none; Errc::io, with errno, if it cannot be listened on.
    // `router` must outlive everything that runs on `context`.
    static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& context,
                                                      const Router& router,
                                                      ServerOptions options);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer();  // Cuts what stop() has not ended.

    std::uint16_t port() const;
    void start();

    // For connections from now on; those that are open stay. CHECKs that it listens with TLS.
    void set_tls(std::shared_ptr<ServerTls> tls);

    // Takes no more connections, closes the idle ones, lets the others finish what they are
    // answering for at most drain_deadline, then cuts them.
    boost::asio::awaitable<void> stop();

    struct Counts {
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;  // Over a connection limit.
        std::uint64_t pauses = 0;   // No descriptor or memory for another connection.
        std::uint64_t open = 0;
        std::uint64_t handshakes = 0;  // Under way.
        std::uint64_t handshakes_failed = 0;
        std::uint64_t answer_bytes = 0;  // Of large answers being sent.
        std::uint64_t answers_cut = 0;   // For others' sake.
    };
    Counts counts() const;

private:
    struct Listener;
    explicit HttpServer(std::shared_ptr<Listener> listener);

    // Shared with the coroutines that are still under way when the server goes.
    std::shared_ptr<Listener> listener_;
};

}  // namespace chancery::rpc
