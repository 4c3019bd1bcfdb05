#include "rpc/http.h"

#include <algorithm>
#include <utility>

#include "rpc/ascii.h"

namespace chancery::rpc {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> methods = {{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"PATCH", Method::patch},
    {"DELETE", Method::remove},
    {"OPTIONS", Method::options},
}};

constexpr std::array<std::pair<int, std::string_view>, 27> reasons = {{
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

std::string_view name_of(Method method) {
    const auto* const found =
        std::ranges::find(methods, method, [](const auto& m) { return m.second; });
    CHECK(found != methods.end());
    return found->first;
}

std::optional<Method> method_named(std::string_view name) {
    const auto* const found =
        std::ranges::find(methods, name, [](const auto& m) { return m.first; });
    if (found == methods.end()) return std::nullopt;
    return found->second;
}

std::string_view reason_phrase(int status) {
    const auto* const found =
        std::ranges::find(reasons, status, [](const auto& reason) { return reason.first; });
    return found == reasons.end() ? std::string_view{} : found->second;
}

std::string_view Request::field(std::string_view name) const {
    for (const Field& candidate : fields) {
        if (equals_ignoring_case(candidate.name, name)) return candidate.value;
    }
    return {};
}

bool Request::has_field(std::string_view name) const {
    return std::ranges::any_of(
        fields, [&](const Field& candidate) { return equals_ignoring_case(candidate.name, name); });
}

std::string_view Request::path_parameter(std::string_view name) const {
    const auto found = std::ranges::find(path_parameters, name, &PathParameter::name);
    CHECK(found != path_parameters.end());
    return found->value;
}

std::optional<std::string_view> Request::query_parameter(std::string_view name) const {
    const auto found = std::ranges::find(query_parameters, name, &QueryParameter::name);
    if (found == query_parameters.end()) return std::nullopt;
    return found->value;
}

Response::Response(int status, std::string_view content_type, std::string body)
    : status_(status), body_(std::move(body)) {
    fields_.reserve(4);
    set_field("Content-Type", std::string(content_type));
}

void Response::set_field(std::string_view name, std::string value) {
    CHECK(is_token(name));
    if (is_refused_) return;
    if (!is_field_value(value)) {
        is_refused_ = true;
        status_ = 500;
        fields_.clear();
        body_.clear();
        stream_.reset();
        cause_ = Error{Errc::invalid,
                       "field " + std::string(name) + " of an answer has a byte outside 0x20-0x7e"};
        return;
    }
    for (ResponseField& present : fields_) {
        if (!equals_ignoring_case(present.name, name)) continue;
        present.value = std::move(value);
        return;
    }
    fields_.push_back(ResponseField{.name = std::string(name), .value = std::move(value)});
}

std::string_view Response::field(std::string_view name) const {
    for (const ResponseField& present : fields_) {
        if (equals_ignoring_case(present.name, name)) return present.value;
    }
    return {};
}

}  // namespace chancery::rpc
