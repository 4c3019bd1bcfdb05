// rpc/openapi.json is the contract: every route stands in it, every answer fits it, and every
// status that it names is really given.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "rpc/api.h"
#include "rpc/ascii.h"
#include "rpc/rpc_methods.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"
#include "tests/support/json_schema.h"

namespace chancery::rpc {
namespace {

using test::commitment;
using test::FakeService;
using test::json_type;
using test::octets;
using test::Question;
using test::record;

json::Value contract() {
    json::Limits limits;
    limits.bytes_max = 1024 * 1024;
    Result<json::Value> parsed = json::parse(openapi_text(), limits);
    CHECK(parsed.has_value());
    return std::move(*parsed);
}

// "get /v1/batches/{id}", with the router's "{path+}" as OpenAPI writes it.
std::string operation_of(const Route& route) {
    std::string name(name_of(route.method));
    for (char& letter : name)
        letter = to_lower(letter);
    std::string path = route.path;
    if (const std::size_t plus = path.find('+'); plus != std::string::npos) path.erase(plus, 1);
    return name + " " + path;
}

const json::Value& operation(const json::Value& document, const std::string& name) {
    const std::size_t blank = name.find(' ');
    const json::Value* const path = document.find("paths")->find(name.substr(blank + 1));
    CHECK(path != nullptr && path->find(name.substr(0, blank)) != nullptr);
    return *path->find(name.substr(0, blank));
}

std::set<std::string> parameters_in(const json::Value& operation, const std::string& place) {
    std::set<std::string> names;
    const json::Value* const parameters = operation.find("parameters");
    if (parameters == nullptr) return names;
    for (const json::Value& parameter : *parameters->as_array()) {
        if (*parameter.find("in")->as_string() == place)
            names.insert(*parameter.find("name")->as_string());
    }
    return names;
}

// Asks, holds the answer to the contract, and remembers which statuses were seen.
class Contract {
public:
    explicit Contract(Service& service) : router_(public_router(service)) {}

    int get(const std::string& target, std::vector<Field> fields = {}) {
        return ask(Question{.target = target, .fields = std::move(fields)});
    }
    int post(const std::string& target, const std::string& type, const std::string& body) {
        return ask(Question{.method = Method::post,
                            .target = target,
                            .fields = {Field{.name = "Content-Type", .value = type}},
                            .body = body});
    }

    // A tagged resource, asked for again.
    int get_unchanged(const std::string& target) {
        const std::string tag(test::get(router_, target).field("ETag"));
        return get(target, {Field{.name = "If-None-Match", .value = tag}});
    }

    // What the contract names and no question above was answered with.
    std::set<std::string> unseen() const {
        std::set<std::string> missing;
        for (const Route& route : router_.routes()) {
            const std::string name = operation_of(route);
            for (const json::Member& response :
                 *operation(document_, name).find("responses")->as_object()) {
                if (!seen_.contains({name, response.name}))
                    missing.insert(name + " " + response.name);
            }
        }
        return missing;
    }

    const Router& router() const { return router_; }

private:
    int ask(const Question& question) {
        const Response response = test::ask(router_, question);
        const std::string path = question.target.substr(0, question.target.find('?'));
        const Router::Match match = router_.match(question.method, path);
        CHECK(match.route != nullptr);
        const std::string name = operation_of(*match.route);
        const std::string status = std::to_string(response.status());
        seen_.insert({name, status});
        const json::Value* const described =
            operation(document_, name).find("responses")->find(status);
        if (described == nullptr) {
            ADD_FAILURE() << name << " answered " << status << ", which is not in the contract";
            return response.status();
        }
        check_body(name + " " + status, response, *described);
        return response.status();
    }

    void check_body(const std::string& what,
                    const Response& response,
                    const json::Value& described) {
        const json::Value* const content = described.find("content");
        if (content == nullptr) {
            EXPECT_EQ(response.body(), "") << what;
            return;
        }
        const std::string_view full = response.field("Content-Type");
        const std::string type(full.substr(0, full.find(';')));
        const json::Value* const form = content->find(type);
        ASSERT_NE(form, nullptr) << what << " came as " << type;
        const json::Value* const schema = form->find("schema");
        if (!type.ends_with("json")) return;
        ASSERT_NE(schema, nullptr) << what;
        json::Limits limits;
        limits.bytes_max = 64 * 1024 * 1024;
        limits.elements_max = 1'000'000;
        const Result<json::Value> body = json::parse(response.body(), limits);
        ASSERT_TRUE(body) << what << ": " << body.error().detail;
        EXPECT_EQ(test::JsonSchema(document_).check(*body, *schema), "") << what;
    }

