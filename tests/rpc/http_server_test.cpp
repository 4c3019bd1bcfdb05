#include "rpc/http_server.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "tests/support/echo_router.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/raw_connection.h"
#include "tests/support/raw_requests.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::EchoRouter;
using test::RawConnection;
using test::RawRequest;
using test::RunningServer;
using test::without_address_limit;

std::string ask(std::uint16_t port, const std::vector<std::string_view>& pieces) {
    RawConnection connection(port);
    for (const std::string_view piece : pieces)
        if (!connection.send(piece)) break;
    connection.hang_up();
    return connection.read_all();
}

void expect_outcome(const RawRequest& request, const std::string& answers, const char* delivery) {
    EXPECT_EQ(test::status_of(answers), request.status) << request.name << ", " << delivery;
    EXPECT_EQ(test::count_of(answers, "HTTP/1.1 "), request.answers)
        << request.name << ", " << delivery;
    const bool is_refusal = request.status >= 400 && request.status != 404 && request.status != 405;
    EXPECT_EQ(test::count_of(answers, "Connection: close") > 0 || !is_refusal, true)
        << request.name << ", " << delivery;
}

TEST(HttpServer, AnswersEveryRawRequestExactlyWhenItComesWhole) {
    EchoRouter echo;
    RunningServer server(echo.router, without_address_limit());
    for (const RawRequest& request : test::raw_requests()) {
        expect_outcome(request, ask(server.port(), {request.bytes}), "whole");
    }
    EXPECT_EQ(echo.smuggled_answers, 0);
}

TEST(HttpServer, AnswersEveryRawRequestExactlyWhenItComesByteByByte) {
    EchoRouter echo;
    RunningServer server(echo.router, without_address_limit());
    for (const RawRequest& request : test::raw_requests()) {
        std::vector<std::string_view> pieces;
        for (std::size_t i = 0; i < request.bytes.size(); ++i)
            pieces.push_back(std::string_view(request.bytes).substr(i, 1));
        expect_outcome(request, ask(server.port(), pieces), "byte by byte");
    }
    EXPECT_EQ(echo.smuggled_answers, 0);
}

TEST(HttpServer, AnswersEveryRawRequestExactlyWhereverItIsSplit) {
    constexpr std::size_t splits_max = 400;
    EchoRouter echo;
    RunningServer server(echo.router, without_address_limit());
    for (const RawRequest& request : test::raw_requests()) {
        const std::string_view bytes = request.bytes;
        if (bytes.size() > splits_max) continue;  // Their limits are told byte by byte above.
        for (std::size_t at = 1; at < bytes.size(); ++at) {
            expect_outcome(
                request, ask(server.port(), {bytes.substr(0, at), bytes.substr(at)}), "split");
        }
    }
    EXPECT_EQ(echo.smuggled_answers, 0);
}

TEST(HttpServer, SaysWhatEveryAnswerMustSay) {
    EchoRouter echo;
    RunningServer server(echo.router);
    const std::string answer = ask(server.port(), {test::get_with("")});
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
    EXPECT_NE(answer.find("Cache-Control: no-store\r\n"), std::string::npos);
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
    EXPECT_EQ(answer.find("Server:"), std::string::npos);
}

