#include "rpc/router.h"

#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "rpc/problem.h"
#include "tests/support/ask.h"

namespace chancery::rpc {
namespace {

using test::ask;
using test::get;
using test::Question;

Route route_of(Method method, std::string path) {
    Route route;
    route.method = method;
    route.path = path;
    route.is_cross_origin = method == Method::get;
    route.handler = Handler([path = std::move(path)](const Request& request) {
        std::string text = path;
        for (const PathParameter& parameter : request.path_parameters)
            text += " " + std::string(parameter.name) + "=" + std::string(parameter.value);
        for (const QueryParameter& parameter : request.query_parameters)
            text += " " + parameter.name + "=" + parameter.value;
        Response response(200, "text/plain", text);
        response.set_field("ETag", "\"tag\"");
        return response;
    });
    return route;
}

Router router_of_some() {
    Router router;
    router.add(route_of(Method::get, "/"));
    router.add(route_of(Method::get, "/a/{b}/c"));
    router.add(route_of(Method::post, "/a/{b}/c"));
    router.add(route_of(Method::get, "/tile/{path+}"));
    Route with_query = route_of(Method::get, "/q");
    with_query.query = {"from", "to"};
    router.add(std::move(with_query));
    return router;
}

TEST(Router, FindsTheRouteOfAPath) {
    const Router router = router_of_some();
    EXPECT_EQ(get(router, "/").body(), "/");
    EXPECT_EQ(get(router, "/a/x/c").body(), "/a/{b}/c b=x");
    EXPECT_EQ(get(router, "/tile/0/x001/067.p/8").body(), "/tile/{path+} path=0/x001/067.p/8");
    for (const char* path : {"/a",
                             "/a/x",
                             "/a//c",
                             "/a/x/c/",
                             "/a/x/d",
                             "/tile",
                             "/tile/",
                             "//",
                             "/A/x/c",
                             "/a/x/c/c",
                             ""}) {
        EXPECT_EQ(get(router, path).status(), 404) << path;
    }
    std::string deep;
    for (int i = 0; i < 40; ++i)
        deep += "/tile";
    EXPECT_EQ(get(router, deep).status(), 404);
}

TEST(Router, SaysWhichMethodsAPathHas) {
    const Router router = router_of_some();
    const Response refused = ask(router, Question{.method = Method::remove, .target = "/a/x/c"});
    EXPECT_EQ(refused.status(), 405);
    EXPECT_EQ(refused.field("Allow"), "GET, HEAD, POST, OPTIONS");
    const Response options = ask(router, Question{.method = Method::options, .target = "/a/x/c"});
    EXPECT_EQ(options.status(), 204);
    EXPECT_EQ(options.field("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(options.field("Access-Control-Max-Age"), "86400");
    EXPECT_EQ(ask(router, Question{.method = Method::options, .target = "/x"}).status(), 404);
    EXPECT_EQ(ask(router, Question{.method = Method::head, .target = "/"}).status(), 200);
}

TEST(Router, TakesTheQueryParametersOfTheRouteAlone) {
    const Router router = router_of_some();
    EXPECT_EQ(get(router, "/q?to=%31+&from=").body(), "/q to=1  from=");
    EXPECT_EQ(get(router, "/q?").body(), "/q");
    for (const char* target : {"/q?other=1",
                               "/q?from=1&from=1",
                               "/q?from=%",
                               "/q?from=%0",
                               "/?x",
                               "/q?from=%zz",
                               "/q?from=%00"}) {
        EXPECT_EQ(get(router, target).status(), 400) << target;
    }
}

TEST(Router, AnswersNotModifiedToThoseWhoHaveIt) {
    const Router router = router_of_some();
    const auto status = [&](const std::string& condition) {
        Question question;
        question.fields = {Field{.name = "If-None-Match", .value = condition}};
        const Response response = ask(router, question);
        EXPECT_EQ(response.body().empty(), response.status() == 304);
        return response.status();
    };
    EXPECT_EQ(status("\"tag\""), 304);
    EXPECT_EQ(status("\"other\", W/\"tag\""), 304);
    EXPECT_EQ(status("*"), 304);
    EXPECT_EQ(status("\"other\""), 200);
    EXPECT_EQ(status("tag"), 200);
}

TEST(Problem, HasOneStatusForEachCode) {
    for (const ProblemRow& row : problem_table()) {
        const Response response =
            problem(row.code, "x", {FieldError{.pointer = "/a", .detail = "b"}});
        EXPECT_EQ(response.status(), row.status);
        EXPECT_EQ(response.field("Content-Type"), "application/problem+json");
        EXPECT_EQ(response.field("Cache-Control"), "no-store");
        EXPECT_FALSE(reason_phrase(row.status).empty()) << row.status;
        EXPECT_EQ(response.field("Retry-After").empty(), row.status != 503 && row.status != 429);
        const Result<json::Value> document = json::parse(response.body());
        ASSERT_TRUE(document);
        EXPECT_EQ(*document->find("code")->as_string(), row.code);
        EXPECT_EQ(*document->find("status")->as_integer(), row.status);
        EXPECT_EQ(*document->find("errors")->as_array()->at(0).find("pointer")->as_string(), "/a");
    }
}

TEST(Problem, TellsMalformedFromForbiddenByTheRoute) {
    EXPECT_EQ(problem_of(Error{Errc::invalid, "x"}, Fault::request).status(), 400);
    EXPECT_EQ(problem_of(Error{Errc::invalid, "x"}, Fault::rule).status(), 422);
    EXPECT_EQ(problem_of(Error{Errc::forbidden, "x"}, Fault::rule).status(), 422);
    EXPECT_EQ(problem_of(Error{Errc::timeout, "x"}, Fault::rule).status(), 504);
}

TEST(Response, RefusesAFieldThatEndsItsLine) {
    for (const std::string& value : {std::string("a\r\nb: c"),
                                     std::string("a\nb"),
                                     std::string("a\rb"),
                                     std::string("a\0b", 3),
                                     std::string("a\x7f"),
                                     std::string("\xc3\xa9")}) {
        Response response(200, "text/plain", "body");
        response.set_field("X", value);
        response.set_field("Y", "z");
        EXPECT_EQ(response.status(), 500);
        EXPECT_TRUE(response.fields().empty());
        EXPECT_TRUE(response.body().empty());
        EXPECT_TRUE(response.cause());
    }
}

}  // namespace
}  // namespace chancery::rpc