    json::Value document_ = contract();
    Router router_;
    std::set<std::pair<std::string, std::string>> seen_;
};

TEST(OpenApi, NamesExactlyTheRoutesAndTheirParameters) {
    FakeService service;
    const Router router = public_router(service);
    const json::Value document = contract();
    std::set<std::string> routes;
    for (const Route& route : router.routes()) {
        const std::string name = operation_of(route);
        routes.insert(name);
        const json::Value& described = operation(document, name);
        EXPECT_EQ(parameters_in(described, "query"),
                  std::set<std::string>(route.query.begin(), route.query.end()))
            << name;
        std::set<std::string> in_path;
        for (std::size_t at = name.find('{'); at != std::string::npos; at = name.find('{', at + 1))
            in_path.insert(name.substr(at + 1, name.find('}', at) - at - 1));
        EXPECT_EQ(parameters_in(described, "path"), in_path) << name;
    }
    std::set<std::string> described;
    for (const json::Member& path : *document.find("paths")->as_object()) {
        for (const json::Member& method : *path.value.as_object())
            described.insert(method.name + " " + path.name);
    }
    EXPECT_EQ(routes, described);
}

TEST(OpenApi, NamesExactlyTheMethodsOfJsonRpc) {
    const json::Value document = contract();
    const json::Value& method = test::JsonSchema(document).at("#/components/schemas/RpcMethod");
    std::set<std::string> described;
    for (const json::Value& name : *method.find("enum")->as_array())
        described.insert(*name.as_string());
    std::set<std::string> methods;
    for (const RpcMethod& one : rpc_methods())
        methods.insert(std::string(one.name));
    EXPECT_EQ(described, methods);
}

TEST(OpenApi, HasEveryReferenceItMakes) {
    const json::Value document = contract();
    const test::JsonSchema schemas(document);
    const std::string text(openapi_text());
    const std::string mark = "\"$ref\": \"";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const std::size_t begin = at + mark.size();
        EXPECT_FALSE(schemas.at(text.substr(begin, text.find('"', begin) - begin)).is_null());
    }
}

const std::vector<std::string>& good_gets() {
    static const std::vector<std::string> targets = {
        "/checkpoint",
        "/tile/0/000.p/1",
        "/v1/batches/1-" + std::string(32, '0'),
        "/v1/governance/uni-a/1",
        "/v1/governance/1?after=1",
        record,
        record + "/receipt",
        record + "/status",
        "/v1/log/status?from=0&to=1",
        "/v1/log/inclusion?index=1&size=2",
        "/v1/log/consistency?from=1&to=2",
        "/v1/log/entries?after=3&limit=10",
        "/v1/content/" + commitment,
        "/v1/status-lists/uni-a/2026-1-revocation",
        "/v1/publications?member=uni-a&type=achievement&after=3&limit=10",
        "/v1/publications/uni-a?type=pathway&url=https://a.example/p",
        "/v1/members",
        "/v1/members/uni-a/did.json",
        "/.well-known/did.json",
        "/did.json",
        "/v1/trust",
        "/v1/policy",
        "/v1/status",
        "/.well-known/chancery.json",
        "/openapi.json",
        "/v1/events",
        "/livez",
        "/readyz",
    };
    return targets;
}

void ask_what_is_right(Contract& contract, FakeService& service) {
    for (const std::string& target : good_gets()) {
        EXPECT_EQ(contract.get(target), 200) << target;
        EXPECT_EQ(
            contract.get(target + (target.find('?') == std::string::npos ? "?" : "&") + "x=1"), 400)
            << target;
        if (test::get(contract.router(), target).field("ETag").empty()) continue;
        EXPECT_EQ(contract.get_unchanged(target), 304) << target;
    }
    EXPECT_EQ(contract.get(record + "/receipt", {Field{.name = "Accept", .value = json_type}}),
              200);
    EXPECT_EQ(contract.get(record + "/receipt", {Field{.name = "Accept", .value = "text/html"}}),
              406);
    const std::string wanted = R"({"credentials":[{"member":"uni-a","commitment":")" + commitment +
                               R"("},{"member":1,"commitment":")" + commitment + R"("}]})";
    EXPECT_EQ(contract.post("/v1/proofs", json_type, wanted), 200);
    EXPECT_EQ(contract.post("/v1/proofs", "text/plain", wanted), 415);
    EXPECT_EQ(contract.post("/v1/proofs", json_type, "{"), 400);
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"node.alive"})";
    const std::string silent = R"({"jsonrpc":"2.0","method":"node.alive"})";
    for (const std::string& body : {call, "[" + call + ",1]", std::string("{")})
        EXPECT_EQ(contract.post("/rpc", json_type, body), 200);
    EXPECT_EQ(contract.post("/rpc", json_type, silent), 204);
    EXPECT_EQ(contract.post("/rpc", octets, call), 415);
    EXPECT_EQ(contract.post("/rpc?x=1", json_type, call), 400);
    EXPECT_EQ(contract.post("/v1/batches", "text/plain", ""), 415);
    EXPECT_EQ(contract.post("/v1/batches", octets, std::string(134, 'x')), 400);
    const std::string bulk(135, 'x');
    const std::string document = R"({"batch":")" + to_base64(bytes_of(bulk)) + R"("})";
    EXPECT_EQ(contract.post("/v1/batches", octets, bulk), 201);
    EXPECT_EQ(contract.post("/v1/batches", json_type, document), 201);
    service.batch_answer.is_repeat = true;
    EXPECT_EQ(contract.post("/v1/batches", octets, bulk), 200);
    service.batch_answer.outcome = BatchAnswer::Outcome::pending;
    json::Value promise = json::Object{};
    promise.set("batch_sha256", commitment);
    promise.set("deadline_ms", "1769860800250");
    promise.set("signature", std::string(128, 'b'));
    service.batch_answer.promise = promise;
    EXPECT_EQ(contract.post("/v1/batches", octets, bulk), 202);
    EXPECT_EQ(contract.get("/v1/batches/1-" + std::string(32, '0')), 200);
    service.batch_answer.promise.reset();
    service.batch_answer.outcome = BatchAnswer::Outcome::refused;
    service.batch_answer.refusal = Error{Errc::conflict, "another batch with this nonce"};
    EXPECT_EQ(contract.post("/v1/batches", octets, bulk), 409);
    EXPECT_EQ(contract.get("/v1/batches/1-" + std::string(32, '0')), 200);
}

