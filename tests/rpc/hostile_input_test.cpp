// Every route is sent what attackers send, in every place that takes a text, over real connections.

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "rpc/api.h"
#include "rpc/url.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"
#include "tests/support/raw_connection.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using test::FakeService;
using test::RawConnection;
using test::RunningServer;

// Each has "zyx" in it, which no answer of ours has.
const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> texts = {
        "<script>alert('zyx')</script>",
        "\"><img src=x onerror=zyx>",
        "'-zyx-'",
        "{{zyx*7}}",
        "${jndi:ldap://zyx}",
        "%{zyx}",
        "../../../zyx/passwd",
        "..\\..\\zyx",
        "/zyx//",
        "zyx\r\nSet-Cookie: a=b",
        "zyx\n\nHTTP/1.1 200 OK",
        "zyx\rX: y",
        std::string("zyx\0x", 5),
        "\x1b[31mzyx",
        "\xff\xfezyx",
        "\xc3\x28zyx",
        "\xed\xa0\x80zyx",
        "\xe2\x80\xaezyx",
        "' OR zyx=1--",
        "; zyx | sh",
        "$(zyx)",
        "`zyx`",
        "javascript:zyx",
        "data:text/html,zyx",
        "%00zyx",
        "%0d%0aX: zyx",
        "%252e%252ezyx",
        "zyx,zyx;q=1",
        "*zyx?[a]",
        "-zyx",
        "+zyx e=1",
        std::string(1'500, 'z') + "yx",
    };
    return texts;
}

// As a header may hold it: control characters would end the head before a route is asked.
std::string field_text(const std::string& text) {
    std::string kept;
    for (const char c : text)
        if (c >= ' ' && c != 0x7f) kept += c;
    return kept;
}

// A route's path with `text` for its parameter number `place`, good values for the others.
std::string filled_path(const Route& route, std::size_t place, const std::string& text) {
    std::string path;
    std::size_t number = 0;
    for (std::size_t at = 0; at < route.path.size(); ++at) {
        if (route.path[at] != '{') {
            path += route.path[at];
            continue;
        }
        const std::size_t end = route.path.find('}', at);
        const std::string name = route.path.substr(at + 1, end - at - 1);
        const std::string good = name == "member" ? "uni-a" : test::commitment;
        path += number++ == place ? text : good;
        at = end;
    }
    return path;
}

std::string request_of(const Route& route,
                       const std::string& target,
                       const std::string& fields,
                       const std::string& body) {
    std::string request = std::string(name_of(route.method)) + " " + target +
                          " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields;
    if (route.method == Method::post)
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return request + "\r\n" + body;
}

std::string as_json(const std::string& text) {
    std::string quoted;
    json::append_string(field_text(text), quoted);
    return quoted;
}

// Everything that `text` can be put into.
std::vector<std::string> requests_of(const Route& route, const std::string& text) {
    const std::string encoded = percent_encode(text);
    std::vector<std::string> requests;
    const std::string json = "Content-Type: application/json\r\n";
    const auto add = [&](const std::string& target, const std::string& fields) {
        requests.push_back(request_of(route, target, fields, "{}"));
    };
    const auto parameters =
        static_cast<std::size_t>(std::count(route.path.begin(), route.path.end(), '{'));
    const std::string path = filled_path(route, parameters, "");
    for (std::size_t place = 0; place < parameters; ++place)
        add(filled_path(route, place, encoded), json);
    for (const std::string& name : route.query)
        add(path + "?" + name + "=" + encoded, json);
    add(path + "?" + encoded + "=1", json);
    for (const char* name : {"Accept", "Prefer", "If-None-Match", "Last-Event-ID", "Origin", "X"})
        add(path, json + name + ": " + field_text(text) + "\r\n");
    if (route.method != Method::post) return requests;
    add(path, "Content-Type: " + field_text(text) + "\r\n");
    for (const std::string& body :
         {text,
          "{" + as_json(text) + ":1}",
          "{\"batch\":" + as_json(text) + "}",
          "{\"batch\":\"\",\"contents\":[" + as_json(text) + "]}",
          "{\"credentials\":[" + as_json(text) + "]}",
          "{\"credentials\":[{\"member\":" + as_json(text) + ",\"commitment\":" + as_json(text) +
              "}]}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":" + as_json(text) + "}"}) {
        requests.push_back(request_of(route, path, json, body));
    }
    return requests;
}

