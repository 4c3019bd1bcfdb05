#include "rpc/json_rpc.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"

namespace chancery::rpc {
namespace {

constexpr std::array<std::string_view, 4> envelope_names = {"jsonrpc", "method", "params", "id"};

bool is_id(const json::Value& value) {
    if (const std::string* const text = value.as_string()) return text->size() <= rpc_id_bytes_max;
    // 1e20 is read as a fraction, and would be answered as an integer that few can read.
    if (const double* const fraction = value.as_fraction()) {
        return std::abs(*fraction) <= static_cast<double>(json::integer_max);
    }
    return value.is_null() || value.as_integer() != nullptr;
}

// What keeps a document from being a call; empty if nothing does.
std::string fault_of(const json::Value& document) {
    const json::Object* const object = document.as_object();
    if (object == nullptr) return "a call is an object";
    for (const json::Member& member : *object) {
        if (std::ranges::find(envelope_names, member.name) == envelope_names.end()) {
            return "a call has a member with another name than jsonrpc, method, params, id";
        }
    }
    const json::Value* const version = document.find("jsonrpc");
    if (version == nullptr || *version != json::Value("2.0")) return "jsonrpc is not \"2.0\"";
    const json::Value* const id = document.find("id");
    if (id != nullptr && !is_id(*id)) {
        return "id is neither null nor a number nor a string of at most " +
               std::to_string(rpc_id_bytes_max) + " bytes";
    }
    const json::Value* const method = document.find("method");
    if (method == nullptr || method->as_string() == nullptr) return "method is not a string";
    const json::Value* const params = document.find("params");
    if (params != nullptr && params->as_object() == nullptr && params->as_array() == nullptr) {
        return "params is not an object";
    }
    return {};
}

RpcCall read_call(json::Value& document) {
    RpcCall call;
    const json::Value* const id = document.find("id");
    if (id != nullptr && is_id(*id)) call.id = *id;
    std::string fault = fault_of(document);
    if (!fault.empty()) {
        call.fault = RpcFault{RpcCode::invalid_request, std::move(fault)};
        return call;
    }
    call.is_notification = id == nullptr;
    call.method = *document.find("method")->as_string();
    json::Value* const params = document.find("params");
    call.params = params == nullptr ? json::Value(json::Object{}) : std::move(*params);
    if (call.params.as_object() == nullptr) {
        call.fault = RpcFault{RpcCode::invalid_params, "parameters go by name, in an object"};
    }
    return call;
}

std::string_view message_of(RpcCode code) {
    switch (code) {
        case RpcCode::parse_error:
            return "Parse error";
        case RpcCode::invalid_request:
            return "Invalid Request";
        case RpcCode::method_not_found:
            return "Method not found";
        case RpcCode::invalid_params:
            return "Invalid params";
        case RpcCode::internal_error:
            return "Internal error";
        case RpcCode::problem:
            return "Server error";
    }
    CHECK(false);
    return {};
}

std::string closing(const json::Value& id) {
    return R"(,"id":)" + json::canonical(id) + R"(,"jsonrpc":"2.0")";
}

}  // namespace

std::variant<RpcRequest, RpcFault> parse_rpc(std::string_view body, std::size_t bytes_max) {
    json::Limits limits;
    limits.bytes_max = bytes_max;
    limits.depth_max = rpc_depth_max;
    limits.elements_max = rpc_elements_max;
    Result<json::Value> document = json::parse(body, limits);
    if (!document) return RpcFault{RpcCode::parse_error, document.error().detail};
    RpcRequest request;
    json::Array* const batch = document->as_array();
    if (batch == nullptr) {
        request.calls.push_back(read_call(*document));
        return request;
    }
    if (batch->empty() || batch->size() > rpc_calls_max) {
        return RpcFault{RpcCode::invalid_request,
                        "a batch of " + std::to_string(batch->size()) + " calls, want 1 to " +
                            std::to_string(rpc_calls_max)};
    }
    request.is_batch = true;
    for (json::Value& call : *batch)
        request.calls.push_back(read_call(call));
    return request;
}

std::string rpc_result(const json::Value& id, std::string_view result) {
    const std::string end = closing(id);
    std::string text = "{" + end.substr(1) + ",\"result\":";
    text.append(result).append("}");
    return text;
}

std::string rpc_error(const json::Value& id, RpcCode code, std::string_view data) {
    std::string text = R"({"error":{"code":)" + std::to_string(static_cast<int>(code));
    text.append(",\"data\":").append(data).append(",\"message\":");
    json::append_string(message_of(code), text);
    return text + "}" + closing(id) + "}";
}

}  // namespace chancery::rpc