void ask_of_acts(Contract& contract, FakeService& service) {
    const std::string path = "/v1/governance";
    const std::string document = R"({"act":")" + to_base64(bytes_of("any")) + R"("})";
    EXPECT_EQ(contract.post(path, "text/plain", ""), 415);
    EXPECT_EQ(contract.post(path, json_type, R"({"act":1})"), 400);
    EXPECT_EQ(contract.post(path, json_type, R"({"act":"YWJj","more":1})"), 400);
    EXPECT_EQ(contract.post(path, octets, "any"), 201);
    EXPECT_EQ(contract.post(path, json_type, document), 201);
    EXPECT_EQ(text_of(service.submitted_act.bytes), "any");
    service.act_answer.is_repeat = true;
    EXPECT_EQ(contract.post(path, octets, "any"), 200);
    service.act_answer.outcome = Outcome::pending;
    EXPECT_EQ(contract.post(path, octets, "any"), 202);
    EXPECT_EQ(contract.get(path + "/uni-a/1"), 200);
    service.act_answer.outcome = Outcome::refused;
    service.act_answer.refusal = Error{Errc::conflict, "sequence 1 stands for another act"};
    EXPECT_EQ(contract.post(path, octets, "any"), 409);
    EXPECT_EQ(contract.get(path + "/uni-a/1"), 200);
    for (const char* wrong : {"/uni-a/0", "/uni-a/x", "/uni-a/-1", "/-/1", "/uni-a?after=x"})
        EXPECT_EQ(contract.get(path + wrong), 400) << wrong;
    EXPECT_EQ(contract.get(path + "/nobody/1"), 404);
}

