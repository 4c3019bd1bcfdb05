// A JSON-RPC call as the request that its route would have had, so that both are answered by the
// same handler: parameters of path and query by their names, and what a body has as the rest.
#pragma once

#include <chrono>
#include <deque>

#include "rpc/json_rpc.h"
#include "rpc/rpc_methods.h"

namespace chancery::rpc {

class RpcCallRequest {
public:
    // Errc::invalid: a parameter is missing, unknown or of another type; says which are wanted.
    // `wait_max`: the longest that a call may wait, whatever it asks.
    std::optional<Error> translate(const RpcMethod& method,
                                   const Route& route,
                                   json::Value params,
                                   std::chrono::seconds wait_max);

    // Valid as long as this object, which does not move.
    Request& request() { return request_; }

    RpcCallRequest() = default;
    RpcCallRequest(const RpcCallRequest&) = delete;
    RpcCallRequest& operator=(const RpcCallRequest&) = delete;

private:
    std::optional<Error> take_path(const Route& route, json::Value& params);
    std::optional<Error> take_query(const Route& route, json::Value& params);
    std::optional<Error> take_wait(json::Value& params, std::chrono::seconds wait_max);

    std::deque<std::string> texts_;  // What the request's views look at.
    std::vector<Field> fields_;
    Request request_;
};

}  // namespace chancery::rpc