TEST(HttpServer, AnswersHeadWithoutABody) {
    EchoRouter echo;
    RunningServer server(echo.router);
    const std::string answer = ask(server.port(), {test::line("HEAD / HTTP/1.1")});
    EXPECT_EQ(test::status_of(answer), 200);
    EXPECT_NE(answer.find("Content-Length: 2\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(HttpServer, KeepsAConnectionForManyRequests) {
    EchoRouter echo;
    RunningServer server(echo.router);
    RawConnection connection(server.port());
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(connection.send(test::post_with("Content-Length: 3\r\n", "abc")));
        ASSERT_TRUE(connection.read_answer().ends_with("\r\n\r\n3")) << i;
    }
    EXPECT_EQ(server.server().counts().accepted, 1U);
}

TEST(HttpServer, TakesBodiesUpToTheLimitOfTheirRoute) {
    EchoRouter echo;
    RunningServer server(echo.router);
    const auto post = [&](const std::string& path, std::size_t bytes) {
        return ask(server.port(),
                   {"POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                        std::to_string(bytes) + "\r\n\r\n",
                    std::string(bytes, 'x')});
    };
    for (const auto& [path, limit] : {std::pair<std::string, std::size_t>{"/length", 256 * 1024},
                                      {"/large", 8 * 1024 * 1024}}) {
        EXPECT_TRUE(post(path, limit - 1).ends_with("\r\n\r\n" + std::to_string(limit - 1)));
        EXPECT_TRUE(post(path, limit).ends_with("\r\n\r\n" + std::to_string(limit)));
        EXPECT_EQ(test::status_of(post(path, limit + 1)), 413);
    }
    EXPECT_EQ(test::status_of(post("/nowhere", 256 * 1024 + 1)), 413);
}

TEST(HttpServer, RefusesALargeBodyBeforeReadingIt) {
    EchoRouter echo;
    RunningServer server(echo.router);
    RawConnection connection(server.port());
    ASSERT_TRUE(
        connection.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\nExpect: "
                        "100-continue\r\n\r\n"));
    const std::string answer = connection.read_all();
    EXPECT_EQ(test::status_of(answer), 413);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST(HttpServer, AsksForABodyThatIsHeldBack) {
    EchoRouter echo;
    RunningServer server(echo.router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(connection.send("abc"));
    EXPECT_EQ(test::status_of(connection.read_answer()), 200);
}

TEST(HttpServer, RefusesABodyWhenAllTogetherAreTooLarge) {
    EchoRouter echo;
    ServerOptions options;
    options.body_memory_max = 1'000;
    RunningServer server(echo.router, options);
    RawConnection connection(server.port());
    ASSERT_TRUE(
        connection.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n"));
    const std::string answer = connection.read_all();
    EXPECT_EQ(test::status_of(answer), 503);
    EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
}

TEST(HttpServer, EndsEveryPhaseAtItsDeadline) {
    EchoRouter echo;
    ServerOptions options;
    options.head_deadline = options.body_deadline = options.idle_deadline = 1s;
    RunningServer server(echo.router, options);
    RawConnection silent(server.port());
    EXPECT_EQ(silent.read_all(), "");
    RawConnection head(server.port());
    ASSERT_TRUE(head.send("GET / HTTP/1.1\r\nHost: a\r\n"));
    EXPECT_EQ(test::status_of(head.read_all()), 408);
    RawConnection body(server.port());
    ASSERT_TRUE(body.send(test::post_with("Content-Length: 3\r\n", "ab")));
    const std::string late = body.read_all();
    EXPECT_EQ(test::status_of(late), 408);
    EXPECT_NE(late.find("Connection: close\r\n"), std::string::npos);
    RawConnection idle(server.port());
    ASSERT_TRUE(idle.send(test::get_with("")));
    EXPECT_EQ(test::count_of(idle.read_all(), "HTTP/1.1 "), 1);
}

TEST(HttpServer, CutsAReaderThatDoesNotRead) {
    EchoRouter echo;
    std::mutex mutex;
    std::condition_variable changed;
    bool is_over = false;
    ServerOptions options;
    options.write_deadline = 100ms;
    options.on_exchange = [&](const Exchange& exchange) {
        const std::lock_guard lock(mutex);
        is_over = exchange.route == "/big";
        changed.notify_all();
    };
    RunningServer server(echo.router, options);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(test::line("GET /big HTTP/1.1")));
    {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(changed.wait_for(lock, 10s, [&] { return is_over; }));
    }
    EXPECT_LT(connection.read_all().size(), 32U * 1024 * 1024);
}

TEST(HttpServer, TurnsAwayConnectionsOverItsLimits) {
    EchoRouter echo;
    for (const bool by_address : {false, true}) {
        ServerOptions options;
        (by_address ? options.connections_per_address_max : options.connections_max) = 2;
        RunningServer server(echo.router, options);
        RawConnection first(server.port());
        RawConnection second(server.port());
        ASSERT_TRUE(first.send(test::get_with("")) && second.send(test::get_with("")));
        EXPECT_EQ(test::status_of(first.read_answer()), 200);
        EXPECT_EQ(test::status_of(second.read_answer()), 200);
        RawConnection third(server.port());
        EXPECT_EQ(test::status_of(third.read_all()), 503);
        EXPECT_EQ(server.server().counts().refused, 1U);
    }
}

TEST(HttpServer, PausesWhenDescriptorsRunOut) {
    EchoRouter echo;
    RunningServer server(echo.router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(test::get_with("")));
    ASSERT_EQ(test::status_of(connection.read_answer()), 200);
    // A client's socket first, then no descriptor for the server's side of it.
    ClientSocket late;
    std::optional<test::FewDescriptors> few(1);
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    ASSERT_TRUE(late.connect("127.0.0.1", server.port(), deadline));
    while (server.server().counts().pauses < 2 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    const std::uint64_t pauses = server.server().counts().pauses;
    few.reset();
    EXPECT_GE(pauses, 2U);
    EXPECT_LE(pauses, 100U);
    ASSERT_TRUE(late.write(test::get_with(""), deadline));
    std::string answer;
    ASSERT_TRUE(late.read(answer, 4'096, deadline));
    EXPECT_EQ(test::status_of(answer), 200);
}

TEST(HttpServer, LetsNoHandlerWriteHeadersOfOthers) {
    EchoRouter echo;
    RunningServer server(echo.router);
    const std::string answer = ask(server.port(), {test::line("GET /bad-field HTTP/1.1")});
    EXPECT_EQ(test::status_of(answer), 500);
    EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos);
}

TEST(HttpServer, AnswersAnExceptionWithoutItsText) {
    EchoRouter echo;
    std::mutex mutex;
    std::string cause;
    ServerOptions options;
    options.on_exchange = [&](const Exchange& exchange) {
        const std::lock_guard lock(mutex);
        if (exchange.cause != nullptr) cause = exchange.cause->detail;
    };
    RunningServer server(echo.router, options);
    const std::string answer = ask(server.port(), {test::line("GET /throw HTTP/1.1")});
    EXPECT_EQ(test::status_of(answer), 500);
    EXPECT_NE(answer.find("Request-Id: "), std::string::npos);
    EXPECT_EQ(answer.find("secret"), std::string::npos);
    const std::lock_guard lock(mutex);
    EXPECT_NE(cause.find("secret"), std::string::npos);
}

TEST(HttpServer, StopsByClosingWhatIsIdle) {
    EchoRouter echo;
    RunningServer server(echo.router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(test::get_with("")));
    ASSERT_EQ(test::status_of(connection.read_answer()), 200);
    server.stop();
    EXPECT_EQ(connection.read_all(), "");
    EXPECT_EQ(server.server().counts().open, 0U);
    EXPECT_FALSE(RawConnection(server.port()).is_connected());
}

TEST(HttpServer, SaysWhyItCannotListen) {
    EchoRouter echo;
    boost::asio::io_context context;
    ServerOptions options;
    options.address = "nowhere";
    const auto no_address = HttpServer::listen(context, echo.router, options);
    ASSERT_FALSE(no_address);
    EXPECT_EQ(no_address.error().code, Errc::invalid);
    options.address = "192.0.2.1";
    const auto not_ours = HttpServer::listen(context, echo.router, options);
    ASSERT_FALSE(not_ours);
    EXPECT_EQ(not_ours.error().code, Errc::io);
    EXPECT_NE(not_ours.error().detail.find("errno 99"), std::string::npos);
}

}  // namespace
}  // namespace chancery::rpc