void ask_with_failures(Contract& contract, FakeService& service) {
    const std::string bulk(135, 'x');
    const std::string wanted =
        R"({"credentials":[{"member":1,"commitment":")" + commitment + R"("}]})";
    const std::string stranger =
        R"({"credentials":[{"member":"nobody","commitment":")" + commitment + R"("}]})";
    EXPECT_EQ(contract.post("/v1/proofs", json_type, stranger), 404);
    const std::map<Errc, int> for_writes = {{Errc::invalid, 422},
                                            {Errc::forbidden, 422},
                                            {Errc::conflict, 409},
                                            {Errc::unavailable, 503},
                                            {Errc::timeout, 504},
                                            {Errc::corrupt, 500},
                                            {Errc::io, 500}};
    for (const auto& [code, status] : for_writes) {
        service.failure = Error{code, "for a test"};
        EXPECT_EQ(contract.post("/v1/batches", octets, bulk), status);
        EXPECT_EQ(contract.post("/v1/governance", octets, "any"), status);
    }
    const std::set<std::string> always = {"/v1/status",
                                          "/openapi.json",
                                          "/livez",
                                          "/readyz",
                                          "/v1/members",
                                          "/v1/members/uni-a/did.json",
                                          "/.well-known/did.json",
                                          "/did.json",
                                          "/.well-known/chancery.json"};
    const std::set<std::string> there = {"/checkpoint", "/v1/trust", "/v1/policy", "/v1/events"};
    const std::map<Errc, int> for_reads = {
        {Errc::not_found, 404}, {Errc::unavailable, 503}, {Errc::corrupt, 500}, {Errc::io, 500}};
    for (const auto& [code, status] : for_reads) {
        service.failure = Error{code, "for a test"};
        EXPECT_EQ(contract.post("/v1/proofs", json_type, wanted),
                  code == Errc::not_found ? 404 : status);
        for (const std::string& target : good_gets()) {
            if (always.contains(target)) continue;
            if (code == Errc::not_found && there.contains(target)) continue;
            EXPECT_EQ(contract.get(target), status) << target;
        }
    }
    service.failure.reset();
    service.ready.is_ready = false;
    EXPECT_EQ(contract.get("/readyz"), 503);
    EXPECT_EQ(contract.get("/v1/members/nobody/did.json"), 404);
    auto without = std::make_shared<ledger::Members>(*service.members_now);
    without->members.front().dids.clear();
    service.members_now = without;
    EXPECT_EQ(contract.get("/.well-known/did.json"), 404);
    EXPECT_EQ(contract.get("/did.json"), 404);
    service.members_now.reset();
    EXPECT_EQ(contract.get("/v1/members"), 503);
    EXPECT_EQ(contract.get("/v1/members/1/did.json"), 503);
    EXPECT_EQ(contract.get("/.well-known/did.json"), 503);
    EXPECT_EQ(contract.get("/did.json"), 503);
    EXPECT_EQ(contract.get("/.well-known/chancery.json"), 503);
}

TEST(OpenApi, DescribesEveryAnswerAndNoneThatIsNeverGiven) {
    FakeService service;
    Contract contract(service);
    ask_what_is_right(contract, service);
    ask_of_acts(contract, service);
    ask_with_failures(contract, service);
    // The server gives 413 itself, before any route is asked; its tests hold it to the limits.
    EXPECT_EQ(contract.unseen(),
              (std::set<std::string>{"post /rpc 413",
                                     "post /v1/batches 413",
                                     "post /v1/governance 413",
                                     "post /v1/proofs 413"}));
}

TEST(OpenApi, SaysTheBodyLimitsOfTheRoutes) {
    FakeService service;
    const Router router = public_router(service);
    for (const Route& route : router.routes()) {
        const bool is_large = route.path == "/v1/batches" || route.path == "/rpc";
        EXPECT_EQ(route.body_bytes_max, is_large ? 8U * 1024 * 1024 : 256U * 1024) << route.path;
    }
}

}  // namespace
}  // namespace chancery::rpc
