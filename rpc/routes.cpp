#include "rpc/routes.h"

#include <chrono>
#include <limits>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "rpc/documents.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/url.h"

namespace chancery::rpc {

void add_get(Router& router, std::string path, Handler handler, std::vector<std::string> query) {
    Route route;
    route.path = std::move(path);
    route.query = std::move(query);
    route.handler = std::move(handler);
    route.is_cross_origin = true;
    router.add(std::move(route));
}

Response json_response(int status, const json::Value& document) {
    return json_response(status, json::canonical(document));
}

Response json_response(int status, std::string text) {
    return {status, "application/json", std::move(text)};
}

void set_caching(Response& response, Caching caching) {
    if (caching == Caching::never) {
        response.set_field("Cache-Control", "no-store");
        return;
    }
    constexpr std::size_t tag_bytes = 16;
    const Hash hash = sha256(bytes_of(response.body()));
    response.set_field("ETag", "\"" + to_hex(ByteView(hash).first(tag_bytes)) + "\"");
    response.set_field(
        "Cache-Control",
        caching == Caching::for_ever ? "public, max-age=31536000, immutable" : "no-cache");
}

Result<ledger::MemberNumber> member_of(const Service& service, std::string_view text) {
    constexpr std::uint64_t number_max = std::numeric_limits<ledger::MemberNumber>::max();
    if (ledger::is_slug(text)) {
        const auto members = service.members();
        const ledger::Member* const member = members ? members->find_slug(text) : nullptr;
        if (member == nullptr) return Error{Errc::not_found, "no member has this slug"};
        return member->number;
    }
    const Result<std::uint64_t> number = from_decimal(text);
    if (!number || *number == 0 || *number > number_max) {
        return Error{Errc::invalid, "neither the slug nor the number of a member"};
    }
    return static_cast<ledger::MemberNumber>(*number);
}

Result<std::uint64_t> number_parameter(const Request& request, std::string_view name) {
    const auto text = request.query_parameter(name);
    if (!text) {
        return Error{Errc::invalid, "query parameter " + std::string(name) + " is missing"};
    }
    const Result<std::uint64_t> number = parse_decimal(*text);
    if (!number) {
        return Error{Errc::invalid,
                     "query parameter " + std::string(name) + ": " + number.error().detail};
    }
    return number;
}

template <typename Answer>
Response submission_response(const Request& request, const Answer& answer, std::string location) {
    if (answer.outcome == Outcome::refused) {
        const Error refused{Errc::invalid, "refused"};
        return problem_of(answer.refusal.value_or(refused), Fault::rule);
    }
    const bool is_sealed = answer.outcome == Outcome::sealed;
    const int sealed_status = answer.is_repeat ? 200 : 201;
    Response response = json_response(is_sealed ? sealed_status : 202, to_json(answer));
    response.set_field("Location", std::move(location));
    if (!is_sealed) response.set_field("Retry-After", std::to_string(retry_after_s));
    if (const auto wait = preferred_wait(request.field("Prefer"))) {
        const auto waited = std::chrono::ceil<std::chrono::seconds>(*wait);
        response.set_field("Preference-Applied", "wait=" + std::to_string(waited.count()));
    }
    return response;
}

template Response submission_response(const Request&, const BatchAnswer&, std::string);
template Response submission_response(const Request&, const ActAnswer&, std::string);

Result<Page> page_of(const Request& request) {
    constexpr std::uint32_t limit_default = 100;
    constexpr std::uint64_t limit_max = 1'000;
    Page page{.first = 0, .limit = limit_default};
    if (request.query_parameter("after")) {
        const Result<std::uint64_t> after = number_parameter(request, "after");
        if (!after) return after.error();
        page.first = *after + 1;
    }
    if (request.query_parameter("limit")) {
        const Result<std::uint64_t> wanted = number_parameter(request, "limit");
        if (!wanted) return wanted.error();
        if (*wanted == 0 || *wanted > limit_max)
            return Error{Errc::invalid, "limit is not between 1 and " + std::to_string(limit_max)};
        page.limit = static_cast<std::uint32_t>(*wanted);
    }
    return page;
}

void link_next(Response& response, const json::Value& document, const std::string& target) {
    const json::Value* const next = document.find("next");
    const std::string* const after = next == nullptr ? nullptr : next->as_string();
    if (after == nullptr) return;
    response.set_field("Link", "<" + target + "&after=" + *after + ">; rel=\"next\"");
}

Response malformed_body(const Error& error) {
    const std::size_t end = error.detail.find(": ");
    if (!error.detail.starts_with('/') || end == std::string::npos) {
        return problem("malformed", error.detail);
    }
    FieldError field;
    field.pointer = error.detail.substr(0, end);
    field.detail = error.detail.substr(end + 2);
    return problem("malformed", "the body is not what this resource takes", {field});
}

}  // namespace chancery::rpc
