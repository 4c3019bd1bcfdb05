// The envelope of JSON-RPC 2.0: calls as strangers write them, answers as we do.
//
//     {"jsonrpc":"2.0","method":<name>,"params":{…},"id":<null, number or string>}
//
// or an array of up to rpc_calls_max of them. Stricter than the specification where it leaves a
// choice: parameters go by name, and members that it does not name are refused. A call without
// "id" is a notification, carried out and answered by nothing.
// Source: JSON-RPC 2.0 Specification §4-§6.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "crypto/json/value.h"

namespace chancery::rpc {

inline constexpr std::size_t rpc_calls_max = 50;
inline constexpr std::size_t rpc_id_bytes_max = 256;
inline constexpr std::size_t rpc_elements_max = 20'000;  // JSON values of all calls together.
inline constexpr std::size_t rpc_depth_max = 16;

enum class RpcCode : int {
    parse_error = -32'700,
    invalid_request = -32'600,
    method_not_found = -32'601,
    invalid_params = -32'602,
    internal_error = -32'603,
    problem = -32'000,  // A handler's own problem: `data` tells which.
};

struct RpcFault {
    RpcCode code = RpcCode::invalid_request;
    std::string detail;  // Never a piece of the input.
};

struct RpcCall {
    json::Value id;  // Null, a number or a string; null if it cannot be told.
    bool is_notification = false;
    std::string method;
    json::Value params;             // An object.
    std::optional<RpcFault> fault;  // It cannot be carried out, and why.
};

struct RpcRequest {
    bool is_batch = false;
    std::vector<RpcCall> calls;  // 1 to rpc_calls_max.
};

std::variant<RpcRequest, RpcFault> parse_rpc(std::string_view body, std::size_t bytes_max);

// `result` and `data` are JSON texts.
std::string rpc_result(const json::Value& id, std::string_view result);
std::string rpc_error(const json::Value& id, RpcCode code, std::string_view data);

}  // namespace chancery::rpc
