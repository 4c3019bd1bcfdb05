#include "rpc/rpc_call.h"

#include <algorithm>

#include "crypto/json/canonical.h"

namespace chancery::rpc {
namespace {

constexpr std::int64_t wait_default_s = 5;  // As without a Prefer field.

// A parameter as it would stand in a target; nullopt if none could.
std::optional<std::string> target_text(const json::Value& value) {
    if (const std::string* const text = value.as_string()) return *text;
    const std::int64_t* const number = value.as_integer();
    if (number == nullptr || *number < 0) return std::nullopt;
    return std::to_string(*number);
}

Error wrong_type(std::string_view name) {
    return Error{Errc::invalid,
                 "parameter " + std::string(name) +
                     " is neither a string nor a number that is whole and not negative"};
}

}  // namespace

std::optional<Error> RpcCallRequest::translate(const RpcMethod& method,
                                               const Route& route,
                                               json::Value params,
                                               std::chrono::seconds wait_max) {
    request_.method = route.method;
    request_.path = route.path;
    fields_ = {Field{.name = "Accept", .value = "application/json"}};
    if (auto wrong = take_path(route, params)) return wrong;
    if (auto wrong = take_query(route, params)) return wrong;
    if (method.takes_wait) {
        if (auto wrong = take_wait(params, wait_max)) return wrong;
    }
    if (route.method == Method::post) {
        fields_.push_back(Field{.name = "Content-Type", .value = "application/json"});
        request_.body = texts_.emplace_back(json::canonical(params));
        if (request_.body.size() > route.body_bytes_max) {
            return Error{Errc::invalid,
                         "parameters of " + std::to_string(request_.body.size()) +
                             " bytes, want at most " + std::to_string(route.body_bytes_max)};
        }
    } else if (!params.as_object()->empty()) {
        return Error{Errc::invalid, "a parameter that this method does not have"};
    }
    request_.fields = fields_;
    return std::nullopt;
}

std::optional<Error> RpcCallRequest::take_path(const Route& route, json::Value& params) {
    std::string_view rest = route.path;
    for (std::size_t at = rest.find('{'); at != std::string_view::npos; at = rest.find('{')) {
        rest.remove_prefix(at + 1);
        const std::string_view name = rest.substr(0, rest.find_first_of("+}"));
        const json::Value* const value = params.find(name);
        if (value == nullptr) {
            return Error{Errc::invalid, "parameter " + std::string(name) + " is missing"};
        }
        std::optional<std::string> text = target_text(*value);
        if (!text) return wrong_type(name);
        params.erase(name);
        request_.path_parameters.push_back(
            PathParameter{.name = name, .value = texts_.emplace_back(std::move(*text))});
    }
    return std::nullopt;
}

std::optional<Error> RpcCallRequest::take_query(const Route& route, json::Value& params) {
    for (const std::string& name : route.query) {
        const json::Value* const value = params.find(name);
        if (value == nullptr) continue;
        std::optional<std::string> text = target_text(*value);
        if (!text) return wrong_type(name);
        params.erase(name);
        request_.query_parameters.push_back(
            QueryParameter{.name = name, .value = std::move(*text)});
    }
    return std::nullopt;
}

std::optional<Error> RpcCallRequest::take_wait(json::Value& params, std::chrono::seconds wait_max) {
    std::int64_t wait = wait_default_s;
    if (const json::Value* const value = params.find("wait")) {
        const std::int64_t* const seconds = value->as_integer();
        if (seconds == nullptr || *seconds < 0) {
            return Error{Errc::invalid, "parameter wait is no whole number of seconds"};
        }
        wait = *seconds;
        params.erase("wait");
    }
    wait = std::min<std::int64_t>(wait, wait_max.count());
    fields_.push_back(
        Field{.name = "Prefer", .value = texts_.emplace_back("wait=" + std::to_string(wait))});
    return std::nullopt;
}

}  // namespace chancery::rpc
