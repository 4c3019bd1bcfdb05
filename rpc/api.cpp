#include "rpc/api.h"

#include "rpc/routes.h"

namespace chancery::rpc {

Router public_router(Service& service) {
    Router router;
    // The busiest first: routes are tried in this order.
    add_credential_routes(router, service);
    add_batch_routes(router, service);
    add_governance_routes(router, service);
    add_log_routes(router, service);
    add_registry_routes(router, service);
    add_network_routes(router, service);
    add_health_routes(router, service, true);
    add_rpc_route(router);
    add_event_routes(router, service);  // No answer but a stream, so no method of /rpc.
    router.share_unrouted();
    return router;
}

Router admin_router(const Service& service) {
    Router router;
    add_health_routes(router, service, false);  // No web site has business here.
    Route metrics;
    metrics.path = "/metrics";
    metrics.handler = Handler([&service](const Request&) {
        return Response(200, "text/plain; version=0.0.4; charset=utf-8", service.metrics());
    });
    router.add(std::move(metrics));
    return router;
}

}  // namespace chancery::rpc
