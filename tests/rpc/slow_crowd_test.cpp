// Two thousand clients that hardly send and hardly read, all at once, and one that is in a hurry.
#include "tests/support/slow_crowd.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "rpc/http_server.h"
#include "tests/support/echo_router.h"
#include "tests/support/eventually.h"
#include "tests/support/raw_connection.h"
#include "tests/support/raw_requests.h"
#include "tests/support/running_server.h"
#include "tests/support/sanitized.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::EchoRouter;
using test::eventually;
using test::RawConnection;
using test::RunningServer;
using test::SlowCrowd;
using Clock = std::chrono::steady_clock;

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
constexpr std::size_t crowd = test::is_sanitized ? 200 : 2'000;

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t resident_bytes() {
    std::size_t total_pages = 0;
    std::size_t resident_pages = 0;
    std::ifstream("/proc/self/statm") >> total_pages >> resident_pages;
    return resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Connections that this machine carries on though no process has them.
std::size_t orphans() {
    std::ifstream state("/proc/net/sockstat");
    for (std::string word; state >> word;) {
        std::size_t count = 0;
        if (word == "orphan" && state >> count) return count;
    }
    return 0;
}

// Half a bundle of entries, and one that is large.
struct Crowded : testing::Test {
    EchoRouter echo;

    Crowded() {
        add("/page", 48 * 1024);
        add("/bundle", mebibyte);
    }
    void add(const std::string& path, std::size_t bytes) {
        Route route;
        route.path = path;
        route.handler = Handler(
            [bytes](const Request&) { return EchoRouter::text(200, std::string(bytes, 'x')); });
        echo.router.add(std::move(route));
    }
    static SlowCrowd::Plan plan(std::uint16_t port) {
        SlowCrowd::Plan plan;
        plan.port = port;
        plan.count = crowd;
        plan.asked = {test::line("GET /bundle HTTP/1.1"), test::line("GET /page HTTP/1.1")};
        plan.begun = {"GET / HTTP/1.1\r\nHost: a\r\nX: ",
                      test::post_with("Content-Length: 100000\r\n", "")};
        return plan;
    }
};

// How long each request took that one quick client sent, until `is_over`; empty if one failed.
std::vector<Clock::duration> in_a_hurry(std::uint16_t port, const std::function<bool()>& is_over) {
    RawConnection connection(port);
    std::vector<Clock::duration> took;
    while (!is_over()) {
        const bool is_large = took.size() % 8 == 0;
        const auto begun = Clock::now();
        if (!connection.send(is_large ? test::line("GET /bundle HTTP/1.1") : test::get_with("")))
            return {};
        const std::string answer = connection.read_answer();
        if (test::status_of(answer) != 200 || (is_large && answer.size() < mebibyte)) return {};
        took.push_back(Clock::now() - begun);
    }
    return took;
}

TEST_F(Crowded, TwoThousandSlowClientsHoldUpNobodyAndHoldNothing) {
    constexpr auto deadline = 4s;
    constexpr std::size_t held_max = crowd * 32 * 1'024;
    const std::size_t descriptors = open_descriptors();
    const std::size_t resident = resident_bytes();
    const std::size_t orphans_before = orphans();
    std::size_t resident_peak = 0;
    std::size_t held_peak = 0;
    {
        ServerOptions options = test::without_address_limit();
        options.connections_max = crowd + 2;
        options.head_deadline = options.body_deadline = deadline;
        options.write_deadline = options.idle_deadline = deadline;
        options.answer_memory_max = held_max;
        RunningServer server(echo.router, options, 1);
        SlowCrowd slow(plan(server.port()));
        const auto begun = Clock::now();
        std::vector<Clock::duration> took = in_a_hurry(server.port(), [&] {
            resident_peak = std::max(resident_peak, resident_bytes());
            held_peak = std::max<std::size_t>(held_peak, server.server().counts().answer_bytes);
            return slow.present() == 0 || Clock::now() - begun > test::patience;
        });
        const auto counts = server.server().counts();
        EXPECT_EQ(slow.present(), 0U) << "all are cut off";
        ASSERT_GT(took.size(), 20U);
        std::ranges::sort(took);
        EXPECT_EQ(slow.told(408), crowd / 2) << "each that hardly sends is told";
        EXPECT_GE(counts.answers_cut, crowd * 3 / 20) << "of those that hardly read what is large";
        EXPECT_EQ(counts.refused, 0U);
        EXPECT_TRUE(eventually([&] { return server.server().counts().open <= 2; }));
        // The last answer may have been read before the server has let go of it.
        EXPECT_TRUE(eventually([&] { return server.server().counts().answer_bytes == 0; }));
        RecordProperty("requests", static_cast<int>(took.size()));
        RecordProperty("p99_us", static_cast<int>(took[took.size() * 99 / 100] / 1us));
    }
    EXPECT_LE(held_peak, held_max);
    RecordProperty("resident_growth_kib", static_cast<int>((resident_peak - resident) / 1'024));
    // With the system nothing is left of them, either; other programs have a few.
    EXPECT_TRUE(eventually([&] { return orphans() < orphans_before + 100; })) << orphans();
    if (!test::is_sanitized) {
        EXPECT_LT(resident_peak - resident, held_max + 128 * mebibyte);
    }
    EXPECT_TRUE(eventually([&] { return open_descriptors() == descriptors; }))
        << open_descriptors() << " descriptors, were " << descriptors;
}

TEST_F(Crowded, WhoComesWhileAllPlacesAreTakenTakesNone) {
    ServerOptions options = test::without_address_limit();
    options.connections_max = 100;
    options.head_deadline = options.body_deadline = options.write_deadline = 2s;
    options.idle_deadline = 2s;
    RunningServer server(echo.router, options, 1);
    SlowCrowd::Plan many = plan(server.port());
    many.count = 300;
    many.pause = 20ms;
    SlowCrowd slow(many);
    EXPECT_TRUE(eventually([&] { return slow.present() == 0; }));
    EXPECT_GE(server.server().counts().refused, 1U);
    EXPECT_EQ(server.server().counts().accepted + server.server().counts().refused, 300U);
    RawConnection late(server.port());
    ASSERT_TRUE(late.send(test::get_with("")));
    EXPECT_EQ(test::status_of(late.read_answer()), 200);
}

}  // namespace
}  // namespace chancery::rpc
