// POST /rpc: the other routes' handlers as methods of JSON-RPC 2.0. What they answer as JSON is
// the result, texts are strings, bytes are base64; their problems are the errors' data.

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/rate_fields.h"
#include "rpc/routes.h"
#include "rpc/rpc_call.h"
#include "rpc/submission_parse.h"

namespace chancery::rpc {
namespace {

using RpcClock = std::chrono::steady_clock;

// Of all calls of a batch together, which are carried out one after another.
constexpr std::chrono::seconds waits_max{60};
constexpr std::size_t answers_bytes_max = std::size_t{16} * 1024 * 1024;

// The routes that were there when /rpc was added.
struct RpcTable {
    std::vector<Route> routes;

    const Route* find(const RpcMethod& method) const {
        const auto found = std::ranges::find_if(routes, [&](const Route& route) {
            return route.method == method.method && route.path == method.path;
        });
        return found == routes.end() ? nullptr : &*found;
    }
};

// Of one HTTP request.
struct RpcExchange {
    const RpcTable& table;
    const Caller* caller = nullptr;
    RpcClock::time_point deadline;
    std::size_t answer_bytes = 0;
    std::optional<Error> cause;  // Of the first call that the node itself failed.
};

std::string result_text(const Response& response) {
    const std::string_view type = response.field("Content-Type");
    if (is_type(type, "application/json")) return response.body();
    std::string text;
    if (type.starts_with("text/")) {
        json::append_string(response.body(), text);
        return text;
    }
    text = "\"";
    append_base64(bytes_of(response.body()), text);
    return text + "\"";
}

RpcCode code_of(int status) {
    if (status == 400) return RpcCode::invalid_params;
    return status == 500 ? RpcCode::internal_error : RpcCode::problem;
}

std::string fault_text(const json::Value& id, const RpcFault& fault) {
    const bool is_unknown = fault.code == RpcCode::method_not_found;
    const Response data = problem(is_unknown ? "not_found" : "malformed", fault.detail);
    return rpc_error(id, fault.code, data.body());
}

std::string answer_text(const json::Value& id, const Response& response, RpcExchange& exchange) {
    if (response.cause() && !exchange.cause) exchange.cause = response.cause();
    // /readyz says its findings with 503 and no problem.
    const bool is_problem = is_type(response.field("Content-Type"), problem_type);
    if (!is_problem) return rpc_result(id, result_text(response));
    return rpc_error(id, code_of(response.status()), response.body());
}

// A write has limits that the request, which counts as a read, has not paid for.
std::optional<Response> turn_down(const Route& route, const Request& request) {
    if (!route.is_write || request.caller == nullptr) return std::nullopt;
    Demand demand;
    demand.writes = 1;
    demand.write_bytes = request.body.size();
    const RateVerdict verdict = request.caller->ask(demand);
    if (verdict.is_admitted) return std::nullopt;
    return too_many_requests(verdict);
}

std::chrono::seconds wait_left(const RpcExchange& exchange) {
    const auto left =
        std::chrono::duration_cast<std::chrono::seconds>(exchange.deadline - RpcClock::now());
    return std::max(left, std::chrono::seconds{0});
}

// The route of a call, with its request in `translated`; or the answer, if no handler is to be
// asked.
std::variant<const Route*, std::string> prepare(RpcCall& call,
                                                RpcExchange& exchange,
                                                RpcCallRequest& translated) {
    if (call.fault) return fault_text(call.id, *call.fault);
    const auto table = rpc_methods();
    const auto method = std::ranges::find(table, call.method, &RpcMethod::name);
    const Route* const route = method == table.end() ? nullptr : exchange.table.find(*method);
    if (route == nullptr) {
        return fault_text(call.id, {RpcCode::method_not_found, "no method has this name"});
    }
    if (exchange.answer_bytes > answers_bytes_max) {
        const Response late = problem("overloaded", "the batch's answers are large, ask alone");
        return answer_text(call.id, late, exchange);
    }
    const auto wrong =
        translated.translate(*method, *route, std::move(call.params), wait_left(exchange));
    if (wrong) return fault_text(call.id, {RpcCode::invalid_params, wrong->detail});
    translated.request().caller = exchange.caller;
    const std::optional<Response> refused = turn_down(*route, translated.request());
    if (refused) return answer_text(call.id, *refused, exchange);
    return route;
}

boost::asio::awaitable<std::string> answer_call(RpcCall call, RpcExchange& exchange) {
    RpcCallRequest translated;
    std::variant<const Route*, std::string> prepared = prepare(call, exchange, translated);
    if (auto* const early = std::get_if<std::string>(&prepared)) co_return std::move(*early);
    const auto& handler = std::get<const Route*>(prepared)->handler;
    if (const auto* const at_once = std::get_if<Handler>(&handler)) {
        const Response response = (*at_once)(translated.request());
        co_return answer_text(call.id, response, exchange);
    }
    const Response response = co_await std::get<WaitingHandler>(handler)(translated.request());
    co_return answer_text(call.id, response, exchange);
}

// A batch may be long work for a thread that serves others too.
boost::asio::awaitable<void> let_others_run() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

boost::asio::awaitable<std::string> answer_calls(RpcRequest request, RpcExchange& exchange) {
    std::string all;
    for (RpcCall& call : request.calls) {
        const bool is_silent = call.is_notification;
        const std::string text = co_await answer_call(std::move(call), exchange);
        if (request.is_batch) co_await let_others_run();
        if (is_silent) continue;
        if (request.is_batch) all += all.empty() ? "[" : ",";
        all += text;
        exchange.answer_bytes = all.size();
    }
    if (request.is_batch && !all.empty()) all += "]";
    co_return all;
}

boost::asio::awaitable<Response> answer_rpc(std::shared_ptr<const RpcTable> table,
                                            const Request& request) {
    if (!is_type(request.field("Content-Type"), "application/json")) {
        co_return problem("media_type", "want application/json");
    }
    auto parsed = parse_rpc(request.body, batch_body_bytes_max);
    if (const auto* const fault = std::get_if<RpcFault>(&parsed)) {
        co_return json_response(200, fault_text({}, *fault));
    }
    auto& calls = std::get<RpcRequest>(parsed);
    if (request.caller != nullptr) {
        Demand demand;
        demand.reads = calls.calls.size() - 1;  // The request itself has paid for one.
        request.caller->charge(demand);
    }
    RpcExchange exchange{*table, request.caller, RpcClock::now() + waits_max, 0, std::nullopt};
    std::string text = co_await answer_calls(std::move(calls), exchange);
    Response response = json_response(200, std::move(text));
    if (response.body().empty()) {  // Notifications alone.
        response = Response();
        response.set_status(204);
    }
    if (exchange.cause) response.set_cause(*exchange.cause);
    co_return response;
}

}  // namespace

void add_rpc_route(Router& router) {
    // Shared with the handler, which is copied with its route.
    const auto table = std::make_shared<const RpcTable>(RpcTable{router.routes()});
    Route route;
    route.method = Method::post;
    route.path = rpc_path;
    route.body_bytes_max = batch_body_bytes_max;
    route.is_cross_origin = true;
    route.handler =
        WaitingHandler([table](const Request& request) { return answer_rpc(table, request); });
    router.add(std::move(route));
}

}  // namespace chancery::rpc
