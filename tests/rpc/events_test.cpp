// Server-sent events: what a listener is told, through a hub alone and over real connections.

#include "rpc/events.h"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "rpc/api.h"
#include "tests/support/eventually.h"
#include "tests/support/fake_service.h"
#include "tests/support/raw_connection.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::FakeService;
using test::RawConnection;
using test::RunningServer;

CheckpointEvent checkpoint_of(std::uint64_t size) {
    CheckpointEvent event;
    event.size = size;
    event.root.fill(0xab);
    event.height = size / 2;
    event.time = 1'769'860'800'250;
    return event;
}

std::string text_of_event(std::uint64_t size) {
    std::string root;
    for (int i = 0; i < 32; ++i)
        root += "ab";
    return "id: " + std::to_string(size) +
           "\nevent: checkpoint\ndata: {\"height\":" + std::to_string(size / 2) + ",\"root\":\"" +
           root + "\",\"size\":" + std::to_string(size) +
           ",\"time\":\"2026-01-31T12:00:00.250Z\"}\n\n";
}

const std::string beginning = "retry: 3000\n\n";
const std::string heartbeat = ":\n\n";
const std::string halt =
    "event: alarm\ndata: {\"detail\":\"this node stops; ask another\",\"kind\":\"halt\"}\n\n";

// A listener that a test asks by hand.
struct Subscribed {
    boost::asio::io_context context;
    std::shared_ptr<EventStream> stream;

    Subscribed(EventHub& hub, std::optional<std::uint64_t> seen) {
        auto subscribed = hub.subscribe(context.get_executor(), seen);
        CHECK(subscribed.has_value());
        stream = std::move(*subscribed);
    }
    std::string next(std::chrono::milliseconds at_most = 5ms) {
        auto told = boost::asio::co_spawn(context, stream->next(at_most), boost::asio::use_future);
        context.restart();
        context.run();
        return told.get();
    }
};

TEST(EventHub, BeginsWithTheNewestCheckpointUnlessItWasSeen) {
    EventHub hub(10);
    EXPECT_EQ(Subscribed(hub, std::nullopt).next(), beginning);
    hub.publish(checkpoint_of(9));
    hub.publish(checkpoint_of(10));
    EXPECT_EQ(Subscribed(hub, std::nullopt).next(), beginning + text_of_event(10));
    EXPECT_EQ(Subscribed(hub, 9).next(), beginning + text_of_event(10));
    EXPECT_EQ(Subscribed(hub, 11).next(), beginning + text_of_event(10));
    EXPECT_EQ(Subscribed(hub, 10).next(), beginning);
}

TEST(EventHub, TellsTheNewestAndNotWhatWasMissed) {
    EventHub hub(10);
    Subscribed listening(hub, std::nullopt);
    EXPECT_EQ(listening.next(), beginning);
    EXPECT_EQ(listening.next(), heartbeat);
    for (std::uint64_t size = 1; size <= 1'000; ++size)
        hub.publish(checkpoint_of(size));
    EXPECT_EQ(listening.next(), text_of_event(1'000));
    EXPECT_EQ(listening.next(), heartbeat);
    hub.publish(checkpoint_of(1'000));
    EXPECT_EQ(listening.next(), heartbeat) << "told again what it knows";
}

TEST(EventHub, TellsEachAlarmOnceAndThoseWhoComeLaterToo) {
    EventHub hub(10);
    Subscribed early(hub, std::nullopt);
    EXPECT_EQ(early.next(), beginning);
    hub.raise(Alarm::halt);
    hub.raise(Alarm::halt);
    EXPECT_EQ(early.next(), halt);
    hub.raise(Alarm::halt);
    hub.raise(Alarm::integrity);
    const std::string integrity = early.next();
    EXPECT_NE(integrity.find("\"kind\":\"integrity\""), std::string::npos);
    hub.raise(Alarm::contradiction);
    EXPECT_NE(early.next().find("\"kind\":\"contradiction\""), std::string::npos);
    const std::string late = Subscribed(hub, std::nullopt).next();
    for (const char* kind : {"halt", "integrity", "contradiction"})
        EXPECT_EQ(test::count_of(late, "\"kind\":\"" + std::string(kind) + "\""), 1) << late;
}

TEST(EventHub, TellsWhatThereIsBeforeItCloses) {
    EventHub hub(10);
    Subscribed listening(hub, std::nullopt);
    listening.next();
    hub.raise(Alarm::halt);
    listening.stream->close();
    EXPECT_EQ(listening.next(1h), halt);
    EXPECT_EQ(listening.next(1h), "");
    EXPECT_EQ(listening.next(1h), "");
}

TEST(EventHub, HasRoomForSoManyAndAgainWhenOneLeaves) {
    EventHub hub(2);
    boost::asio::io_context context;
    const auto subscribe = [&] { return hub.subscribe(context.get_executor(), std::nullopt); };
    auto first = subscribe();
    auto second = subscribe();
    ASSERT_TRUE(first && second);
    const auto third = subscribe();
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, Errc::unavailable);
    EXPECT_EQ(hub.listener_count(), 2U);
    first->reset();
    EXPECT_TRUE(subscribe());
    EXPECT_EQ(hub.listener_count(), 1U);
}

TEST(EventHub, WakesAListenerFromAnotherThread) {
    EventHub hub(10);
    for (std::uint64_t round = 1; round <= 300; ++round) {
        Subscribed listening(hub, round - 1);
        listening.next(0ms);
        std::jthread other([&] { hub.publish(checkpoint_of(round)); });
        EXPECT_EQ(listening.next(1h), text_of_event(round));
    }
}

TEST(EventHub, MayEndBeforeItsListeners) {
    auto hub = std::make_unique<EventHub>(10);
    Subscribed listening(*hub, std::nullopt);
    hub->publish(checkpoint_of(3));
    hub.reset();
    EXPECT_EQ(listening.next(), beginning + text_of_event(3));
}

// GET /v1/events of a router over a fake service.
struct Streaming : testing::Test {
    FakeService service;
    Router router = public_router(service);

    static std::string get(const std::string& fields = "") {
        return "GET /v1/events HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }
    static std::string event(RawConnection& connection) { return connection.read_until("\n\n"); }
};

TEST_F(Streaming, BeginsLikeAStreamAndTellsWhatComes) {
    RunningServer server(router);
    service.events.publish(checkpoint_of(4));
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get()));
    const std::string head = connection.read_until("\r\n\r\n");
    EXPECT_EQ(test::status_of(head), 200);
    for (const char* line : {"Content-Type: text/event-stream\r\n",
                             "Cache-Control: no-store\r\n",
                             "Access-Control-Allow-Origin: *\r\n",
                             "X-Content-Type-Options: nosniff\r\n",
                             "Connection: close\r\n"}) {
        EXPECT_NE(head.find(line), std::string::npos) << line;
    }
    EXPECT_EQ(head.find("Content-Length"), std::string::npos);
    EXPECT_EQ(event(connection), beginning);
    EXPECT_EQ(event(connection), text_of_event(4));
    for (std::uint64_t size = 5; size < 100; ++size) {
        service.events.publish(checkpoint_of(size));
        ASSERT_EQ(event(connection), text_of_event(size));
    }
}

TEST_F(Streaming, TakesUpWhereAListenerStopped) {
    RunningServer server(router);
    service.events.publish(checkpoint_of(4));
    for (const auto& [last, is_told] : {std::pair<std::string, bool>{"4", false},
                                        {"3", true},
                                        {"x", true},
                                        {"-4", true},
                                        {"99999999999999999999", true}}) {
        RawConnection connection(server.port());
        ASSERT_TRUE(connection.send(get("Last-Event-ID: " + last + "\r\n")));
        connection.read_until("\r\n\r\n");
        EXPECT_EQ(event(connection), beginning);
        service.events.raise(Alarm::halt);
        EXPECT_EQ(event(connection), is_told ? text_of_event(4) : halt) << last;
        connection.hang_up();
        EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 0; }));
    }
}

