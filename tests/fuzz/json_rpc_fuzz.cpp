// Any bytes as a JSON-RPC envelope, and as parameters of the method that they name: within the
// limits, or refused with one of the codes; and no answer but JSON, whatever the id is.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "rpc/rpc_call.h"

using namespace chancery;

namespace {

constexpr std::size_t bytes_max = std::size_t{64} * 1024;

void check_answer(const std::string& text, const json::Value& id) {
    const auto answer = json::parse(text);
    CHECK(answer && json::canonical(*answer->find("id")) == json::canonical(id));
    CHECK(*answer->find("jsonrpc") == json::Value("2.0"));
}

void check_call(rpc::RpcCall call) {
    const json::Value* const id = &call.id;
    CHECK(id->as_bool() == nullptr && id->as_array() == nullptr && id->as_object() == nullptr);
    CHECK(id->as_string() == nullptr || id->as_string()->size() <= rpc::rpc_id_bytes_max);
    check_answer(rpc::rpc_result(*id, "[]"), *id);
    check_answer(rpc::rpc_error(*id, rpc::RpcCode::problem, "null"), *id);
    if (call.fault) {
        CHECK(!call.fault->detail.empty());
        return;
    }
    for (const rpc::RpcMethod& method : rpc::rpc_methods()) {
        if (method.name != call.method) continue;
        rpc::Route route;
        route.method = method.method;
        route.path = std::string(method.path);
        route.query = {"from", "to"};
        rpc::RpcCallRequest translated;
        const std::chrono::seconds wait_max{60};
        const auto wrong = translated.translate(method, route, std::move(call.params), wait_max);
        if (wrong) return CHECK(wrong->code == Errc::invalid && !wrong->detail.empty());
        const rpc::Request& request = translated.request();
        CHECK(request.query_parameters.size() <= 2 && request.body.size() <= route.body_bytes_max);
        CHECK(request.body.empty() || json::parse(request.body).has_value() ||
              request.method == rpc::Method::post);
        return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto parsed = rpc::parse_rpc(text_of({data, size}), bytes_max);
    if (const auto* const fault = std::get_if<rpc::RpcFault>(&parsed)) {
        CHECK(!fault->detail.empty());
        return 0;
    }
    auto& request = std::get<rpc::RpcRequest>(parsed);
    CHECK(!request.calls.empty() && request.calls.size() <= rpc::rpc_calls_max);
    CHECK(request.is_batch || request.calls.size() == 1);
    for (rpc::RpcCall& call : request.calls)
        check_call(std::move(call));
    return 0;
}
