#include "node/remote.h"

#include "crypto/json/parse.h"

namespace chancery::node {
namespace {

Errc code_of_status(int status) {
    if (status == 404) return Errc::not_found;
    if (status == 409) return Errc::conflict;
    if (status == 408 || status == 504) return Errc::timeout;
    if (status >= 400 && status < 500 && status != 429) return Errc::invalid;
    return Errc::unavailable;
}

const std::string* text_in(const json::Value& document, std::string_view name) {
    const json::Value* found = document.find(name);
    return found == nullptr ? nullptr : found->as_string();
}

}  // namespace

bool is_url(std::string_view place) {
    return place.starts_with("http://") || place.starts_with("https://");
}

std::optional<Errc> errc_named(std::string_view name) {
    for (const Errc code : {Errc::invalid,
                            Errc::forbidden,
                            Errc::not_found,
                            Errc::conflict,
                            Errc::unavailable,
                            Errc::timeout})
        if (name_of(code) == name) return code;
    return std::nullopt;
}

Result<Remote> Remote::to(const std::string& url, std::chrono::seconds timeout) {
    const auto parsed = rpc::parse_url(url);
    if (!parsed) return Error{Errc::invalid, "node " + url + ": " + parsed.error().detail};
    rpc::ClientOptions options;
    options.answer_timeout = timeout;
    options.body_bytes_max = answer_bytes_max;
    auto http = rpc::HttpClient::to(*parsed, options);
    if (!http) return Error{Errc::invalid, "node " + url + ": " + http.error().detail};
    return Remote(url, *std::move(http));
}

Result<std::string> Remote::get(const std::string& target, std::string_view accept) {
    auto answer = http_.get(target, accept);
    if (!answer) return unreachable(answer.error());
    if (answer->status != 200) return problem_of(*answer);
    return std::move(answer->body);
}

Error Remote::unreachable(const Error& error) const {
    const bool is_known = error.code == Errc::unavailable || error.code == Errc::timeout;
    return {is_known ? error.code : Errc::unavailable, url_ + ": " + error.detail};
}

Error Remote::unreadable(const Error& error) const {
    return {Errc::unavailable, url_ + ": this is no answer of a node: " + error.detail};
}

Error Remote::problem_of(const rpc::ClientAnswer& answer) const {
    Error error{code_of_status(answer.status), url_ + ": HTTP " + std::to_string(answer.status)};
    const auto document = json::parse(answer.body);
    if (!document) return error;
    if (const std::string* name = text_in(*document, "code")) {
        error.code = errc_named(*name).value_or(error.code);
    }
    const std::string* detail = text_in(*document, "detail");
    if (detail != nullptr && !detail->empty()) error.detail = url_ + ": " + *detail;
    return error;
}

}  // namespace chancery::node