TEST_F(Streaming, ShowsThatItLives) {
    ServerOptions options;
    options.heartbeat = 10ms;
    options.idle_deadline = options.head_deadline = 1s;  // Not those of a stream.
    RunningServer server(router, options);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get()));
    connection.read_until("\r\n\r\n");
    EXPECT_EQ(event(connection), beginning);
    const auto until = std::chrono::steady_clock::now() + 3 * options.idle_deadline / 2;
    while (std::chrono::steady_clock::now() < until)
        ASSERT_EQ(event(connection), heartbeat);
}

TEST_F(Streaming, HasRoomForSoManyAndAgainWhenOneHangsUp) {
    RunningServer server(router);
    std::vector<std::unique_ptr<RawConnection>> listeners;
    for (int i = 0; i < 3; ++i) {
        listeners.push_back(std::make_unique<RawConnection>(server.port()));
        ASSERT_TRUE(listeners.back()->send(get()));
        EXPECT_EQ(test::status_of(listeners.back()->read_until("\n\n")), 200);
    }
    EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 3; }));
    RawConnection fourth(server.port());
    ASSERT_TRUE(fourth.send(get()));
    const std::string refused = fourth.read_answer();
    EXPECT_EQ(test::status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: 1\r\n"), std::string::npos);
    EXPECT_NE(refused.find("Access-Control-Allow-Origin: *\r\n"), std::string::npos);
    listeners.pop_back();
    EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 2; }));
    ASSERT_TRUE(fourth.send(get()));
    EXPECT_EQ(test::status_of(fourth.read_until("\n\n")), 200);
}

TEST_F(Streaming, AnswersHeadWithoutAListener) {
    RunningServer server(router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send("HEAD /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"));
    const std::string answer = connection.read_until("\r\n\r\n");
    EXPECT_EQ(test::status_of(answer), 200);
    EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 0; }));
}

TEST_F(Streaming, EndsInOrderWhenTheServerStopsAndTellsTheAlarmFirst) {
    RunningServer server(router);
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(get()));
    EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 1; }));
    service.events.raise(Alarm::halt);
    const auto begun = std::chrono::steady_clock::now();
    server.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    EXPECT_TRUE(connection.read_all().ends_with("\r\n\r\n" + beginning + halt));
    EXPECT_EQ(service.events.listener_count(), 0U);
}

TEST_F(Streaming, CutsAListenerThatDoesNotReadAndKeepsNothingForIt) {
    ServerOptions options;
    options.write_deadline = 50ms;
    RunningServer server(router, options);
    RawConnection deaf(server.port());
    ASSERT_TRUE(deaf.send(get()));
    EXPECT_TRUE(test::eventually([&] { return service.events.listener_count() == 1; }));
    std::uint64_t size = 1;
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (service.events.listener_count() == 1 && std::chrono::steady_clock::now() < deadline) {
        service.events.publish(checkpoint_of(++size));
        std::this_thread::yield();
    }
    EXPECT_EQ(service.events.listener_count(), 0U);
}

}  // namespace
}  // namespace chancery::rpc
