#include "rpc/http_client.h"

#include <algorithm>
#include <utility>

#include "rpc/ascii.h"
#include "rpc/http_answer_head.h"

namespace chancery::rpc {
namespace {

constexpr std::size_t read_step_bytes = std::size_t{64} * 1024;
constexpr int interim_answers_max = 8;

bool has_body(Method method, int status) {
    return method != Method::head && status != 204 && status != 304;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

Error too_large(std::size_t bytes_max) {
    return Error{Errc::invalid,
                 "the answer is larger than " + std::to_string(bytes_max) + " bytes"};
}

}  // namespace

std::string_view ClientAnswer::field(std::string_view name) const {
    for (const ResponseField& present : fields) {
        if (equals_ignoring_case(present.name, name)) return present.value;
    }
    return {};
}

HttpClient::HttpClient(Url node, ClientOptions options, std::shared_ptr<const ClientTls> tls)
    : node_(std::move(node)),
      options_(std::move(options)),
      tls_(std::move(tls)),
      socket_(std::make_unique<ClientSocket>()) {}

Result<HttpClient> HttpClient::to(const Url& node, ClientOptions options) {
    if (node.target != "/") return Error{Errc::invalid, "a node's URL has no path, want host:port"};
    if (!node.is_https) return HttpClient(node, std::move(options), nullptr);
    auto tls = ClientTls::trusting(options.ca_file);
    if (!tls) return tls.error();
    return HttpClient(node, std::move(options), *std::move(tls));
}

Result<std::string> HttpClient::head_of(const ClientRequest& request) const {
    const bool is_target = request.target.starts_with('/') && is_printable(request.target) &&
                           request.target.find_first_of(" #") == std::string::npos;
    if (!is_target) return Error{Errc::invalid, "the target is not a path with a query"};
    std::string head(name_of(request.method));
    head += " " + request.target + " HTTP/1.1\r\nHost: " + node_.authority() + "\r\n";
    head += "User-Agent: " + options_.user_agent + "\r\n";
    for (const ResponseField& field : request.fields) {
        if (!is_token(field.name) || !is_printable(field.value)) {
            return Error{Errc::invalid, "a header field with a control character"};
        }
        head += field.name + ": " + field.value + "\r\n";
    }
    if (!request.body.empty() || request.method == Method::post) {
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    return head + "\r\n";
}

Result<ClientAnswer> HttpClient::send(const ClientRequest& request) {
    const Result<std::string> head = head_of(request);
    if (!head) return head.error();
    const bool was_kept = socket_->is_quiet();
    Result<ClientAnswer> answer = exchange(request, *head);
    const bool is_safe = request.method == Method::get || request.method == Method::head;
    if (!answer && was_kept && is_safe && !was_answered_ && answer.error().code == Errc::io) {
        return exchange(request, *head);
    }
    return answer;
}

Result<void> HttpClient::connect() {
    const auto deadline = std::chrono::steady_clock::now() + options_.connect_timeout;
    Result<void> connected =
        socket_->connect(node_.host, node_.port, deadline, options_.only_public);
    if (connected && tls_) connected = socket_->secure(*tls_, node_.host, deadline);
    if (!connected) socket_->close();
    return connected;
}

Result<ClientAnswer> HttpClient::exchange(const ClientRequest& request, std::string_view head) {
    was_answered_ = false;
    received_.clear();
    if (!socket_->is_quiet())
        if (const Result<void> connected = connect(); !connected) return connected.error();
    deadline_ = std::chrono::steady_clock::now() + options_.answer_timeout;
    Result<void> written = socket_->write(head, deadline_);
    if (written) written = socket_->write(request.body, deadline_);
    // A server that refuses a large body answers before it has read it: its answer says more than
    // the broken connection.
    Result<ClientAnswer> answer = !written && written.error().code == Errc::timeout
                                      ? Result<ClientAnswer>(written.error())
                                      : read_answer(request.method);
    if (!answer) socket_->close();
    if (!answer && !written && !was_answered_) return written.error();
    return answer;
}

Result<ClientAnswer> HttpClient::read_answer(Method method) {
    for (int interim = 0; interim < interim_answers_max; ++interim) {
        Result<AnswerHead> head = read_head();
        if (!head) return head.error();
        if (head->status >= 200) return read_rest(method, *std::move(head));
    }
    return Error{Errc::invalid, "more interim answers than a server needs"};
}

Result<AnswerHead> HttpClient::read_head() {
    for (;;) {
        Result<std::optional<AnswerHead>> parsed = parse_answer_head(received_);
        if (!parsed) return parsed.error();
        if (*parsed) {
            received_.erase(0, (*parsed)->head_bytes);
            return **std::move(parsed);
        }
        const auto read = socket_->read(received_, read_step_bytes, deadline_);
        if (!read) return read.error();
        if (*read == 0) {
            return Error{Errc::io, "the connection was closed before a whole answer came"};
        }
        was_answered_ = true;
    }
}

Result<ClientAnswer> HttpClient::read_rest(Method method, AnswerHead head) {
    ClientAnswer answer;
    answer.status = head.status;
    answer.fields = std::move(head.fields);
    Result<void> whole;
    if (!has_body(method, head.status)) {
        if (!received_.empty()) head.keeps_alive = false;
    } else if (head.content_length) {
        whole = read_body(*head.content_length, answer);
    } else {
        head.keeps_alive = false;
        whole = read_to_end(answer);
    }
    if (!whole) return whole.error();
    if (!head.keeps_alive || !received_.empty()) socket_->close();
    return answer;
}

Result<void> HttpClient::read_body(std::uint64_t bytes_left, ClientAnswer& answer) {
    if (bytes_left > options_.body_bytes_max) return too_large(options_.body_bytes_max);
    const std::size_t at_hand =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes_left, received_.size()));
    answer.body = received_.substr(0, at_hand);
    received_.erase(0, at_hand);
    for (bytes_left -= at_hand; bytes_left > 0;) {
        const auto step =
            static_cast<std::size_t>(std::min<std::uint64_t>(bytes_left, read_step_bytes));
        const auto read = socket_->read(answer.body, step, deadline_);
        if (!read) return read.error();
        if (*read == 0) {
            return Error{Errc::io,
                         "the answer ended " + std::to_string(bytes_left) + " bytes too early"};
        }
        bytes_left -= *read;
    }
    return {};
}

Result<void> HttpClient::read_to_end(ClientAnswer& answer) {
    answer.body = std::exchange(received_, {});
    while (answer.body.size() <= options_.body_bytes_max) {
        const auto read = socket_->read(answer.body, read_step_bytes, deadline_);
        if (!read) return read.error();
        if (*read == 0) return {};
    }
    return too_large(options_.body_bytes_max);
}

Result<ClientAnswer> HttpClient::get(std::string_view target, std::string_view accept) {
    ClientRequest request;
    request.target = target;
    request.fields.push_back(ResponseField{.name = "Accept", .value = std::string(accept)});
    return send(request);
}

Result<ClientAnswer> HttpClient::post(std::string_view target,
                                      std::string_view content_type,
                                      std::string body) {
    ClientRequest request;
    request.method = Method::post;
    request.target = target;
    request.fields.push_back(
        ResponseField{.name = "Content-Type", .value = std::string(content_type)});
    request.body = std::move(body);
    return send(request);
}

}  // namespace chancery::rpc
