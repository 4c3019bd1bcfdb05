// Several nodes named: what one cannot do, the next is asked for, and nothing is done twice.
#include "node/remote.h"
#include "tests/support/deaf_relay.h"
#include "tests/support/fake_node.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::FakeAnswer;
using test::FakeNode;
using test::Words;

// Nobody listens there: the node that had the port has ended.
std::string address_of_nobody() {
    const FakeNode gone({});
    return gone.url();
}

FakeAnswer about(const std::string& network_id) {
    return {200, "application/json", "{\"network_id\":\"" + network_id + "\"}", false};
}

const FakeAnswer no_leader{
    503,
    "application/problem+json",
    R"({"code":"unavailable","detail":"no leader"})",
    false,
};

struct Failover : test::SandboxTest {
    std::string network_id() const {
        return *document({"network", "status"}).find("network_id")->as_string();
    }
    std::string fetched(const std::string& target) const {
        auto remote = node::Remote::to(sandbox.url(), {std::chrono::seconds(5)});
        CHECK(remote);
        auto body = remote->get(target, "*/*");
        CHECK(body);
        return *std::move(body);
    }
    // Answers every question like the sandbox's node, and takes no batch.
    std::map<std::string, FakeAnswer> reads_only() const {
        return {{"GET /.well-known/chancery.json", about(network_id())},
                {"GET /v1/trust", {200, "application/json", fetched("/v1/trust"), false}},
                {"GET /checkpoint", {200, "text/plain", fetched("/checkpoint"), false}},
                {"POST /v1/batches", no_leader}};
    }
    test::Finished with_nodes(Words words, const std::vector<std::string>& urls) const {
        for (const std::string& url : urls)
            words.insert(words.end(), {"--node", url});
        return chancery(words);
    }
    std::uint16_t port() const {
        const std::string url = sandbox.url();
        return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    }
};

TEST_F(Failover, AsksTheNextNodeIfOneIsGoneOrCannotNow) {
    const FakeNode tired({{"GET /.well-known/chancery.json", about(network_id())},
                          {"GET /v1/trust", no_leader},
                          {"GET /checkpoint", no_leader}});
    const auto shown =
        with_nodes({"log", "checkpoint"}, {address_of_nobody(), tired.url(), sandbox.url()});
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_EQ(tired.asked(),
              (std::vector<std::string>{"GET /.well-known/chancery.json", "GET /v1/trust"}));
}

TEST_F(Failover, SaysOfEachNodeWhyItWasNoHelp) {
    const std::string one = address_of_nobody();
    const std::string other = address_of_nobody();
    const auto shown = with_nodes({"log", "checkpoint"}, {one, other});
    EXPECT_EQ(shown.status, 6);
    EXPECT_NE(shown.err.find("no node answers: " + one + ": "), std::string::npos) << shown.err;
    EXPECT_NE(shown.err.find("; " + other + ": "), std::string::npos) << shown.err;
    const FakeNode tired(
        {{"GET /.well-known/chancery.json", about(network_id())}, {"GET /checkpoint", no_leader}});
    const auto told = with_nodes({"log", "checkpoint"}, {tired.url(), other});
    EXPECT_EQ(told.status, 6);
    EXPECT_NE(told.err.find(tired.url() + ": no leader"), std::string::npos) << told.err;
}

TEST_F(Failover, RefusesANodeOfAnotherNetwork) {
    const std::string other(64, 'a');
    const FakeNode stranger({{"GET /.well-known/chancery.json", about(other)}});
    const std::size_t before = commitments().size();
    write_document("one.json", "stranger");
    for (const Words& words : {Words{"log", "checkpoint"}, Words{"issue", "one", "one.json"}}) {
        const auto refused = with_nodes(words, {stranger.url(), sandbox.url()});
        EXPECT_EQ(refused.status, 5) << refused.err;
        EXPECT_NE(refused.err.find("the node is one of network " + other), std::string::npos)
            << refused.err;
    }
    EXPECT_EQ(commitments().size(), before);
    for (const std::string& question : stranger.asked())
        EXPECT_EQ(question, "GET /.well-known/chancery.json");
}

TEST_F(Failover, SubmitsToTheNextNodeIfThereIsNoLeader) {
    const FakeNode follower(reads_only());
    const std::size_t before = commitments().size();
    write_document("one.json", "no leader");
    const auto issued = with_nodes({"issue", "one", "one.json"}, {follower.url(), sandbox.url()});
    EXPECT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(commitments().size(), before + 1);
    const auto asked = follower.asked();
    EXPECT_EQ(std::ranges::count(asked, "POST /v1/batches"), 1);
    EXPECT_EQ(chancery({"verify", "one.json"}).status, 0);
}

TEST_F(Failover, GivesUpOnSubmittingWhenItsTimeIsOver) {
    const FakeNode follower(reads_only());
    const FakeNode another(reads_only());
    write_document("one.json", "nobody leads");
    const auto issued = with_nodes({"issue", "one", "one.json", "--timeout", "2s"},
                                   {follower.url(), another.url()});
    EXPECT_EQ(issued.status, 6) << issued.err;
    EXPECT_NE(issued.err.find("no leader"), std::string::npos) << issued.err;
    const auto asked = another.asked();
    EXPECT_GE(std::ranges::count(asked, "POST /v1/batches"), 2);
    EXPECT_LE(std::ranges::count(asked, "POST /v1/batches"), 10);
}

TEST_F(Failover, RegistersOnceThoughTheAnswerWasLost) {
    const test::DeafRelay relay(port());
    const std::size_t before = commitments().size();
    write_document("one.json", "lost answer");
    const auto issued = with_nodes({"issue", "one", "one.json"}, {relay.url(), sandbox.url()});
    EXPECT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(relay.answers_lost(), 1);
    EXPECT_EQ(commitments().size(), before + 1);
    const auto revoked = with_nodes({"revoke", "one.json"}, {relay.url(), sandbox.url()});
    EXPECT_EQ(revoked.status, 0) << revoked.err;
    EXPECT_EQ(relay.answers_lost(), 2);
    EXPECT_EQ(chancery({"verify", "one.json"}).status, 1);
}

}  // namespace
}  // namespace chancery
