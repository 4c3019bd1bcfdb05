// A listener among clients who are slow, silent, or many.

#include <atomic>
#include <mutex>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "rpc/http_server.h"
#include "tests/support/echo_router.h"
#include "tests/support/eventually.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/raw_connection.h"
#include "tests/support/raw_requests.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::EchoRouter;
using test::RawConnection;
using test::RunningServer;
using test::without_address_limit;
using Clock = std::chrono::steady_clock;

// One byte now and then, which is no sign of life: the deadline is of the whole head or body.
TEST(HttpHostility, CutsWhoSendsAByteNowAndThen) {
    constexpr auto deadline = 1s;
    EchoRouter echo;
    ServerOptions options = without_address_limit();
    options.head_deadline = options.body_deadline = deadline;
    RunningServer server(echo.router, options);
    for (const std::string& beginning :
         {std::string("GET / HTTP/1.1\r\nHost: a\r\nX: "),
          std::string("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")}) {
        RawConnection slow(server.port());
        const auto begun = Clock::now();
        ASSERT_TRUE(slow.send(beginning));
        EXPECT_TRUE(test::eventually([&] { return server.server().counts().open == 1; }));
        int sent = 0;
        auto next = begun;
        EXPECT_TRUE(test::eventually([&] {
            if (Clock::now() < next) return false;
            next += 20ms;
            ++sent;
            return !slow.send("x") || server.server().counts().open == 0;
        }));
        EXPECT_GT(sent, 3);
        EXPECT_LT(Clock::now() - begun, deadline + 10s + options.linger_deadline);
        EXPECT_TRUE(test::eventually([&] { return server.server().counts().open == 0; }));
    }
}

TEST(HttpHostility, ServesOthersWhileHundredsStopInTheMiddle) {
    constexpr std::size_t slow_max = 400;
    EchoRouter echo;
    ServerOptions options = without_address_limit();
    options.head_deadline = options.body_deadline = 3s;
    RunningServer server(echo.router, options, 1);
    std::vector<std::unique_ptr<RawConnection>> slow;
    for (std::size_t i = 0; i < slow_max; ++i) {
        slow.push_back(std::make_unique<RawConnection>(server.port()));
        const bool is_head = i % 2 == 0;
        ASSERT_TRUE(slow.back()->send(is_head ? "GET / HTTP/1.1\r\nHost: a\r\n"
                                              : test::post_with("Content-Length: 9\r\n", "1234")));
    }
    RawConnection well_behaved(server.port());
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(well_behaved.send(test::get_with("")));
        ASSERT_EQ(test::status_of(well_behaved.read_answer()), 200);
    }
    for (const auto& connection : slow) {
        const std::string answer = connection->read_all();
        EXPECT_EQ(test::status_of(answer), 408);
        EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    }
    slow.clear();
    EXPECT_TRUE(test::eventually([&] { return server.server().counts().open <= 1; }));
}

TEST(HttpHostility, EndsAConnectionAfterSoManyRequests) {
    EchoRouter echo;
    ServerOptions options;
    options.requests_per_connection_max = 3;
    RunningServer server(echo.router, options);
    RawConnection connection(server.port());
    std::string all;
    for (int i = 0; i < 4; ++i)
        all += test::get_with("");
    ASSERT_TRUE(connection.send(all));
    const std::string answers = connection.read_all();
    EXPECT_EQ(test::count_of(answers, "HTTP/1.1 200 OK"), 3);
    EXPECT_EQ(test::count_of(answers, "Connection: close"), 1);
}

TEST(HttpHostility, LeavesDescriptorsToOthersAndSaysSoOnce) {
    constexpr int reserved = 20;
    EchoRouter echo;
    std::mutex mutex;
    std::vector<std::string> complaints;
    ServerOptions options = without_address_limit();
    options.descriptors_reserved = reserved;
    options.on_exhausted = [&](const Error& error) {
        const std::lock_guard lock(mutex);
        complaints.push_back(error.detail);
    };
    RunningServer server(echo.router, options);
    std::vector<std::unique_ptr<RawConnection>> held;
    {
        const test::FewDescriptors few(reserved + 41);
        for (;;) {  // Each connection takes two of this process: its own side, and the server's.
            auto one = std::make_unique<RawConnection>(server.port());
            ASSERT_TRUE(one->is_connected());
            ASSERT_TRUE(one->send(test::get_with("")));
            const std::string answer = one->read_answer();
            if (test::status_of(answer) == 503) {
                EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
                break;
            }
            ASSERT_EQ(test::status_of(answer), 200);
            held.push_back(std::move(one));
            ASSERT_LT(held.size(), 100U);
        }
        EXPECT_GE(held.size(), 15U);
        std::vector<int> others;  // What a database would open now.
        for (int i = 0; i < reserved - 4; ++i) {
            others.push_back(dup(0));
            EXPECT_GE(others.back(), 0);
        }
        for (const int other : others)
            close(other);
        // Those who are there are served, and there is room again as soon as one goes.
        ASSERT_TRUE(held.front()->send(test::get_with("")));
        EXPECT_EQ(test::status_of(held.front()->read_answer()), 200);
        for (int i = 0; i < 4; ++i)
            held.pop_back();
        const auto freed = Clock::now();
        EXPECT_TRUE(test::eventually([&] {
            RawConnection again(server.port());
            return again.send(test::get_with("")) && test::status_of(again.read_answer()) == 200;
        }));
        EXPECT_LT(Clock::now() - freed, 5s);
    }
    const std::lock_guard lock(mutex);
    ASSERT_EQ(complaints.size(), 1U);
    EXPECT_NE(complaints.front().find(" descriptors allowed"), std::string::npos);
}

TEST(HttpHostility, UsesNoProcessorWhileItIsFull) {
    EchoRouter echo;
    RunningServer server(echo.router, without_address_limit());
    const auto deadline = Clock::now() + 10s;
    ClientSocket waiting;
    {
        const test::FewDescriptors few(1);  // Of the client; none for the server's side of it.
        ASSERT_TRUE(waiting.connect("127.0.0.1", server.port(), deadline));
        const auto used = [] {
            rusage usage{};
            CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
            return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
        };
        const auto used_before = used();
        const auto begun = Clock::now();
        const std::uint64_t pauses_before = server.server().counts().pauses;
        EXPECT_TRUE(test::eventually(
            [&] { return server.server().counts().pauses >= pauses_before + 10; }));
        const auto took = Clock::now() - begun;
        EXPECT_GT(took, 900ms);
        EXPECT_LT(used() - used_before, took / 5);
    }
    ASSERT_TRUE(waiting.write(test::get_with(""), deadline));
    std::string answer;
    ASSERT_TRUE(waiting.read(answer, 4'096, deadline));
    EXPECT_EQ(test::status_of(answer), 200);
}

}  // namespace
}  // namespace chancery::rpc
