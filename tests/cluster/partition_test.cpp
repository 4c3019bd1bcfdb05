// The wire between the nodes is cut, one-sided, slow, and says things twice or again: at most one
// side goes on, and in the end all agree.
#include <cstdio>
#include <random>

#include <gtest/gtest.h>

#include "tests/cluster/cluster.h"
#include "tests/support/eventually.h"

namespace chancery::test {
namespace {

class Partition : public testing::Test {
protected:
    Cluster cluster{{.nodes = 4, .has_proxy = true}};

    void SetUp() override {
        cluster.start_all();
        ASSERT_TRUE(cluster.is_ready());
    }
    static bool answered_more(const Writers& writers, std::uint64_t more) {
        const std::uint64_t before = writers.answered();
        return eventually([&] { return writers.answered() >= before + more; });
    }
    void expect_whole(Writers& writers) {
        ASSERT_TRUE(cluster.is_ready());
        ASSERT_TRUE(answered_more(writers, 10));
        writers.stop();
        EXPECT_TRUE(cluster.agree());
        EXPECT_TRUE(writers.all_stand());
    }
};

TEST_F(Partition, ALeaderCutOffIsReplacedAndNothingItHeldIsLost) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    cluster.proxy().isolate({cluster.leader()});
    EXPECT_TRUE(answered_more(writers, 20));
    cluster.proxy().heal();
    expect_whole(writers);
}

TEST_F(Partition, ALeaderThatIsHeardAndHearsNobodyIsReplaced) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    const raft::NodeId leader = cluster.leader();
    cluster.proxy().set_rule([leader](raft::NodeId, raft::NodeId to, rpc::PeerMessage message) {
        std::vector<rpc::PeerMessage> passed;
        if (to != leader) passed.push_back(std::move(message));
        return passed;
    });
    EXPECT_TRUE(answered_more(writers, 20));
    cluster.proxy().heal();
    expect_whole(writers);
}

TEST_F(Partition, ALeaderThatHearsAndIsNotHeardIsReplaced) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    cluster.proxy().isolate({cluster.leader()}, true);
    EXPECT_TRUE(answered_more(writers, 20));
    cluster.proxy().heal();
    expect_whole(writers);
}

TEST_F(Partition, InTwoHalvesNeitherWritesBothReadAndBothSayWhy) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    writers.stop();
    ASSERT_TRUE(cluster.agree());
    cluster.proxy().isolate({1, 2});
    for (raft::NodeId node = 1; node <= 4; ++node) {
        EXPECT_TRUE(eventually([&] { return !cluster.accepts_writes(node); }));
        const auto read = cluster.get(node, "/checkpoint");
        ASSERT_TRUE(read);
        EXPECT_EQ(read->status, 200);
    }
    Writers patient(cluster, 2);
    EXPECT_TRUE(eventually([&] {
        const json::Value told = cluster.status(3);
        return told.find("reason") != nullptr &&
               told.find("reason")->as_string()->find("no leader") != std::string::npos;
    }));
    EXPECT_EQ(patient.answered(), 0U);
    cluster.proxy().heal();
    expect_whole(patient);
}

TEST_F(Partition, FramesLostDelayedAndSaidTwiceOnlySlowItDown) {
    auto random = std::make_shared<std::mt19937>(7);
    auto mutex = std::make_shared<std::mutex>();
    cluster.proxy().set_rule(
        [random, mutex](raft::NodeId, raft::NodeId, const rpc::PeerMessage& message) {
            const std::scoped_lock lock(*mutex);
            const auto drawn = (*random)() % 100;
            const std::size_t copies = drawn < 5 ? 0 : drawn < 15 ? 2 : 1;
            return std::vector<rpc::PeerMessage>(copies, message);
        });
    Writers writers(cluster, 4);
    EXPECT_TRUE(answered_more(writers, 60));
    cluster.proxy().heal();
    expect_whole(writers);
}

TEST_F(Partition, OldFramesSaidAgainChangeNothing) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 100));
    const auto recorded = cluster.proxy().recorded();
    ASSERT_FALSE(recorded.empty());
    for (int round = 0; round < 3; ++round) {
        for (const auto& [to, message] : recorded)
            cluster.proxy().say(to, message);
    }
    ASSERT_TRUE(answered_more(writers, 20));
    expect_whole(writers);
    for (raft::NodeId node = 1; node <= 4; ++node)
        EXPECT_EQ(cluster.diary(node).find("contradiction"), std::string::npos);
}

TEST_F(Partition, AFlappingLinkDoesNotStopTheNetwork) {
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    auto count = std::make_shared<std::atomic<std::uint64_t>>(0);
    cluster.proxy().set_rule([count](raft::NodeId from, raft::NodeId to, rpc::PeerMessage message) {
        const bool is_flapping = (from == 1 && to == 2) || (from == 2 && to == 1);
        std::vector<rpc::PeerMessage> passed;
        // Gone for fifty frames, there for fifty.
        if (!is_flapping || (*count)++ / 50 % 2 == 0) passed.push_back(std::move(message));
        return passed;
    });
    EXPECT_TRUE(answered_more(writers, 100));
    cluster.proxy().heal();
    expect_whole(writers);
}

}  // namespace
}  // namespace chancery::test
