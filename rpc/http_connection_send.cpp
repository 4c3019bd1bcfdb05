// The other half of rpc/http_connection: what is sent, and what is told of it.

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "rpc/http_connection.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;

constexpr std::size_t linger_bytes_max = std::size_t{16} * 1024 * 1024;

// Of every answer: what we send is data, never a page that may run or be framed.
constexpr std::string_view fixed_fields =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

// RFC 6797: who came over TLS once comes so for a year.
constexpr std::string_view secure_field = "Strict-Transport-Security: max-age=31536000\r\n";

bool has_no_body(int status) { return status == 204 || status == 304 || status < 200; }

}  // namespace

asio::awaitable<void> HttpConnection::send(const Response& response) {
    write_head(response);
    const bool is_bare = method_ == Method::head || has_no_body(response.status());
    const std::size_t body_bytes = is_bare ? 0 : response.body().size();
    const std::array<asio::const_buffer, 2> buffers = {
        asio::const_buffer(head_out_.data(), head_out_.size()),
        asio::const_buffer(response.body().data(), body_bytes)};
    is_writing_ = true;
    set_deadline(shared_->options.write_deadline);
    hold_answer(body_bytes);
    const auto [error, bytes] = co_await asio::async_write(socket_, buffers, as_value);
    release_answer();
    is_writing_ = false;
    if (error) close();
}

void HttpConnection::hold_answer(std::size_t bytes) {
    if (bytes < AnswerMemory::large_bytes) return;
    const auto cut = [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self) asio::post(self->executor(), [self] { self->cut(); });
    };
    answer_ticket_ = shared_->answers.hold(bytes, cut);
}

void HttpConnection::release_answer() {
    if (answer_ticket_ != 0) shared_->answers.release(std::exchange(answer_ticket_, 0));
}

// Until the client hangs up, or does not read for as long as a write may take, or we stop.
asio::awaitable<void> HttpConnection::stream(const std::shared_ptr<EventStream>& events) {
    events_ = events;
    if (is_finishing_) events_->close();
    watch_for_the_end();
    while (!is_gone_) {
        set_deadline(no_deadline);
        const std::string text = co_await events->next(shared_->options.heartbeat);
        if (text.empty() || is_gone_ || !co_await write(text)) break;
    }
    events_.reset();
}

asio::awaitable<bool> HttpConnection::write(std::string_view bytes) {
    is_writing_ = true;
    set_deadline(shared_->options.write_deadline);
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    const auto [error, written] = co_await asio::async_write(socket_, buffer, as_value);
    is_writing_ = false;
    co_return !error;
}

// Nothing more is asked on a connection that streams, so whatever comes is its end.
void HttpConnection::watch_for_the_end() {
    const auto ended = [self = shared_from_this()](const boost::system::error_code&) {
        if (self->events_) self->events_->close();
    };
    socket_.plain().async_wait(asio::ip::tcp::socket::wait_read, ended);
}

void HttpConnection::write_head(const Response& response) {
    const auto add = [this](std::string_view name, std::string_view value) {
        head_out_.append(name).append(": ").append(value).append("\r\n");
    };
    head_out_ = "HTTP/1.1 ";
    head_out_.append(std::to_string(response.status())).append(" ");
    head_out_.append(reason_phrase(response.status())).append("\r\n");
    write_date();
    for (const ResponseField& field : response.fields())
        add(field.name, field.value);
    if (response.field("Cache-Control").empty()) add("Cache-Control", "no-store");
    if (!has_no_body(response.status()) && !response.stream()) {
        add("Content-Length", std::to_string(response.body().size()));
    }
    head_out_.append(fixed_fields);
    if (socket_.is_tls()) head_out_.append(secure_field);
    if (!keeps_alive_) add("Connection", "close");
    if (keeps_alive_ && is_http_1_0_) add("Connection", "keep-alive");
    head_out_.append("\r\n");
}

// RFC 9110 §6.6.1, made anew once a second.
void HttpConnection::write_date() {
    const std::time_t now = std::chrono::system_clock::to_time_t(shared_->options.now());
    if (now != date_s_) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::array<char, 64> text{};
        const std::size_t size =
            std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        date_.assign(text.data(), size);
        date_s_ = now;
    }
    head_out_.append(date_);
}

// So that who reads to the end knows that it is one.
asio::awaitable<void> HttpConnection::say_farewell() {
    is_writing_ = true;
    set_deadline(shared_->options.linger_deadline);
    co_await socket_.say_farewell();
    is_writing_ = false;
}

// A connection closed with bytes unread resets it, and the client would lose the answer: so it is
// given time to read, and what it goes on sending is thrown away, TLS or not.
asio::awaitable<void> HttpConnection::linger() {
    boost::system::error_code ignored;
    socket_.plain().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    set_deadline(shared_->options.linger_deadline);
    is_expired_ = false;
    release_body();
    body_ = std::string();
    const auto space = asio::buffer(buffer_.data(), buffer_.size());
    for (std::size_t thrown_away = 0; thrown_away < linger_bytes_max;) {
        const auto [error, bytes] = co_await socket_.plain().async_read_some(space, as_value);
        if (error || is_expired_) co_return;
        thrown_away += bytes;
    }
}

void HttpConnection::report(const Response& response, const Router::Match* match) {
    if (!shared_->options.on_exchange) return;
    Exchange exchange;
    exchange.id = id_;
    exchange.method = method_;
    if (match != nullptr && match->route != nullptr) exchange.route = match->route->path;
    exchange.status = response.status();
    exchange.request_bytes = body_.size();
    exchange.answer_bytes = response.body().size();
    exchange.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_);
    exchange.cause = response.cause() ? &*response.cause() : nullptr;
    shared_->options.on_exchange(exchange);
}

}  // namespace chancery::rpc
