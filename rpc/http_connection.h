// One client's connection to a listener: a request at a time, until one side has had enough.
//
//     (handshake ->) idle -> head -> body -> handler -> write -> idle     each with its own
//     deadline
//
// Used by http_server.cpp alone.
#pragma once

#include <atomic>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "rpc/answer_memory.h"
#include "rpc/as_value.h"
#include "rpc/events.h"
#include "rpc/http_server.h"
#include "rpc/http_socket.h"

namespace chancery::rpc {

struct ServerShared {  // What a listener's connections have in common. Any thread.
    ServerShared(ServerOptions given, const Router& routes)
        : options(std::move(given)),
          router(routes),
          limiter(options.rate_limits),
          answers(options.answer_memory_max) {}

    ServerOptions options;
    const Router& router;
    RateLimiter limiter;
    AnswerMemory answers;
    std::atomic<std::uint64_t> next_request_id = 1;
    std::atomic<std::size_t> body_memory = 0;
    std::atomic<std::size_t> handshakes = 0;  // Under way.
    std::atomic<std::uint64_t> handshakes_failed = 0;
};

// Everything runs on the socket's executor, a strand, but for the constructor.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    // `shared` is the listener's, and what `caller` counts with; the last of both to go takes it
    // along. `tls` is the listener's, too, until it shows another certificate; null for plain HTTP.
    HttpConnection(boost::asio::ip::tcp::socket socket,
                   std::shared_ptr<ServerShared> shared,
                   const Caller& caller,
                   std::shared_ptr<ServerTls> tls);
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;
    ~HttpConnection();

    // The connection's whole life; the caller keeps it alive until then.
    boost::asio::awaitable<void> run();

    // No further request: closes now if idle, else after the answer under way; a stream ends.
    void finish();
    void close();
    // The same of a client that does not read: what the system still holds for it goes as well.
    void cut();

    boost::asio::any_io_executor executor() { return socket_.get_executor(); }

    // Any thread.
    bool is_shaking_hands() const { return is_shaking_hands_; }
    // Its place among the handshakes is free from now on; false if it was already. Any thread.
    bool end_handshake();

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::hours no_deadline{24};
    enum class Received : std::uint8_t { whole, gone, expired, overloaded };

    boost::asio::awaitable<bool> begin();  // false: as serve_one().
    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> begins_in_tls();
    boost::asio::awaitable<void> say_farewell();
    boost::asio::awaitable<bool> serve_one();  // false: the connection ends.
    boost::asio::awaitable<HeadCheck> receive_head();
    boost::asio::awaitable<Received> receive_body(const RequestHead& head);
    boost::asio::awaitable<bool> continue_if_expected(const RequestHead& head);
    boost::asio::awaitable<Response> handle(Request& request, const Router::Match& match);
    boost::asio::awaitable<bool> answer(const RequestHead& head, const Router::Match& match);
    boost::asio::awaitable<bool> turn_down(const RequestHead& head, const Router::Match& match);
    boost::asio::awaitable<bool> finish_exchange(const RequestHead& head,
                                                 const Router::Match& match,
                                                 Response& response);
    boost::asio::awaitable<bool> refuse(int status,
                                        std::string_view detail,
                                        const Router::Match* match);
    boost::asio::awaitable<bool> send_last(const Response& response, const Router::Match* match);
    boost::asio::awaitable<void> send(const Response& response);
    boost::asio::awaitable<void> stream(const std::shared_ptr<EventStream>& events);
    boost::asio::awaitable<bool> write(std::string_view bytes);
    void watch_for_the_end();
    boost::asio::awaitable<void> linger();

    void write_head(const Response& response);
    void write_date();
    bool has_unsent();
    void hold_answer(std::size_t bytes);
    void release_answer();
    bool reserve_body(std::size_t bytes);
    void release_body();
    void report(const Response& response, const Router::Match* match);
    void set_deadline(std::chrono::milliseconds from_now);
    void arm_timer();
    void expire();

    HttpSocket socket_;
    // Also the listener's: see the constructor.
    std::shared_ptr<ServerShared> shared_;
    Caller caller_;
    std::shared_ptr<ServerTls> tls_;  // Also the listener's; null once hands were shaken.
    std::atomic<bool> is_shaking_hands_;
    boost::asio::steady_timer timer_;
    Clock::time_point deadline_;

    std::string buffer_;      // A head, and what came with it.
    std::size_t filled_ = 0;  // Bytes of buffer_ received.
    std::string body_;
    std::size_t body_reserved_ = 0;    // Of shared_->body_memory.
    std::uint64_t answer_ticket_ = 0;  // Of shared_->answers; 0: of none.
    std::string head_out_;
    std::string date_;
    std::int64_t date_s_ = -1;

    // Of the exchange under way.
    std::uint64_t id_ = 0;
    std::optional<Method> method_;
    Clock::time_point begun_;
    RateVerdict verdict_;
    std::shared_ptr<EventStream> events_;  // Also the answer's. Being sent; null for most.
    bool is_http_1_0_ = false;
    bool keeps_alive_ = true;

    std::uint64_t served_ = 0;
    bool is_first_ = true;  // No request yet.
    bool is_idle_ = false;  // Waiting for the first byte of a request.
    bool is_writing_ = false;
    bool is_expired_ = false;  // A deadline passed while reading.
    bool is_gone_ = false;     // Closed by either side.
    bool is_finishing_ = false;
    bool has_unread_ = false;  // The client may still be sending what was refused.
};

}  // namespace chancery::rpc