void expect_harmless(const std::string& answer, const std::string& request) {
    ASSERT_GE(test::status_of(answer), 200) << request;
    EXPECT_EQ(answer.find("zyx"), std::string::npos) << request << "\n" << answer;
    EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos) << request;
    EXPECT_EQ(test::count_of(answer, "HTTP/1.1 "), 1) << request << "\n" << answer;
    const std::string head = answer.substr(0, answer.find("\r\n\r\n"));
    EXPECT_NE(head.find("\r\nX-Content-Type-Options: nosniff"), std::string::npos) << request;
    EXPECT_NE(head.find("\r\nContent-Security-Policy: default-src 'none'"), std::string::npos);
    EXPECT_EQ(head.find("\r\nServer:"), std::string::npos);
    EXPECT_EQ(head.find("\r\nX-Powered-By:"), std::string::npos);
    for (std::size_t at = head.find('\n'); at != std::string::npos; at = head.find('\n', at + 1))
        EXPECT_EQ(head[at - 1], '\r') << request;
}

void ask_everything(const Router& router) {
    ServerOptions options = test::without_address_limit();
    options.heartbeat = std::chrono::milliseconds(1);
    RunningServer server(router, options);
    std::size_t asked = 0;
    for (const Route& route : router.routes()) {
        for (const std::string& text : hostile_texts()) {
            for (const std::string& request : requests_of(route, text)) {
                RawConnection connection(server.port());
                ASSERT_TRUE(connection.send(request));
                connection.hang_up();
                expect_harmless(connection.read_all(), request);
                ++asked;
            }
        }
    }
    EXPECT_GE(asked, router.routes().size() * 30 * 7);
}

TEST(HostileInput, GoesThroughNoRouteOfThePublicListener) {
    FakeService service;
    ask_everything(public_router(service));
}

TEST(HostileInput, GoesThroughNoRouteOfTheAdminListener) {
    FakeService service;
    const Router router = admin_router(service);
    ask_everything(router);
    RunningServer server(router);
    for (const char* method : {"GET", "OPTIONS", "HEAD"}) {
        for (const char* path : {"/metrics", "/livez", "/readyz", "/nowhere", "*"}) {
            RawConnection connection(server.port());
            ASSERT_TRUE(connection.send(std::string(method) + " " + path +
                                        " HTTP/1.1\r\nHost: a\r\nOrigin: https://b.example\r\n"
                                        "Connection: close\r\n\r\n"));
            EXPECT_EQ(connection.read_all().find("Access-Control-"), std::string::npos)
                << method << " " << path;
        }
    }
}

// The id is its caller's own and comes back to nobody else; it is JSON and nothing but.
TEST(HostileInput, ComesBackInTheIdOfACallAsJsonAlone) {
    FakeService service;
    const Router router = public_router(service);
    for (const std::string& text : hostile_texts()) {
        if (text.size() > 200 || field_text(text) != text) continue;
        const json::Value id(text);
        if (!json::parse(json::canonical(id))) continue;  // No UTF-8.
        const Response response = test::post(
            router,
            "/rpc",
            test::json_type,
            R"({"jsonrpc":"2.0","method":"node.alive","id":)" + json::canonical(id) + "}");
        const auto answer = json::parse(response.body());
        ASSERT_TRUE(answer);
        EXPECT_EQ(*answer->find("id"), id);
        EXPECT_EQ(response.field("Content-Type"), test::json_type);
        for (const ResponseField& field : response.fields())
            EXPECT_EQ(field.value.find("zyx"), std::string::npos);
    }
}

}  // namespace
}  // namespace chancery::rpc
