#include "rpc/http_connection.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "crypto/base/encoding.h"
#include "rpc/cross_origin.h"
#include "rpc/problem.h"
#include "rpc/rate_fields.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;

constexpr std::size_t buffer_extra_bytes =
    std::size_t{4} * 1024;  // Of a body that comes with its head.
constexpr std::size_t body_step_bytes = std::size_t{64} * 1024;
constexpr std::size_t kept_body_bytes =
    std::size_t{64} * 1024;  // What an idle connection may hold on to.

Demand demand_of(const RequestHead& head, const Router::Match& match, std::size_t body_max) {
    Demand demand;
    if (match.route == nullptr || !match.route->is_write) {
        demand.reads = 1;
        return demand;
    }
    demand.writes = 1;
    demand.write_bytes = std::min<std::uint64_t>(head.content_length, body_max);
    return demand;
}

}  // namespace

std::string request_id_text(std::uint64_t id) { return to_hex(Writer().u64(id).written()); }

HttpConnection::HttpConnection(asio::ip::tcp::socket socket,
                               std::shared_ptr<ServerShared> shared,
                               const Caller& caller,
                               std::shared_ptr<ServerTls> tls)
    : socket_(std::move(socket)),
      shared_(std::move(shared)),
      caller_(caller),
      tls_(std::move(tls)),
      is_shaking_hands_(tls_ != nullptr),
      timer_(socket_.get_executor()) {
    buffer_.resize(shared_->options.head.bytes_max + buffer_extra_bytes);
    if (is_shaking_hands_) ++shared_->handshakes;
}

HttpConnection::~HttpConnection() {
    release_body();
    release_answer();
    end_handshake();
}

asio::awaitable<void> HttpConnection::run() {
    deadline_ = Clock::now() + no_deadline;
    arm_timer();
    bool goes_on = co_await begin();
    while (goes_on)
        goes_on = co_await serve_one();
    if (socket_.is_tls() && !is_gone_) co_await say_farewell();
    if (has_unread_ && !is_gone_) co_await linger();
    close();
}

bool HttpConnection::end_handshake() {
    if (!is_shaking_hands_.exchange(false)) return false;
    --shared_->handshakes;
    return true;
}

asio::awaitable<bool> HttpConnection::begin() {
    if (!tls_) co_return true;
    set_deadline(shared_->options.handshake_deadline);
    const bool is_tls = co_await begins_in_tls();
    if (is_tls && co_await shake_hands()) co_return true;
    end_handshake();
    if (is_gone_ || is_tls || is_expired_) {
        ++shared_->handshakes_failed;
        close();
        co_return false;
    }
    begun_ = Clock::now();
    id_ = shared_->next_request_id++;
    co_return co_await refuse(400, "this address speaks TLS, want https://", nullptr);
}

// A method's first letter is none of TLS. Whoever says nothing has begun nothing else, either.
asio::awaitable<bool> HttpConnection::begins_in_tls() {
    const auto [error] =
        co_await socket_.plain().async_wait(asio::ip::tcp::socket::wait_read, as_value);
    if (error) co_return true;
    char first = 0;
    boost::system::error_code ignored;
    socket_.plain().receive(asio::buffer(&first, 1), asio::socket_base::message_peek, ignored);
    co_return first<'A' || first> 'Z';
}

asio::awaitable<bool> HttpConnection::shake_hands() {
    if (is_gone_ || is_expired_) co_return false;
    const auto [error] = co_await socket_.shake_hands(*tls_);
    tls_.reset();
    end_handshake();
    co_return !error && !is_expired_ && !is_gone_;
}

void HttpConnection::finish() {
    is_finishing_ = true;
    if (events_) events_->close();
    if (is_idle_) close();
}

void HttpConnection::close() {
    if (std::exchange(is_gone_, true)) return;
    if (events_) events_->close();
    boost::system::error_code ignored;
    timer_.cancel();
    socket_.plain().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.plain().close(ignored);
}

