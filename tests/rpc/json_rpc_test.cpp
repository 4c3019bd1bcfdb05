#include "rpc/json_rpc.h"

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"

namespace chancery::rpc {
namespace {

constexpr std::size_t bytes_max = 1024 * 1024;

// "ok <id>", "silent", "<code> <id>" of each call, or the code of what cannot be read.
std::string told(std::string_view body) {
    const auto parsed = parse_rpc(body, bytes_max);
    if (const auto* const fault = std::get_if<RpcFault>(&parsed)) {
        return std::to_string(static_cast<int>(fault->code));
    }
    std::string text;
    for (const RpcCall& call : std::get<RpcRequest>(parsed).calls) {
        if (!text.empty()) text += ", ";
        if (call.is_notification) {
            text += "silent";
            continue;
        }
        text += call.fault ? std::to_string(static_cast<int>(call.fault->code)) : "ok";
        text += " " + json::canonical(call.id);
    }
    return text;
}

TEST(JsonRpc, ReadsWhatTheSpecificationShows) {
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":"a","params":{"b":23},"id":3})"), "ok 3");
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":"a"})"), "silent");
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":"foobar, "params":"bar","baz])"), "-32700");
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":1,"params":"bar"})"), "-32600 null");
    EXPECT_EQ(told(R"([{"jsonrpc":"2.0","method":"a","id":"1"},{"jsonrpc":"2.0","method"])"),
              "-32700");
    EXPECT_EQ(told("[]"), "-32600");
    EXPECT_EQ(told("[1]"), "-32600 null");
    EXPECT_EQ(told("[1,2,3]"), "-32600 null, -32600 null, -32600 null");
    EXPECT_EQ(told(R"([{"jsonrpc":"2.0","method":"sum","id":"1"},
                       {"jsonrpc":"2.0","method":"notify"},
                       {"foo":"boo"},
                       {"jsonrpc":"2.0","method":"get","id":"9"}])"),
              R"(ok "1", silent, -32600 null, ok "9")");
}

TEST(JsonRpc, TakesIdsOfThreeTypes) {
    const auto with = [](const std::string& id) {
        return told(R"({"jsonrpc":"2.0","method":"a","id":)" + id + "}");
    };
    for (const char* id : {"null", "0", "-7", "1.5", "9007199254740991", R"("")", R"("x\"y")"})
        EXPECT_EQ(with(id), std::string("ok ") + id);
    EXPECT_EQ(with("1e2"), "ok 100");
    for (const char* id : {"true", "[]", "[1]", "{}", R"({"a":1})"})
        EXPECT_EQ(with(id), "-32600 null") << id;
    EXPECT_EQ(with("9007199254740992"), "-32700");
    EXPECT_EQ(with("1e20"), "-32600 null");
    for (const std::size_t bytes : {rpc_id_bytes_max - 1, rpc_id_bytes_max}) {
        const std::string id = "\"" + std::string(bytes, 'i') + "\"";
        EXPECT_EQ(with(id), "ok " + id);
    }
    EXPECT_EQ(with("\"" + std::string(rpc_id_bytes_max + 1, 'i') + "\""), "-32600 null");
}

TEST(JsonRpc, RefusesWhatIsNoCall) {
    for (const char* call : {R"({"jsonrpc":"2.0","id":1})",
                             R"({"method":"a","id":1})",
                             R"({"jsonrpc":"1.0","method":"a","id":1})",
                             R"({"jsonrpc":2.0,"method":"a","id":1})",
                             R"({"jsonrpc":"2.0","method":null,"id":1})",
                             R"({"jsonrpc":"2.0","method":"a","params":1,"id":1})",
                             R"({"jsonrpc":"2.0","method":"a","params":null,"id":1})",
                             R"({"jsonrpc":"2.0","method":"a","id":1,"auth":"x"})"}) {
        EXPECT_EQ(told(call), "-32600 1") << call;
    }
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":"a","params":[1],"id":1})"), "-32602 1");
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","method":"a","params":[1]})"), "silent");
    for (const char* body : {"", " ", "nonsense", "{}x", R"({"id":1,"id":2})", "\xef\xbb\xbf{}"})
        EXPECT_EQ(told(body), "-32700") << body;
    for (const char* body : {"1", "null", R"("a")", "true", "{}"})
        EXPECT_EQ(told(body), "-32600 null") << body;
}

std::string batch_of(std::size_t calls) {
    std::string text = "[";
    for (std::size_t i = 0; i < calls; ++i)
        text += (i == 0 ? "" : ",") + std::string(R"({"jsonrpc":"2.0","method":"a","id":1})");
    return text + "]";
}

TEST(JsonRpc, TakesFiftyCallsAndNotOneMore) {
    for (const std::size_t calls : {rpc_calls_max - 1, rpc_calls_max}) {
        const auto parsed = parse_rpc(batch_of(calls), bytes_max);
        ASSERT_TRUE(std::holds_alternative<RpcRequest>(parsed));
        EXPECT_EQ(std::get<RpcRequest>(parsed).calls.size(), calls);
    }
    EXPECT_EQ(told(batch_of(rpc_calls_max + 1)), "-32600");
}

TEST(JsonRpc, TakesSoManyValuesSoDeepAndSoManyBytes) {
    const auto with = [](const std::string& params) {
        return R"({"jsonrpc":"2.0","method":"a","id":1,"params":{"p":)" + params + "}}";
    };
    const auto values = [&](std::size_t count) {  // Six around those in the array.
        std::string array = "[0";
        for (std::size_t i = 7; i < count; ++i)
            array += ",0";
        return with(array + "]");
    };
    EXPECT_EQ(told(values(rpc_elements_max - 1)), "ok 1");
    EXPECT_EQ(told(values(rpc_elements_max)), "ok 1");
    EXPECT_EQ(told(values(rpc_elements_max + 1)), "-32700");
    const auto deep = [&](std::size_t depth) {  // Two around.
        return with(std::string(depth - 2, '[') + std::string(depth - 2, ']'));
    };
    EXPECT_EQ(told(deep(rpc_depth_max)), "ok 1");
    EXPECT_EQ(told(deep(rpc_depth_max + 1)), "-32700");
    const std::string text = with("1");
    EXPECT_TRUE(std::holds_alternative<RpcRequest>(parse_rpc(text, text.size())));
    EXPECT_TRUE(std::holds_alternative<RpcFault>(parse_rpc(text, text.size() - 1)));
}

TEST(JsonRpc, WritesItsAnswersCanonically) {
    for (const json::Value& id : {json::Value(), json::Value(7), json::Value("a\"\n")}) {
        for (const std::string& text :
             {rpc_result(id, R"({"a":[1]})"), rpc_error(id, RpcCode::problem, R"({"code":"x"})")}) {
            const auto parsed = json::parse(text);
            ASSERT_TRUE(parsed) << text;
            EXPECT_EQ(json::canonical(*parsed), text);
            EXPECT_EQ(*parsed->find("id"), id);
            EXPECT_EQ(*parsed->find("jsonrpc"), json::Value("2.0"));
            EXPECT_EQ(parsed->as_object()->size(), 3U);
        }
    }
    const auto error = json::parse(rpc_error({}, RpcCode::method_not_found, "null"));
    ASSERT_TRUE(error);
    EXPECT_EQ(*error->find("error")->find("code"), json::Value(-32'601));
    EXPECT_EQ(*error->find("error")->find("message"), json::Value("Method not found"));
}

}  // namespace
}  // namespace chancery::rpc
