// POST /rpc: every route as a method, by the same handlers and with the same answers.

#include <set>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "rpc/api.h"
#include "rpc/rate_limit.h"
#include "rpc/rpc_methods.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"

namespace chancery::rpc {
namespace {

using test::ask;
using test::commitment;
using test::FakeService;
using test::get;
using test::json_type;
using test::octets;
using test::post;
using test::Question;
using test::record;

json::Value parsed(std::string_view text) {
    json::Limits limits;
    limits.bytes_max = 64 * 1024 * 1024;
    limits.elements_max = 1'000'000;
    Result<json::Value> value = json::parse(text, limits);
    CHECK(value.has_value());
    return std::move(*value);
}

std::string call_of(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":)" + params + "}";
}

json::Value call(const Router& router, const std::string& method, const std::string& params) {
    const Response response = post(router, "/rpc", json_type, call_of(method, params));
    EXPECT_EQ(response.status(), 200) << method;
    return parsed(response.body());
}

// Of an error; 0 if it is a result.
std::int64_t code_of(const json::Value& answer) {
    const json::Value* const error = answer.find("error");
    return error == nullptr ? 0 : *error->find("code")->as_integer();
}

struct Twin {  // One question, asked in both ways.
    std::string method;
    std::string params;
    Question question;
};

Question get_of(const std::string& target) {
    Question question;
    question.target = target;
    question.fields = {Field{.name = "Accept", .value = json_type}};
    return question;
}

Question post_of(const std::string& target, const std::string& body) {
    Question question;
    question.method = Method::post;
    question.target = target;
    question.fields = {Field{.name = "Content-Type", .value = json_type}};
    question.body = body;
    return question;
}

std::vector<Twin> twins() {
    const std::string key = R"({"member":"uni-a","commitment":")" + commitment + R"("})";
    const std::string by_number = R"({"member":1,"commitment":")" + commitment + R"("})";
    const std::string wanted = R"({"credentials":[)" + by_number + "]}";
    const std::string bulk = to_base64(Bytes(200, 'b'));
    const std::string batch = R"({"batch":")" + bulk + R"("})";
    const std::string id = "1-" + std::string(32, '0');
    return {
        {"batches.get", R"({"id":")" + id + R"("})", get_of("/v1/batches/" + id)},
        {"batches.submit", batch, post_of("/v1/batches", batch)},
        {"content.get", R"({"hash":")" + commitment + R"("})", get_of("/v1/content/" + commitment)},
        {"credentials.get", key, get_of(record)},
        {"credentials.proofs", wanted, post_of("/v1/proofs", wanted)},
        {"credentials.receipt", by_number, get_of(record + "/receipt")},
        {"credentials.status", key, get_of(record + "/status")},
        {"governance.acts",
         R"({"member":"uni-a","after":1})",
         get_of("/v1/governance/uni-a?after=1")},
        {"governance.get",
         R"({"member":"uni-a","sequence":"1"})",
         get_of("/v1/governance/uni-a/1")},
        {"governance.submit", R"({"act":"YWJj"})", post_of("/v1/governance", R"({"act":"YWJj"})")},
        {"log.checkpoint", "{}", get_of("/checkpoint")},
        {"log.consistency", R"({"from":1,"to":2})", get_of("/v1/log/consistency?from=1&to=2")},
        {"log.entries", R"({"after":3,"limit":5})", get_of("/v1/log/entries?after=3&limit=5")},
        {"log.entries", "{}", get_of("/v1/log/entries")},
        {"log.inclusion", R"({"index":"1","size":2})", get_of("/v1/log/inclusion?index=1&size=2")},
        {"log.status", R"({"from":0,"to":64})", get_of("/v1/log/status?from=0&to=64")},
        {"log.tile", R"({"path":"0/x001/067.p/8"})", get_of("/tile/0/x001/067.p/8")},
        {"network.describe", "{}", get_of("/.well-known/chancery.json")},
        {"network.did", R"({"member":"uni-a"})", get_of("/v1/members/uni-a/did.json")},
        {"network.members", "{}", get_of("/v1/members")},
        {"network.policy", "{}", get_of("/v1/policy")},
        {"network.trust", "{}", get_of("/v1/trust")},
        {"publications.get",
         R"({"member":"uni-a","type":"pathway","url":"https://a.example/p"})",
         get_of("/v1/publications/uni-a?type=pathway&url=https://a.example/p")},
        {"publications.list",
         R"({"member":"uni-a","type":"pathway","limit":3})",
         get_of("/v1/publications?member=uni-a&type=pathway&limit=3")},
        {"publications.status_list",
         R"({"member":"uni-a","list":"2026-1"})",
         get_of("/v1/status-lists/uni-a/2026-1")},
        {"node.alive", "{}", get_of("/livez")},
        {"node.did", "{}", get_of("/.well-known/did.json")},
        {"node.did_at_root", "{}", get_of("/did.json")},
        {"node.openapi", "{}", get_of("/openapi.json")},
        {"node.ready", "{}", get_of("/readyz")},
        {"node.status", "{}", get_of("/v1/status")},
    };
}

TEST(RpcMethods, NameEveryRouteOnce) {
    FakeService service;
    const Router router = public_router(service);
    const std::set<std::string> without = {"/rpc", "/v1/events"};
    std::set<std::pair<Method, std::string>> named;
    std::set<std::string_view> names;
    for (const RpcMethod& method : rpc_methods()) {
        EXPECT_TRUE(names.insert(method.name).second) << method.name;
        EXPECT_TRUE(named.insert({method.method, std::string(method.path)}).second) << method.path;
        EXPECT_FALSE(method.name.starts_with("rpc.")) << "reserved";
    }
    std::set<std::pair<Method, std::string>> routes;
    for (const Route& route : router.routes())
        if (!without.contains(route.path)) routes.insert({route.method, route.path});
    EXPECT_EQ(named, routes);
}

TEST(RpcRoute, AnswersEachMethodAsItsRoute) {
    FakeService service;
    const Router router = public_router(service);
    std::set<std::string> asked;
    for (const Twin& twin : twins()) {
        const json::Value answer = call(router, twin.method, twin.params);
        const Response want = ask(router, twin.question);
        asked.insert(twin.method);
        ASSERT_EQ(code_of(answer), 0) << twin.method << json::canonical(answer);
        EXPECT_EQ(*answer.find("id"), json::Value(7));
        const json::Value& result = *answer.find("result");
        const std::string_view type = want.field("Content-Type");
        if (type.starts_with(json_type)) {
            EXPECT_EQ(result, parsed(want.body())) << twin.method;
        } else {
            ASSERT_NE(result.as_string(), nullptr) << twin.method;
            const bool is_text = type.starts_with("text/");
            EXPECT_EQ(*result.as_string(), is_text ? want.body() : to_base64(bytes_of(want.body())))
                << twin.method;
        }
    }
    for (const RpcMethod& method : rpc_methods())
        EXPECT_TRUE(asked.contains(std::string(method.name))) << method.name;
}

TEST(RpcRoute, AnswersEachProblemOfARouteAsAnError) {
    FakeService service;
    const Router router = public_router(service);
    const std::map<Errc, std::int64_t> codes = {{Errc::not_found, -32'000},
                                                {Errc::unavailable, -32'000},
                                                {Errc::conflict, -32'000},
                                                {Errc::timeout, -32'000},
                                                {Errc::forbidden, -32'000},
                                                {Errc::corrupt, -32'603},
                                                {Errc::io, -32'603}};
    for (const auto& [errc, code] : codes) {
        service.failure = Error{errc, "for a test"};
        for (const Twin& twin : twins()) {
            const Response want = ask(router, twin.question);
            if (want.field("Content-Type") != "application/problem+json") continue;
            const json::Value answer = call(router, twin.method, twin.params);
            EXPECT_EQ(code_of(answer), code) << twin.method;
            EXPECT_EQ(*answer.find("error")->find("data"), parsed(want.body())) << twin.method;
        }
    }
    service.failure = Error{Errc::corrupt, "segment 7 at /var/lib/chancery"};
    const Response broken = post(router, "/rpc", json_type, call_of("log.checkpoint", "{}"));
    EXPECT_EQ(broken.status(), 200);
    EXPECT_EQ(broken.body().find("/var/lib"), std::string::npos);
    ASSERT_TRUE(broken.cause());
    EXPECT_EQ(broken.cause()->detail, "segment 7 at /var/lib/chancery");
}

TEST(RpcRoute, RefusesParametersThatTheRouteDoesNotTake) {
    FakeService service;
    const Router router = public_router(service);
    const std::vector<std::pair<std::string, std::string>> table = {
        {"credentials.get", R"({"member":"uni-a"})"},
        {"credentials.get", R"({"member":true,"commitment":"x"})"},
        {"credentials.get", R"({"member":-1,"commitment":"x"})"},
        {"credentials.get", R"({"member":1.5,"commitment":"x"})"},
        {"credentials.get", R"({"member":1,"commitment":"x"})"},
        {"credentials.get", R"({"member":"uni-a","commitment":")" + commitment + R"(","x":1})"},
        {"log.checkpoint", R"({"x":1})"},
        {"log.inclusion", R"({"index":1})"},
        {"log.inclusion", R"({"index":null,"size":2})"},
        {"log.inclusion", R"({"index":[1],"size":2})"},
        {"credentials.proofs", "{}"},
        {"credentials.proofs", R"({"credentials":[],"wait":1})"},
        {"batches.submit", R"({"batch":"!"})"},
        {"batches.submit", R"({"batch":"","wait":-1})"},
        {"batches.submit", R"({"batch":"","wait":"5"})"},
        {"batches.submit", R"({"batch":"","unknown":1})"},
        {"batches.submit", "[]"},
    };
    for (const auto& [method, params] : table) {
        const json::Value answer = call(router, method, params);
        EXPECT_EQ(code_of(answer), -32'602) << method << params;
        EXPECT_EQ(*answer.find("error")->find("data")->find("status"), json::Value(400));
    }
    for (const char* method : {"", "log", "Log.checkpoint", "rpc.discover", "/checkpoint"})
        EXPECT_EQ(code_of(call(router, method, "{}")), -32'601) << method;
}

TEST(RpcRoute, HoldsParametersToTheLimitOfTheRoutesBody) {
    FakeService service;
    const Router router = public_router(service);
    const auto padded = [](std::size_t bytes) {  // {"credentials":"…"}
        return R"({"credentials":")" + std::string(bytes - 18, 'x') + R"("})";
    };
    const auto detail = [&](std::size_t bytes) {
        const json::Value answer = call(router, "credentials.proofs", padded(bytes));
        return *answer.find("error")->find("data")->find("detail")->as_string();
    };
    EXPECT_EQ(detail(256 * 1024).find("want at most"), std::string::npos);
    EXPECT_NE(detail(256 * 1024 + 1).find("want at most 262144"), std::string::npos);
}

TEST(RpcRoute, AnswersABatchInItsOrderAndNotificationsByNothing) {
    FakeService service;
    const Router router = public_router(service);
    const std::string silent = R"({"jsonrpc":"2.0","method":"log.checkpoint"})";
    const std::string loud = R"({"jsonrpc":"2.0","method":"node.alive","id":"b"})";
    const std::string unknown = R"({"jsonrpc":"2.0","method":"none","id":null})";
    const Response batch =
        post(router, "/rpc", json_type, "[" + silent + "," + loud + ",5," + unknown + "]");
    const json::Value answers = parsed(batch.body());
    ASSERT_EQ(answers.as_array()->size(), 3U);
    EXPECT_EQ(*answers.as_array()->at(0).find("result"), json::Value("alive\n"));
    EXPECT_EQ(code_of(answers.as_array()->at(1)), -32'600);
    EXPECT_EQ(code_of(answers.as_array()->at(2)), -32'601);
    for (const std::string& body : {silent, "[" + silent + "," + silent + "]"}) {
        const Response nothing = post(router, "/rpc", json_type, body);
        EXPECT_EQ(nothing.status(), 204);
        EXPECT_EQ(nothing.body(), "");
        EXPECT_EQ(nothing.field("Content-Type"), "");
    }
    const std::string submit = R"({"jsonrpc":"2.0","method":"batches.submit","params":{"batch":")" +
                               to_base64(Bytes(200, 'n')) + R"("}})";
    EXPECT_EQ(post(router, "/rpc", json_type, submit).status(), 204);
    EXPECT_EQ(service.submitted.bulk, Bytes(200, 'n'));
}

TEST(RpcRoute, PassesOnAWaitOfAtMostAMinuteForAllCalls) {
    FakeService service;
    const Router router = public_router(service);
    const std::string batch = R"("batch":")" + to_base64(Bytes(200, 'b')) + R"(")";
    static_cast<void>(call(router, "batches.submit", "{" + batch + "}"));
    EXPECT_EQ(service.submitted.wait, std::chrono::seconds(5));
    static_cast<void>(call(router, "batches.submit", "{" + batch + R"(,"wait":0})"));
    EXPECT_EQ(service.submitted.wait, std::chrono::seconds(0));
    static_cast<void>(call(router, "batches.submit", "{" + batch + R"(,"wait":600})"));
    EXPECT_LE(service.submitted.wait, std::chrono::seconds(60));
    EXPECT_GE(service.submitted.wait, std::chrono::seconds(58));
}

TEST(RpcRoute, TakesJsonAlone) {
    FakeService service;
    const Router router = public_router(service);
    const std::string body = call_of("node.alive", "{}");
    EXPECT_EQ(post(router, "/rpc", octets, body).status(), 415);
    EXPECT_EQ(post(router, "/rpc", "application/json; charset=utf-8", body).status(), 200);
    EXPECT_EQ(get(router, "/rpc").status(), 405);
    EXPECT_EQ(code_of(parsed(post(router, "/rpc", json_type, "{").body())), -32'700);
}

TEST(RpcRoute, StopsAnsweringABatchWhoseAnswersAreLarge) {
    FakeService service;
    const Router router = public_router(service);
    std::string batch = "[";
    for (int i = 0; i < 50; ++i) {
        batch += (i == 0 ? "" : ",") + call_of("log.status", R"({"from":0,"to":16384})");
    }
    const Response response = post(router, "/rpc", json_type, batch + "]");
    EXPECT_LT(response.body().size(), 20U * 1024 * 1024);
    const json::Value answers = parsed(response.body());
    ASSERT_EQ(answers.as_array()->size(), 50U);
    EXPECT_EQ(code_of(answers.as_array()->front()), 0);
    const json::Value& last = answers.as_array()->back();
    EXPECT_EQ(code_of(last), -32'000);
    EXPECT_EQ(*last.find("error")->find("data")->find("code"), json::Value("overloaded"));
}

RateLimiter::Clock::time_point still() { return RateLimiter::Clock::time_point{}; }

Response ask_as(const Router& router, const Caller& caller, const std::string& body) {
    Question question = post_of("/rpc", body);
    question.caller = &caller;
    return ask(router, question);
}

TEST(RpcRoute, CostsItsCallerWhatItsCallsCost) {
    FakeService service;
    const Router router = public_router(service);
    RateLimits limits;
    limits.reads = {1, 100};
    limits.writes = {1, 2};
    RateLimiter limiter(limits);
    const AddressKey address = AddressKey::of_v4({192, 0, 2, 1});
    const Caller caller(limiter, address, still);
    const std::string alive = call_of("node.alive", "{}");
    std::string batch = "[" + alive;
    for (int i = 1; i < 50; ++i)
        batch += "," + alive;
    static_cast<void>(ask_as(router, caller, batch + "]"));
    // The listener takes the first one's.
    EXPECT_EQ(caller.ask({.reads = 1}).states[RateVerdict::reads].left, 50U);
    const std::string submit =
        call_of("batches.submit", R"({"batch":")" + to_base64(Bytes(200, 'b')) + R"("})");
    const json::Value answers =
        parsed(ask_as(router, caller, "[" + submit + "," + submit + "," + submit + "]").body());
    EXPECT_EQ(code_of(answers.as_array()->at(1)), 0);
    const json::Value& third = answers.as_array()->at(2);
    EXPECT_EQ(code_of(third), -32'000);
    EXPECT_EQ(*third.find("error")->find("data")->find("status"), json::Value(429));
    const std::string key = R"({"member":1,"commitment":")" + commitment + R"("})";
    std::string wanted = key;
    for (int i = 1; i < 201; ++i)
        wanted += "," + key;
    static_cast<void>(ask_as(
        router, caller, call_of("credentials.proofs", R"({"credentials":[)" + wanted + "]}")));
    EXPECT_EQ(caller.ask({.reads = 1}).states[RateVerdict::reads].left, 45U);
}

}  // namespace
}  // namespace chancery::rpc
