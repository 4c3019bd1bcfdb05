// The names by which POST /rpc calls the routes.
#pragma once

#include <span>

#include "rpc/router.h"

namespace chancery::rpc {

inline constexpr std::string_view rpc_path = "/rpc";

struct RpcMethod {
    std::string_view name;
    Method method = Method::get;  // Of the route.
    std::string_view path;        // Its template.
    bool takes_wait = false;      // "wait": seconds, as in Prefer.
};

std::span<const RpcMethod> rpc_methods();

}  // namespace chancery::rpc
