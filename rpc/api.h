// All that a node answers over HTTP: one router for everybody, one for its operator.
//
// The contract is rpc/openapi.json, built into the program and served at /openapi.json.
#pragma once

#include "rpc/router.h"
#include "rpc/service.h"

namespace chancery::rpc {

// `service` must outlive the router.
Router public_router(Service& service);

// Health and metrics, for the loopback listener.
Router admin_router(const Service& service);

// The text of rpc/openapi.json.
std::string_view openapi_text();

}  // namespace chancery::rpc
