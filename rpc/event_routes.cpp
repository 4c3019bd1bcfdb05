// GET /v1/events: new checkpoints and alarms as they come.

#include <boost/asio/this_coro.hpp>

#include "rpc/problem.h"
#include "rpc/routes.h"
#include "rpc/url.h"

namespace chancery::rpc {
namespace {

// What cannot be read is no size that was seen: the newest is told.
std::optional<std::uint64_t> last_size(const Request& request) {
    const Result<std::uint64_t> size = parse_decimal(request.field("Last-Event-ID"));
    if (!size) return std::nullopt;
    return *size;
}

boost::asio::awaitable<Response> answer_events(Service& service, const Request& request) {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto stream = service.subscribe(executor, last_size(request));
    if (!stream) co_return problem_of(stream.error(), Fault::request);
    Response response(200, "text/event-stream", "");
    response.set_field("Cache-Control", "no-store");
    response.set_field("X-Accel-Buffering", "no");  // Or proxies hold events back.
    response.set_stream(std::move(*stream));
    co_return response;
}

}  // namespace

void add_event_routes(Router& router, Service& service) {
    Route events;
    events.path = events_path;
    events.is_cross_origin = true;
    events.handler =
        WaitingHandler([&](const Request& request) { return answer_events(service, request); });
    router.add(std::move(events));
}

}  // namespace chancery::rpc
