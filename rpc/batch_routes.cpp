// Submitting a batch, and asking what became of one.
//
//     POST /v1/batches   201 sealed now · 200 sealed before · 202 not yet, with a promise
//
// The authority of a batch is its signature, so the route asks for nothing else.

#include "rpc/documents.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/routes.h"
#include "rpc/submission_parse.h"

namespace chancery::rpc {
namespace {

constexpr std::string_view batches_path = "/v1/batches";

std::variant<Submission, Response> submission_of(const Request& request) {
    const std::string_view type = request.field("Content-Type");
    Submission submission;
    if (is_type(type, "application/octet-stream")) {
        const ByteView bulk = bytes_of(request.body);
        submission.bulk.assign(bulk.begin(), bulk.end());
    } else if (is_type(type, "application/json")) {
        Result<Submission> parsed = parse_submission(request.body);
        if (!parsed) return malformed_body(parsed.error());
        submission = std::move(*parsed);
    } else {
        return problem("media_type", "want application/octet-stream or application/json");
    }
    if (submission.bulk.size() < bulk_bytes_min) {
        return problem("malformed",
                       "a batch of " + std::to_string(submission.bulk.size()) +
                           " bytes, want at least " + std::to_string(bulk_bytes_min));
    }
    if (const auto wait = preferred_wait(request.field("Prefer"))) submission.wait = *wait;
    return submission;
}

boost::asio::awaitable<Response> submit(Service& service, const Request& request) {
    std::variant<Submission, Response> read = submission_of(request);
    if (auto* const early = std::get_if<Response>(&read)) co_return std::move(*early);
    auto& submission = std::get<Submission>(read);
    const Result<BatchAnswer> answer = co_await service.submit(std::move(submission));
    if (!answer) co_return problem_of(answer.error(), Fault::rule);
    co_return submission_response(
        request,
        *answer,
        std::string(batches_path) + "/" + batch_id(answer->member, answer->nonce));
}

Response answer_batch(const Service& service, const Request& request) {
    const Result<BatchId> id = parse_batch_id(request.path_parameter("id"));
    if (!id) return problem_of(id.error(), Fault::request);
    const Result<BatchAnswer> answer = service.batch(id->member, id->nonce);
    if (!answer) return problem_of(answer.error(), Fault::request);
    return json_response(200, to_json(*answer));
}

}  // namespace

void add_batch_routes(Router& router, Service& service) {
    Route route;
    route.method = Method::post;
    route.path = batches_path;
    route.is_write = true;
    route.body_bytes_max = batch_body_bytes_max;
    route.handler =
        WaitingHandler([&](const Request& request) { return submit(service, request); });
    router.add(std::move(route));
    add_get(router, "/v1/batches/{id}", [&](const Request& request) {
        return answer_batch(service, request);
    });
}

}  // namespace chancery::rpc
