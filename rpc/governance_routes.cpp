// Acts by which members decide about their own keys: submitting one, and what became of them.
//
//     POST /v1/governance   201 sealed now · 200 sealed before · 202 not yet, with a promise
//
// The authority of an act is its signature by the member's governance key.

#include "crypto/base/decimal.h"
#include "rpc/documents.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/routes.h"
#include "rpc/submission_parse.h"

namespace chancery::rpc {
namespace {

constexpr std::string_view governance_path = "/v1/governance";
constexpr std::uint32_t acts_max = 100;

std::variant<ActSubmission, Response> act_submission_of(const Request& request) {
    const std::string_view type = request.field("Content-Type");
    ActSubmission submission;
    if (is_type(type, "application/octet-stream")) {
        const ByteView bytes = bytes_of(request.body);
        submission.bytes.assign(bytes.begin(), bytes.end());
    } else if (is_type(type, "application/json")) {
        Result<Bytes> parsed = parse_act_submission(request.body);
        if (!parsed) return malformed_body(parsed.error());
        submission.bytes = std::move(*parsed);
    } else {
        return problem("media_type", "want application/octet-stream or application/json");
    }
    if (const auto wait = preferred_wait(request.field("Prefer"))) submission.wait = *wait;
    return submission;
}

boost::asio::awaitable<Response> take_act(Service& service, const Request& request) {
    std::variant<ActSubmission, Response> read = act_submission_of(request);
    if (auto* const early = std::get_if<Response>(&read)) co_return std::move(*early);
    auto& submission = std::get<ActSubmission>(read);
    const Result<ActAnswer> answer = co_await service.submit_act(std::move(submission));
    if (!answer) co_return problem_of(answer.error(), Fault::rule);
    co_return submission_response(request,
                                  *answer,
                                  std::string(governance_path) + "/" +
                                      std::to_string(answer->member) + "/" +
                                      std::to_string(answer->sequence));
}

Response answer_act(const Service& service, const Request& request) {
    const auto member = member_of(service, request.path_parameter("member"));
    if (!member) return problem_of(member.error(), Fault::request);
    const auto sequence = from_decimal(request.path_parameter("sequence"));
    if (!sequence || *sequence == 0) {
        return problem("malformed", "not a sequence, want a number from 1");
    }
    const Result<ActAnswer> answer = service.act(*member, *sequence);
    if (!answer) return problem_of(answer.error(), Fault::request);
    return json_response(200, to_json(*answer));
}

Response answer_acts(const Service& service, const Request& request) {
    const auto member = member_of(service, request.path_parameter("member"));
    if (!member) return problem_of(member.error(), Fault::request);
    std::uint64_t after = 0;
    if (request.query_parameter("after")) {
        const auto given = number_parameter(request, "after");
        if (!given) return problem_of(given.error(), Fault::request);
        after = *given;
    }
    const Result<ActsAnswer> answer = service.acts(*member, after, acts_max);
    if (!answer) return problem_of(answer.error(), Fault::request);
    return json_response(200, to_json(*answer));
}

}  // namespace

void add_governance_routes(Router& router, Service& service) {
    Route route;
    route.method = Method::post;
    route.path = governance_path;
    route.is_write = true;
    route.body_bytes_max = body_bytes_max;
    route.handler =
        WaitingHandler([&](const Request& request) { return take_act(service, request); });
    router.add(std::move(route));
    add_get(router,
            "/v1/governance/{member}",
            [&](const Request& request) { return answer_acts(service, request); },
            {"after"});
    add_get(router, "/v1/governance/{member}/{sequence}", [&](const Request& request) {
        return answer_act(service, request);
    });
}

}  // namespace chancery::rpc
