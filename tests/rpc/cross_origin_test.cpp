// What a verifier in a browser, come from another origin, is told.

#include <gtest/gtest.h>

#include "rpc/api.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"

namespace chancery::rpc {
namespace {

using test::ask;
using test::FakeService;
using test::json_type;
using test::Question;
using test::record;

using Fields = std::map<std::string, std::string>;

Fields fields_of(const Response& response) {
    Fields fields;
    for (const ResponseField& field : response.fields())
        fields[field.name] = field.value;
    return fields;
}

Response ask_from_elsewhere(const Router& router, Question question) {
    question.fields.push_back(Field{.name = "Origin", .value = "https://verify.example"});
    return ask(router, question);
}

const std::string exposed = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After";

TEST(CrossOrigin, PreflightsAreToldAllThatAVerifierNeeds) {
    FakeService service;
    const Router router = public_router(service);
    for (const auto& [target, methods] :
         {std::pair<std::string, std::string>{"/v1/proofs", "POST, OPTIONS"},
          {"/rpc", "POST, OPTIONS"},
          {"/checkpoint", "GET, HEAD, OPTIONS"},
          {"/v1/events", "GET, HEAD, OPTIONS"},
          {record, "GET, HEAD, OPTIONS"}}) {
        Question preflight{.method = Method::options, .target = target};
        preflight.fields = {
            Field{.name = "Access-Control-Request-Method", .value = "POST"},
            Field{.name = "Access-Control-Request-Headers", .value = "content-type"}};
        const Response answer = ask_from_elsewhere(router, preflight);
        EXPECT_EQ(answer.status(), 204);
        EXPECT_EQ(answer.body(), "");
        EXPECT_EQ(fields_of(answer),
                  (Fields{{"Access-Control-Allow-Headers",
                           "Content-Type, If-None-Match, Last-Event-ID, Prefer"},
                          {"Access-Control-Allow-Methods", methods},
                          {"Access-Control-Allow-Origin", "*"},
                          {"Access-Control-Expose-Headers", exposed},
                          {"Access-Control-Max-Age", "86400"},
                          {"Allow", methods},
                          {"Cache-Control", "no-store"}}))
            << target;
    }
}

TEST(CrossOrigin, EveryAnswerToAReadIsShared) {
    FakeService service;
    const Router router = public_router(service);
    const auto expect_shared = [&](const Question& question, int status) {
        const Response answer = ask_from_elsewhere(router, question);
        EXPECT_EQ(answer.status(), status) << question.target;
        EXPECT_EQ(answer.field("Access-Control-Allow-Origin"), "*") << question.target << status;
        EXPECT_EQ(answer.field("Access-Control-Expose-Headers"), exposed);
        // Or a browser would want the origin named, and cookies with it.
        EXPECT_EQ(answer.field("Access-Control-Allow-Credentials"), "");
    };
    const std::string tile = "/tile/0/000";
    expect_shared({.target = tile}, 200);
    const std::string tag(test::get(router, tile).field("ETag"));
    expect_shared({.target = tile, .fields = {Field{"If-None-Match", tag}}}, 304);
    expect_shared({.target = "/nowhere"}, 404);
    expect_shared({.target = "/v1/members/../x"}, 404);
    expect_shared({.target = tile + "?x=1"}, 400);
    expect_shared({.method = Method::remove, .target = tile}, 405);
    expect_shared({.method = Method::head, .target = tile}, 200);
    for (const auto& [errc, status] :
         {std::pair{Errc::not_found, 404}, {Errc::unavailable, 503}, {Errc::corrupt, 500}}) {
        service.failure = Error{errc, "for a test"};
        expect_shared({.target = tile}, status);
        expect_shared({.target = record + "/receipt"}, status);
    }
    service.ready.is_ready = false;
    expect_shared({.target = "/readyz"}, 503);
    expect_shared({.method = Method::post, .target = "/v1/proofs"}, 415);
    expect_shared({.method = Method::post, .target = "/rpc"}, 415);
}

TEST(CrossOrigin, NothingElseIs) {
    FakeService service;
    const Router everybody = public_router(service);
    const Router admin = admin_router(service);
    const auto expect_alone = [&](const Router& router, const Question& question) {
        for (const auto& [name, value] : fields_of(ask_from_elsewhere(router, question)))
            EXPECT_FALSE(name.starts_with("Access-Control-")) << question.target;
    };
    for (const Method method : {Method::get, Method::post, Method::options, Method::remove})
        expect_alone(everybody, {.method = method, .target = "/v1/batches"});
    for (const Method method : {Method::get, Method::options, Method::remove}) {
        for (const char* target : {"/metrics", "/livez", "/readyz", "/nowhere"})
            expect_alone(admin, {.method = method, .target = target});
    }
}

}  // namespace
}  // namespace chancery::rpc
