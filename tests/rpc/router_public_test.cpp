// The public router as strangers try it.
#include <gtest/gtest.h>

#include "rpc/api.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"

namespace chancery::rpc {
namespace {

using test::ask;
using test::commitment;
using test::FakeService;
using test::get;
using test::json_type;
using test::post;
using test::Question;

// What a stranger may put into a request, and must not see again.
const std::vector<std::string>& hostile_strings() {
    static const std::vector<std::string> strings = {"<script>alert(1)</script>",
                                                     "\"><img/src=x>",
                                                     "{{7*7}}",
                                                     "${jndi:ldap://evil}",
                                                     "..%2f..%2fetc%2fpasswd",
                                                     "%0d%0aSet-Cookie:zyx=1",
                                                     "'%20OR%201=1--",
                                                     "zyxwv-canary",
                                                     "%00zyxwv",
                                                     "javascript:zyxwv"};
    return strings;
}

TEST(PublicRouter, EchoesNothingThatAStrangerSent) {
    FakeService service;
    const Router router = public_router(service);
    for (const std::string& hostile : hostile_strings()) {
        const std::vector<Response> responses = {
            get(router, "/" + hostile),
            get(router, "/tile/" + hostile),
            get(router, "/v1/batches/" + hostile),
            get(router, "/v1/content/" + hostile),
            get(router, "/v1/credentials/" + hostile + "/" + commitment),
            get(router, "/v1/credentials/1/" + hostile),
            get(router, "/v1/log/entries?after=" + hostile),
            get(router, "/v1/log/entries?" + hostile + "=1"),
            post(router, "/v1/batches", json_type, R"({")" + hostile + R"(":1})"),
            post(router, "/v1/batches", json_type, R"({"batch":")" + hostile + R"("})"),
            post(router, "/v1/batches", hostile, "x"),
            post(router, "/v1/proofs", json_type, hostile),
            post(router,
                 "/v1/proofs",
                 json_type,
                 R"({"credentials":[{"member":")" + hostile + R"(","commitment":""}]})"),
        };
        for (const Response& response : responses) {
            EXPECT_GE(response.status(), 400);
            EXPECT_EQ(response.body().find(hostile), std::string::npos) << response.body();
            EXPECT_EQ(response.body().find("zyx"), std::string::npos) << response.body();
            for (const ResponseField& field : response.fields())
                EXPECT_EQ(field.value.find("zyx"), std::string::npos) << field.name;
        }
    }
}

TEST(PublicRouter, SharesReadsWithOtherWebSitesAndNoWrites) {
    FakeService service;
    const Router router = public_router(service);
    for (const Route& route : router.routes()) {
        // What /rpc can write, a signature allows; a preflight asks before it.
        const bool is_read =
            route.method == Method::get || route.path == "/v1/proofs" || route.path == "/rpc";
        EXPECT_EQ(route.is_cross_origin, is_read) << route.path;
    }
    Question preflight;
    preflight.method = Method::options;
    preflight.target = "/v1/proofs";
    const Response allowed = ask(router, preflight);
    EXPECT_EQ(allowed.status(), 204);
    EXPECT_EQ(allowed.field("Access-Control-Allow-Methods"), "POST, OPTIONS");
    preflight.target = "/v1/batches";
    EXPECT_EQ(ask(router, preflight).field("Access-Control-Allow-Origin"), "");
}

}  // namespace
}  // namespace chancery::rpc
