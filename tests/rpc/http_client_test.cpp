#include "rpc/http_client.h"

#include <functional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "tests/support/echo_router.h"
#include "tests/support/running_server.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

Url node_at(std::uint16_t port) {
    Url url;
    url.host = "127.0.0.1";
    url.port = port;
    return url;
}

HttpClient client_of(std::uint16_t port, ClientOptions options = {}) {
    Result<HttpClient> client = HttpClient::to(node_at(port), std::move(options));
    CHECK(client.has_value());
    return std::move(*client);
}

// Answers each connection in turn with exactly these bytes, whatever was asked, and closes it
// unless told to hold it.
class RawServer {
public:
    explicit RawServer(std::vector<std::string> answers, bool holds = false)
        : acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          thread_([this, answers = std::move(answers), holds] { serve(answers, holds); }) {}
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    ~RawServer() { thread_.join(); }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve(const std::vector<std::string>& answers, bool holds) {
        boost::system::error_code ignored;
        for (const std::string& answer : answers) {
            tcp::socket socket = acceptor_.accept(ignored);
            std::array<char, 4'096> request{};
            socket.read_some(boost::asio::buffer(request), ignored);
            boost::asio::write(socket, boost::asio::buffer(answer), ignored);
            if (!holds) continue;
            while (!ignored)
                socket.read_some(boost::asio::buffer(request), ignored);
        }
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

TEST(HttpClient, AsksAndKeepsItsConnection) {
    test::EchoRouter echo;
    test::RunningServer server(echo.router);
    HttpClient client = client_of(server.port());
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.post("/length", "text/plain", std::string(100'000, 'x'));
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "100000");
    }
    const auto missing = client.get("/nowhere");
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->status, 404);
    EXPECT_EQ(missing->field("content-type"), "application/problem+json");
    EXPECT_EQ(server.server().counts().accepted, 1U);
}

TEST(HttpClient, ReadsARefusalThatComesBeforeTheBodyIsSent) {
    test::EchoRouter echo;
    test::RunningServer server(echo.router);
    HttpClient client = client_of(server.port());
    const auto answer = client.post("/length", "text/plain", std::string(9 * 1024 * 1024, 'x'));
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 413);
}

TEST(HttpClient, AnswersHeadWithoutWaitingForABody) {
    test::EchoRouter echo;
    test::RunningServer server(echo.router);
    HttpClient client = client_of(server.port());
    ClientRequest request;
    request.method = Method::head;
    const auto answer = client.send(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->field("Content-Length"), "2");
    EXPECT_EQ(answer->body, "");
    EXPECT_EQ(client.get("/")->body, "ok");
}

TEST(HttpClient, AsksAgainWhenAKeptConnectionWasClosed) {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    RawServer server({answer, answer});
    HttpClient client = client_of(server.port());
    ASSERT_TRUE(client.get("/"));
    const auto second = client.get("/");
    ASSERT_TRUE(second) << second.error().detail;
    EXPECT_EQ(second->body, "ok");
}

struct Misbehaviour {
    std::string name;
    std::string answer;
    Errc want = Errc::invalid;
};

TEST(HttpClient, RefusesWhatIsNoHonestAnswer) {
    const std::vector<Misbehaviour> cases = {
        {"nothing", "", Errc::io},
        {"not http", "SSH-2.0-OpenSSH\r\n"},
        {"http 2", "HTTP/2 200\r\n\r\n"},
        {"status of words", "HTTP/1.1 two OK\r\n\r\n"},
        {"status 600", "HTTP/1.1 600 OK\r\n\r\n"},
        {"status 099", "HTTP/1.1 099 OK\r\n\r\n"},
        {"half a head", "HTTP/1.1 200 OK\r\nContent-", Errc::io},
        {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", Errc::io},
        {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
        {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
        {"length list", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na"},
        {"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"},
        {"huge length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"},
        {"more than allowed", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"},
        {"endless", "HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x')},
        {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"},
        {"long head", "HTTP/1.1 200 OK\r\nA: " + std::string(17'000, 'x')},
        {"interim for ever",
         [] {
             std::string all;
             for (int i = 0; i < 20; ++i)
                 all += "HTTP/1.1 100 Continue\r\n\r\n";
             return all;
         }()},
    };
    ClientOptions options;
    options.body_bytes_max = 1'000;
    for (const Misbehaviour& one : cases) {
        RawServer server({one.answer});
        HttpClient client = client_of(server.port(), options);
        const auto answer = client.get("/");
        ASSERT_FALSE(answer) << one.name;
        EXPECT_EQ(answer.error().code, one.want) << one.name << ": " << answer.error().detail;
    }
}

TEST(HttpClient, TakesAnAnswerThatEndsWithItsConnection) {
    RawServer server({"HTTP/1.0 200 OK\r\n\r\nall of it"});
    const auto answer = client_of(server.port()).get("/");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "all of it");
}

TEST(HttpClient, SkipsInterimAnswersAndFollowsNoRedirection) {
    RawServer server(
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\n"
         "Location: http://evil.example/\r\nContent-Length: 0\r\n\r\n"});
    const auto answer = client_of(server.port()).get("/");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
}

TEST(HttpClient, GivesUpAtItsDeadline) {
    ClientOptions options;
    options.answer_timeout = 50ms;
    for (const std::string& answer :
         {std::string(), std::string("HTTP/1.1 2"), std::string("HTTP/1.1 200 OK\r\n\r\nab")}) {
        RawServer server({answer}, true);
        const auto got = client_of(server.port(), options).get("/");
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().code, Errc::timeout) << got.error().detail;
    }
}

TEST(HttpClient, SaysWhoDidNotAnswerAndWhy) {
    std::uint16_t port = 0;
    {
        boost::asio::io_context context;
        tcp::acceptor acceptor(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
        port = acceptor.local_endpoint().port();
    }
    const auto answer = client_of(port).get("/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unavailable);
    EXPECT_NE(answer.error().detail.find("127.0.0.1 port " + std::to_string(port)),
              std::string::npos);
    EXPECT_NE(answer.error().detail.find("errno 111"), std::string::npos);
    EXPECT_NE(answer.error().detail.find("is the node running"), std::string::npos);
}

TEST(HttpClient, RefusesToWriteHeadersOfOthers) {
    HttpClient client = client_of(1);
    EXPECT_EQ(client.get("/ HTTP/1.1\r\nX: y").error().code, Errc::invalid);
    EXPECT_EQ(client.get("/", "x\r\nY: z").error().code, Errc::invalid);
    EXPECT_EQ(client.get("nowhere").error().code, Errc::invalid);
}

TEST(HttpClient, RefusesAnUrlThatIsNoNode) {
    EXPECT_TRUE(HttpClient::to(*parse_url("https://a/")));
    EXPECT_FALSE(HttpClient::to(*parse_url("http://a/x")));
}

}  // namespace
}  // namespace chancery::rpc
