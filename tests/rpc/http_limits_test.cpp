// What a listener tells callers who ask too fast, over real connections.

#include <atomic>

#include <gtest/gtest.h>

#include "rpc/http_server.h"
#include "tests/support/echo_router.h"
#include "tests/support/raw_connection.h"
#include "tests/support/raw_requests.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::EchoRouter;
using test::RawConnection;
using test::RunningServer;

std::atomic<std::int64_t> seconds_passed = 0;
RateLimiter::Clock::time_point passed() {
    return RateLimiter::Clock::time_point(std::chrono::seconds(seconds_passed.load()));
}

ServerOptions limited() {
    ServerOptions options;
    options.rate_limits.reads = {1, 2};
    options.rate_limits.writes = {1, 1};
    options.rate_limits.write_bytes = {10, 100};
    options.monotonic_now = passed;
    return options;
}

std::string field_of(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

TEST(HttpLimits, AnswerTheThirdOfTwoReadsWith429AndKeepTheConnection) {
    EchoRouter echo;
    RunningServer server(echo.router, limited());
    RawConnection connection(server.port());
    const auto get = [&] {
        EXPECT_TRUE(connection.send(test::get_with("")));
        return connection.read_answer();
    };
    EXPECT_EQ(field_of(get(), "RateLimit"), "\"reads\";r=1;t=1");
    EXPECT_EQ(field_of(get(), "RateLimit-Policy"), "\"reads\";q=2;w=2");
    for (int i = 0; i < 3; ++i) {
        const std::string refused = get();
        EXPECT_EQ(test::status_of(refused), 429);
        EXPECT_EQ(field_of(refused, "Retry-After"), "1");
        EXPECT_EQ(field_of(refused, "RateLimit"), "\"reads\";r=0;t=2");
        EXPECT_EQ(field_of(refused, "Content-Type"), "application/problem+json");
        EXPECT_NE(refused.find("\"code\":\"too_many_requests\""), std::string::npos);
        EXPECT_EQ(field_of(refused, "Connection"), "");
    }
    seconds_passed += 1;
    EXPECT_EQ(test::status_of(get()), 200);
    EXPECT_EQ(test::status_of(get()), 429);
    EXPECT_EQ(server.server().counts().accepted, 1U);
}

TEST(HttpLimits, CountAllConnectionsOfAnAddressTogether) {
    EchoRouter echo;
    RunningServer server(echo.router, limited());
    std::vector<int> statuses;
    for (int i = 0; i < 4; ++i) {
        RawConnection connection(server.port());
        ASSERT_TRUE(connection.send(test::line("GET /nowhere HTTP/1.1")));
        statuses.push_back(test::status_of(connection.read_answer()));
    }
    EXPECT_EQ(statuses, (std::vector<int>{404, 404, 429, 429}));
}

TEST(HttpLimits, RefuseAWriteBeforeItsBodyIsSent) {
    EchoRouter echo;
    RunningServer server(echo.router, limited());
    const auto write = [&](std::size_t bytes, const std::string& body) {
        RawConnection connection(server.port());
        EXPECT_TRUE(
            connection.send("POST /write HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                            "Content-Length: " +
                            std::to_string(bytes) + "\r\n\r\n"));
        if (!body.empty()) {
            EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
            EXPECT_TRUE(connection.send(body));
        }
        return connection.read_answer();
    };
    const std::string first = write(300, std::string(300, 'x'));
    EXPECT_EQ(test::status_of(first), 200);
    EXPECT_EQ(field_of(first, "RateLimit"), "\"writes\";r=0;t=1, \"write-bytes\";r=0;t=30");
    const std::string second = write(300, "");
    EXPECT_EQ(test::status_of(second), 429);
    EXPECT_EQ(field_of(second, "Retry-After"), "21");  // 200 bytes owed and one to take.
    EXPECT_EQ(field_of(second, "Connection"), "close");
    RawConnection reader(server.port());
    ASSERT_TRUE(reader.send(test::get_with("")));
    EXPECT_EQ(test::status_of(reader.read_answer()), 200) << "writes took from the reads";
}

TEST(HttpLimits, LeaveThisMachineAloneIfTold) {
    EchoRouter echo;
    ServerOptions options = limited();
    options.exempts_loopback = true;
    options.connections_per_address_max = 1;
    RunningServer server(echo.router, options);
    RawConnection first(server.port());
    RawConnection second(server.port());
    for (int i = 0; i < 20; ++i) {
        for (RawConnection* const connection : {&first, &second}) {
            ASSERT_TRUE(connection->send(test::get_with("")));
            const std::string answer = connection->read_answer();
            EXPECT_EQ(test::status_of(answer), 200);
            EXPECT_EQ(field_of(answer, "RateLimit"), "");
        }
    }
}

TEST(HttpLimits, LetOtherWebSitesReadRefusalsOfAPublicRouter) {
    for (const bool is_public : {false, true}) {
        EchoRouter echo;
        if (is_public) echo.router.share_unrouted();
        RunningServer server(echo.router, limited());
        const std::string want = is_public ? "*" : "";
        RawConnection connection(server.port());
        for (const int status : {404, 404, 429}) {
            ASSERT_TRUE(connection.send(test::line("GET /nowhere HTTP/1.1")));
            const std::string answer = connection.read_answer();
            EXPECT_EQ(test::status_of(answer), status);
            EXPECT_EQ(field_of(answer, "Access-Control-Allow-Origin"), want) << status;
        }
        ASSERT_TRUE(connection.send("nonsense\r\n\r\n"));
        const std::string refused = connection.read_answer();
        EXPECT_EQ(test::status_of(refused), 400);
        EXPECT_EQ(field_of(refused, "Access-Control-Allow-Origin"), want);
    }
}

}  // namespace
}  // namespace chancery::rpc
