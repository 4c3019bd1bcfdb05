#include "rpc/problem.h"

#include <algorithm>

#include "crypto/json/canonical.h"

namespace chancery::rpc {
namespace {

constexpr std::array<ProblemRow, 23> table = {{
    {"malformed", 400, "The request cannot be understood", "Compare it with /openapi.json.", false},
    {"framing", 400, "The request breaks HTTP's rules", "Send it through an HTTP library.", false},
    {"not_found", 404, "There is no such thing here", "Check the identifiers.", false},
    {"no_such_path", 404, "No resource has this path", "/openapi.json lists them all.", false},
    {"method_not_allowed", 405, "The resource has no such method", "See the Allow field.", false},
    {"not_acceptable", 406, "No such form is offered", "Ask with another Accept field.", false},
    {"request_timeout", 408, "The request came too slowly", "Send it again, faster.", true},
    {"conflict", 409, "It contradicts what is registered", "Read the present state first.", false},
    {"length_required", 411, "The body has no length", "Send a Content-Length.", false},
    {"too_large", 413, "The body is too large", "Send it in several requests.", false},
    {"target_too_long", 414, "The target is too long", "Send at most 2048 bytes.", false},
    {"media_type", 415, "The body's type is not taken here", "See /openapi.json.", false},
    {"expectation", 417, "The expectation cannot be met", "Leave the Expect field out.", false},
    {"invalid", 422, "It breaks a rule of the registry", "Correct it and sign it anew.", false},
    {"forbidden", 422, "A signature or right is missing", "Check the key and its member.", false},
    {"too_many_requests", 429, "Too many requests came", "Wait as Retry-After says.", true},
    {"head_too_large", 431, "The head is too large", "Send fewer or shorter fields.", false},
    {"internal", 500, "The node failed", "Tell its operator the Request-Id field.", false},
    {"not_implemented", 501, "The node does not do this", "See /openapi.json.", false},
    {"unavailable", 503, "The node cannot do this now", "Try again, or another node.", true},
    {"overloaded", 503, "The node has too much to do", "Try again, or another node.", true},
    {"timeout", 504, "There was no answer in time", "It may have happened: ask first.", true},
    {"version", 505, "This HTTP version is not spoken", "Speak HTTP/1.1.", false},
}};

json::Array to_json(const std::vector<FieldError>& errors) {
    json::Array array;
    for (const FieldError& error : errors) {
        json::Object object;
        object.push_back(json::Member{.name = "pointer", .value = error.pointer});
        object.push_back(json::Member{.name = "detail", .value = error.detail});
        array.push_back(std::move(object));
    }
    return array;
}

std::string_view code_of(Errc code, Fault fault) {
    switch (code) {
        case Errc::invalid:
            return fault == Fault::request ? "malformed" : "invalid";
        case Errc::forbidden:
            return "forbidden";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::unavailable:
            return "unavailable";
        case Errc::timeout:
            return "timeout";
        case Errc::corrupt:
        case Errc::io:
            return "internal";
    }
    CHECK(false);
    return {};
}

}  // namespace

std::span<const ProblemRow> problem_table() { return table; }

const ProblemRow& problem_row(std::string_view code) {
    const auto* const row = std::ranges::find(table, code, &ProblemRow::code);
    CHECK(row != table.end());
    return *row;
}

Response problem(std::string_view code,
                 std::string_view detail,
                 const std::vector<FieldError>& errors) {
    const ProblemRow& row = problem_row(code);
    json::Value document = json::Object{};
    document.set("type", "urn:chancery:problem:" + std::string(row.code));
    document.set("title", row.title);
    document.set("status", row.status);
    document.set("code", row.code);
    document.set("detail", detail);
    document.set("hint", row.hint);
    document.set("errors", to_json(errors));
    document.set("retryable", row.is_retryable);
    Response response(row.status, problem_type, json::canonical(document));
    response.set_field("Cache-Control", "no-store");
    if (row.status == 429 || row.status == 503)
        response.set_field("Retry-After", std::to_string(retry_after_s));
    return response;
}

Response problem_of(const Error& error, Fault fault) {
    const std::string_view code = code_of(error.code, fault);
    if (code != "internal") return problem(code, error.detail);
    Response response = problem(code, "the node's own data or disk failed; nothing can be told");
    response.set_cause(error);
    return response;
}

Response framing_problem(int status, std::string_view detail) {
    if (status == 400) return problem("framing", detail);
    if (status == 503) return problem("overloaded", detail);
    const auto* const row = std::ranges::find(table, status, &ProblemRow::status);
    CHECK(row != table.end());
    return problem(row->code, detail);
}

}  // namespace chancery::rpc
