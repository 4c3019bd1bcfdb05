// Signs of life: whether the process turns, and whether this node can serve.

#include "rpc/documents.h"
#include "rpc/problem.h"
#include "rpc/routes.h"

namespace chancery::rpc {
namespace {

Response answer_ready(const Service& service) {
    const Readiness readiness = service.readiness();
    Response response = json_response(readiness.is_ready ? 200 : 503, to_json(readiness));
    if (!readiness.is_ready) response.set_field("Retry-After", std::to_string(retry_after_s));
    return response;
}

}  // namespace

void add_health_routes(Router& router, const Service& service, bool is_cross_origin) {
    Route live;
    live.path = "/livez";
    live.is_cross_origin = is_cross_origin;
    live.handler = Handler(
        [](const Request&) { return Response(200, "text/plain; charset=utf-8", "alive\n"); });
    router.add(std::move(live));
    Route ready;
    ready.path = "/readyz";
    ready.is_cross_origin = is_cross_origin;
    ready.handler = Handler([&](const Request&) { return answer_ready(service); });
    router.add(std::move(ready));
}

}  // namespace chancery::rpc
