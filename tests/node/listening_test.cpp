// The listeners of a real node: limits of an address, events, JSON-RPC, and too few descriptors.

#include <fstream>
#include <regex>

#include <gtest/gtest.h>
#include <unistd.h>

#include "rpc/http_client.h"
#include "tests/support/one_node.h"
#include "tests/support/raw_connection.h"
#include "tests/support/vectors.h"

namespace chancery {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using test::RawConnection;

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

std::uint16_t admin_port_of(const test::OneNode& node) {
    static const std::regex admin(R"re(\[admin\]\nlisten = "[^"]+:([0-9]+)")re");
    const std::string config = test::read_file(node.config());
    std::smatch port;
    CHECK(std::regex_search(config, port, admin));
    return static_cast<std::uint16_t>(std::stoul(port[1]));
}

std::string get_of(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

int status_of(std::uint16_t port, const std::string& path) {
    RawConnection connection(port);
    if (!connection.is_connected() || !connection.send(get_of(path))) return 0;
    return test::status_of(connection.read_answer());
}

// OneNode's node.toml ends in [admin], so these are sections of their own.
struct Listening : testing::Test {
    test::ScratchFolder scratch;
};

TEST_F(Listening, HoldsAnAddressToTheRatesThatAreSet) {
    const std::string config = scratch / "one/chancery-sandbox/uni-a/node.toml";
    const test::OneNode node(scratch / "one");
    std::string text = test::read_file(config);
    const std::size_t at = text.find("[public]\n") + 9;
    text.insert(at,
                "requests_per_second = 1\nrequests_burst = 40\nwrites_per_second = 1\n"
                "writes_burst = 1\nexempt_loopback = false\n");
    std::ofstream(config) << text;
    cli::Process process = node.start_node();
    const std::uint16_t port = port_of(node.url());
    ASSERT_TRUE(test::eventually([&] { return RawConnection(port).is_connected(); }));
    std::map<int, int> statuses;
    for (int i = 0; i < 60; ++i)
        ++statuses[status_of(port, "/livez")];
    EXPECT_GE(statuses[200], 40);
    EXPECT_GE(statuses[429], 10);
    EXPECT_EQ(statuses[200] + statuses[429], 60);
    // The admin listener has none, and writes have their own.
    for (int i = 0; i < 60; ++i)
        ASSERT_EQ(status_of(admin_port_of(node), "/livez"), 200);
    auto client = rpc::HttpClient::to(rpc::parse_url(node.url()).value());
    const auto write = client->post("/v1/batches", "application/octet-stream", "short");
    ASSERT_TRUE(write);
    EXPECT_EQ(write->status, 400);
    EXPECT_TRUE(
        write->field("RateLimit-Policy").starts_with("\"writes\";q=1;w=1, \"write-bytes\""));
    EXPECT_EQ(client->post("/v1/batches", "application/octet-stream", "short")->status, 429);
    EXPECT_EQ(process.stop(), 0);
}

TEST_F(Listening, TellsOfEachCheckpointAsItIsSealedAndEndsInOrder) {
    const test::OneNode node(scratch / "one");
    cli::Process process = node.running_node();
    RawConnection events(port_of(node.url()));
    ASSERT_TRUE(events.send(get_of("/v1/events")));
    EXPECT_EQ(test::status_of(events.read_until("\r\n\r\n")), 200);
    EXPECT_EQ(events.read_until("\n\n"), "retry: 3000\n\n");
    const auto size_of = [](const std::string& event) {
        static const std::regex form("id: ([0-9]+)\nevent: checkpoint\ndata: (.+)\n\n");
        std::smatch parts;
        EXPECT_TRUE(std::regex_match(event, parts, form)) << event;
        const auto data = json::parse(parts[2].str());
        CHECK(data);
        EXPECT_EQ(std::to_string(*data->find("size")->as_integer()), parts[1].str());
        EXPECT_EQ(data->find("root")->as_string()->size(), 64U);
        return *data->find("size")->as_integer();
    };
    std::int64_t size = size_of(events.read_until("\n\n"));
    node.write_documents("docs", 0, 3);
    ASSERT_EQ(node.issue("docs", 1).status, 0);
    auto client = rpc::HttpClient::to(rpc::parse_url(node.url()).value());
    const auto status = json::parse(client->get("/v1/status")->body);
    ASSERT_TRUE(status);
    while (size < *status->find("size")->as_integer()) {
        const std::int64_t next = size_of(events.read_until("\n\n"));
        ASSERT_GT(next, size);
        size = next;
    }
    const auto begun = Clock::now();
    EXPECT_EQ(process.stop(), 0);
    EXPECT_LT(Clock::now() - begun, 8s) << "the stream held the node back";
    EXPECT_EQ(events.read_all().find("alarm"), std::string::npos);
}

TEST_F(Listening, AnswersJsonRpcFromTheSameLedger) {
    const test::OneNode node(scratch / "one");
    cli::Process process = node.running_node();
    node.write_documents("docs", 0, 2);
    ASSERT_EQ(node.issue("docs", 2).status, 0);
    auto client = rpc::HttpClient::to(rpc::parse_url(node.url()).value());
    ASSERT_TRUE(client);
    const auto answer = client->post("/rpc", "application/json", R"([
        {"jsonrpc":"2.0","id":1,"method":"log.entries","params":{"limit":3}},
        {"jsonrpc":"2.0","id":2,"method":"log.checkpoint"},
        {"jsonrpc":"2.0","id":3,"method":"log.tile","params":{"path":"0/000"}}])");
    ASSERT_TRUE(answer && answer->status == 200);
    const auto answers = json::parse(answer->body);
    ASSERT_TRUE(answers);
    const json::Array& all = *answers->as_array();
    EXPECT_EQ(*all.at(0).find("result"),
              *json::parse(client->get("/v1/log/entries?limit=3")->body));
    EXPECT_EQ(*all.at(1).find("result"), json::Value(client->get("/checkpoint")->body));
    EXPECT_EQ(*all.at(2).find("error")->find("data")->find("status"), json::Value(404));
    EXPECT_EQ(process.stop(), 0);
}

// Of the process, as the system counts it.
std::chrono::milliseconds processor_time(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i)
        fields >> skipped;
    long user = 0;
    long system = 0;
    fields >> user >> system;
    return std::chrono::milliseconds((user + system) * 1'000 / sysconf(_SC_CLK_TCK));
}

// Two hundred descriptors, and all that a client can take of them held by idle connections.
TEST_F(Listening, WithoutDescriptorsItWaitsAndServesWhoIsThereAndComesBack) {
    const test::OneNode node(scratch / "one");
    const std::string command =
        "ulimit -n 200; exec " CHANCERY_BIN "/chanceryd run --config " + node.config();
    cli::Process process = node.start({"/bin/sh", "-c", command});
    const std::uint16_t port = port_of(node.url());
    ASSERT_TRUE(test::eventually([&] { return status_of(port, "/readyz") == 200; }));
    std::vector<std::unique_ptr<RawConnection>> held;
    // Until it is refused thrice: connections of before may still be closing.
    for (int refusals = 0; refusals < 3;) {
        auto one = std::make_unique<RawConnection>(port);
        ASSERT_TRUE(one->send(get_of("/livez")));
        const int status = test::status_of(one->read_answer());
        EXPECT_TRUE(status == 200 || status == 503) << status;
        if (status == 503) ++refusals;
        if (status == 200) held.push_back(std::move(one));
        ASSERT_LT(held.size(), 200U);
    }
    EXPECT_GE(held.size(), 20U);
    EXPECT_EQ(status_of(admin_port_of(node), "/livez"), 200) << "operators are locked out";

    const auto used = processor_time(process.id());
    const auto begun = Clock::now();
    std::vector<std::unique_ptr<RawConnection>> turned_away;
    for (int i = 0; i < 12; ++i) {
        turned_away.push_back(std::make_unique<RawConnection>(port));
        ASSERT_TRUE(turned_away.back()->is_connected());
    }
    int refused = 0;
    for (const auto& connection : turned_away)
        refused += test::status_of(connection->read_all()) == 503 ? 1 : 0;
    EXPECT_GE(refused, 10) << "the database may have closed a file or two";
    const auto took = Clock::now() - begun;
    EXPECT_GT(took, 900ms);
    EXPECT_LT(processor_time(process.id()) - used, took / 5);
    for (const auto& connection : held) {
        ASSERT_TRUE(connection->send(get_of("/livez")));
        EXPECT_EQ(test::status_of(connection->read_answer()), 200);
    }

    held.clear();
    const auto freed = Clock::now();
    EXPECT_TRUE(test::eventually([&] { return status_of(port, "/readyz") == 200; }));
    EXPECT_LT(Clock::now() - freed, 1s);
    node.write_documents("docs", 0, 1);
    EXPECT_EQ(node.issue("docs", 1).status, 0);
    EXPECT_EQ(process.stop(), 0);
    EXPECT_EQ(test::count_of(test::read_file(node / "err"), "listener full"), 1);
}

}  // namespace
}  // namespace chancery