void HttpConnection::cut() {
    boost::system::error_code ignored;
    if (!is_gone_) socket_.plain().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

// Of what was answered last.
bool HttpConnection::has_unsent() {
    int bytes = 0;
    return ::ioctl(socket_.plain().native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

asio::awaitable<bool> HttpConnection::serve_one() {
    method_.reset();
    is_http_1_0_ = false;
    const HeadCheck check = co_await receive_head();
    is_first_ = false;
    begun_ = Clock::now();
    body_.clear();
    verdict_ = RateVerdict{};
    id_ = shared_->next_request_id++;
    if (is_gone_ || std::holds_alternative<HeadIncomplete>(check)) co_return false;
    if (const auto* refusal = std::get_if<HeadRefusal>(&check)) {
        co_return co_await refuse(refusal->status, refusal->detail, nullptr);
    }
    const auto& head = std::get<RequestHead>(check);
    method_ = head.method;
    is_http_1_0_ = head.is_http_1_0;
    keeps_alive_ = head.keeps_alive;

    const Router::Match match = shared_->router.match(head.method, head.path);
    const std::size_t limit = match.route == nullptr ? body_bytes_max : match.route->body_bytes_max;
    verdict_ = caller_.ask(demand_of(head, match, limit));
    if (!verdict_.is_admitted) co_return co_await turn_down(head, match);
    if (head.content_length > limit) {
        const std::string detail = "want a body of at most " + std::to_string(limit) + " bytes";
        co_return co_await refuse(413, detail, &match);
    }
    switch (co_await receive_body(head)) {
        case Received::gone:
            co_return false;
        case Received::expired:
            co_return co_await refuse(408, "the body did not come in time", &match);
        case Received::overloaded:
            co_return co_await refuse(503, "too many bodies are being received", &match);
        case Received::whole:
            break;
    }
    co_return co_await answer(head, match);
}

// HeadIncomplete: the client has gone, or said nothing for too long.
asio::awaitable<HeadCheck> HttpConnection::receive_head() {
    const ServerOptions& options = shared_->options;
    is_idle_ = filled_ == 0;
    set_deadline(is_idle_ && !is_first_ ? options.idle_deadline : options.head_deadline);
    for (;;) {
        HeadCheck check = HeadIncomplete{};
        if (filled_ > 0)
            check = check_head(std::string_view(buffer_.data(), filled_), options.head);
        if (!std::holds_alternative<HeadIncomplete>(check)) co_return check;
        CHECK(filled_ < buffer_.size());
        const auto space = asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_);
        const auto [error, bytes] = co_await socket_.async_read_some(space, as_value);
        if (is_expired_ && filled_ > 0) {
            co_return HeadRefusal{.status = 408, .detail = "the head did not come in time"};
        }
        if (error || is_expired_) co_return HeadIncomplete{};
        filled_ += bytes;
        if (std::exchange(is_idle_, false)) set_deadline(options.head_deadline);
    }
}

asio::awaitable<bool> HttpConnection::continue_if_expected(const RequestHead& head) {
    static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!head.expects_continue) co_return true;
    co_return co_await write(interim);
}

asio::awaitable<HttpConnection::Received> HttpConnection::receive_body(const RequestHead& head) {
    const auto length = static_cast<std::size_t>(head.content_length);
    const std::size_t at_hand = std::min(length, filled_ - head.head_bytes);
    body_.assign(buffer_, head.head_bytes, at_hand);
    if (at_hand == length) co_return Received::whole;
    has_unread_ = true;
    if (at_hand == 0 && !co_await continue_if_expected(head)) co_return Received::gone;
    set_deadline(shared_->options.body_deadline);
    for (std::size_t received = at_hand; received < length;) {
        if (received == body_.size()) {
            const std::size_t step = std::min(body_step_bytes, length - received);
            if (!reserve_body(step)) co_return Received::overloaded;
            body_.resize(received + step);
        }
        const auto space = asio::buffer(body_.data() + received, body_.size() - received);
        const auto [error, bytes] = co_await socket_.async_read_some(space, as_value);
        if (is_expired_) co_return Received::expired;
        if (error) co_return Received::gone;
        received += bytes;
    }
    has_unread_ = false;
    co_return Received::whole;
}

asio::awaitable<bool> HttpConnection::answer(const RequestHead& head, const Router::Match& match) {
    set_deadline(no_deadline);  // A handler that waits has a deadline of its own.
    Request request;
    request.method = head.method;
    request.path = head.path;
    request.query = head.query;
    request.fields = head.fields;
    request.body = body_;
    request.caller = &caller_;
    Response response = co_await handle(request, match);
    if (response.field("RateLimit").empty()) set_rate_fields(response, verdict_);
    co_return co_await finish_exchange(head, match, response);
}

// Over its limits: told so before a byte of its body is read.
asio::awaitable<bool> HttpConnection::turn_down(const RequestHead& head,
                                                const Router::Match& match) {
    Response response = too_many_requests(verdict_);
    if (match.is_cross_origin) share(response);
    if (head.content_length == 0) co_return co_await finish_exchange(head, match, response);
    co_return co_await send_last(response, &match);
}

asio::awaitable<bool> HttpConnection::finish_exchange(const RequestHead& head,
                                                      const Router::Match& match,
                                                      Response& response) {
    const bool is_last = ++served_ >= shared_->options.requests_per_connection_max;
    keeps_alive_ = keeps_alive_ && !is_finishing_ && !is_last;
    if (response.status() >= 500 || response.cause()) {
        response.set_field("Request-Id", request_id_text(id_));
    }
    const bool is_stream = response.stream() != nullptr && method_ != Method::head;
    keeps_alive_ = keeps_alive_ && !is_stream;
    co_await send(response);
    if (is_stream && !is_gone_) co_await stream(response.stream());
    report(response, &match);

    const std::size_t used = head.head_bytes + std::min(body_.size(), filled_ - head.head_bytes);
    filled_ -= used;
    std::copy_n(buffer_.data() + used, filled_, buffer_.data());
    release_body();
    if (body_.capacity() > kept_body_bytes) body_ = std::string();
    co_return keeps_alive_ && !is_gone_ && !is_finishing_;
}

asio::awaitable<Response> HttpConnection::handle(Request& request, const Router::Match& match) {
    std::string failure;
    try {
        if (match.waits()) co_return co_await shared_->router.answer_waiting(request, match);
        co_return shared_->router.answer(request, match);
    } catch (const std::bad_alloc&) {
        co_return problem("overloaded", "the node is short of memory");
    } catch (const std::exception& exception) {
        failure = exception.what();
    }
    Response response = problem("internal", "the node failed to answer");
    response.set_cause(Error{Errc::io, "an exception left a handler: " + failure});
    co_return response;
}

asio::awaitable<bool> HttpConnection::refuse(int status,
                                             std::string_view detail,
                                             const Router::Match* match) {
    Response response = framing_problem(status, detail);
    const bool is_shared =
        match == nullptr ? shared_->router.shares_unrouted() : match->is_cross_origin;
    if (is_shared) share(response);
    set_rate_fields(response, verdict_);
    if (status >= 500) response.set_field("Request-Id", request_id_text(id_));
    co_return co_await send_last(response, match);
}

// After it the connection ends: where the next request begins is in doubt.
asio::awaitable<bool> HttpConnection::send_last(const Response& response,
                                                const Router::Match* match) {
    keeps_alive_ = false;
    has_unread_ = true;
    is_expired_ = false;
    co_await send(response);
    report(response, match);
    co_return false;
}

bool HttpConnection::reserve_body(std::size_t bytes) {
    const std::size_t before = shared_->body_memory.fetch_add(bytes);
    body_reserved_ += bytes;
    return before + bytes <= shared_->options.body_memory_max;
}

void HttpConnection::release_body() { shared_->body_memory -= std::exchange(body_reserved_, 0); }

// The timer is only touched when it would ring too late; one that rings early is set again.
void HttpConnection::set_deadline(std::chrono::milliseconds from_now) {
    deadline_ = Clock::now() + from_now;
    if (deadline_ < timer_.expiry()) arm_timer();
}

void HttpConnection::arm_timer() {
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error || self->is_gone_) return;
        if (Clock::now() >= self->deadline_) self->expire();
        if (!self->is_gone_) self->arm_timer();
    });
}

void HttpConnection::expire() {
    if (is_writing_ || (is_idle_ && has_unsent())) {
        cut();
        return;
    }
    is_expired_ = true;
    deadline_ = Clock::now() + no_deadline;
    boost::system::error_code ignored;
    socket_.plain().cancel(ignored);
}

}  // namespace chancery::rpc
