// The wire between the nodes is cut, one-sided, slow, and says things twice or again: at most one
// side goes on, and in the end all agree.

#include <gtest/gtest.h>

#include "tests/cluster/dice.h"
#include "tests/cluster/trial.h"

namespace chancery::test {
namespace {

using std::chrono::milliseconds;

FaultProxy::Rule losing(std::function<bool(raft::NodeId from, raft::NodeId to)> is_lost) {
    return [is_lost = std::move(is_lost)](
               raft::NodeId from, raft::NodeId to, rpc::PeerMessage message) {
        std::vector<rpc::PeerMessage> passed;
        if (!is_lost(from, to)) passed.push_back(std::move(message));
        return passed;
    };
}

class Partition : public testing::Test {
protected:
    Trial trial{{.nodes = 4, .has_proxy = true}};
    Cluster& cluster = trial.cluster;

    void SetUp() override { ASSERT_TRUE(trial.is_begun()); }
    // While the wires are so, writes go on; healed, all is whole.
    void endures(const std::string& what,
                 const std::function<void()>& act,
                 std::uint64_t more = 20) {
        trial.endures(what, act, more);
        cluster.proxy().heal();
        trial.expect_whole();
    }
};

TEST_F(Partition, ALeaderCutOffIsReplacedAndNothingItHeldIsLost) {
    endures("leader cut off", [&] { cluster.proxy().isolate({cluster.leader()}); });
}

TEST_F(Partition, ALeaderThatIsHeardAndHearsNobodyIsReplaced) {
    endures("leader deaf", [&] {
        const raft::NodeId leader = cluster.leader();
        cluster.proxy().set_rule(
            losing([leader](raft::NodeId, raft::NodeId to) { return to == leader; }));
    });
}

TEST_F(Partition, ALeaderThatHearsAndIsNotHeardIsReplaced) {
    endures("leader mute", [&] { cluster.proxy().isolate({cluster.leader()}, true); });
}

TEST_F(Partition, InTwoHalvesNeitherWritesBothReadAndBothSayWhy) {
    trial.writers->stop();
    ASSERT_TRUE(cluster.agree());
    cluster.proxy().isolate({1, 2});
    for (raft::NodeId node = 1; node <= 4; ++node) {
        EXPECT_TRUE(eventually([&] { return !cluster.accepts_writes(node); }));
        const auto read = cluster.get(node, "/checkpoint");
        ASSERT_TRUE(read);
        EXPECT_EQ(read->status, 200);
    }
    trial.writers.emplace(cluster, 2);
    EXPECT_TRUE(eventually([&] {
        const json::Value told = cluster.status(3);
        return told.find("reason") != nullptr &&
               told.find("reason")->as_string()->find("no leader") != std::string::npos;
    }));
    EXPECT_EQ(trial.writers->answered(), 0U);
    cluster.proxy().heal();
    trial.expect_whole();
}

TEST_F(Partition, FramesLostAndSaidTwiceOnlySlowItDown) {
    const auto dice = std::make_shared<Dice>(7);
    const auto lossy = [dice](raft::NodeId, raft::NodeId, const rpc::PeerMessage& message) {
        const std::uint32_t drawn = dice->below(100);
        const std::size_t copies = drawn < 5 ? 0 : drawn < 15 ? 2 : 1;
        return std::vector<rpc::PeerMessage>(copies, message);
    };
    endures(
        "frames lost and doubled", [&] { cluster.proxy().set_rule(lossy); }, 60);
}

TEST_F(Partition, FramesLongOnTheirWayOnlySlowItDown) {
    const auto dice = std::make_shared<Dice>(8);
    const auto far = [dice](raft::NodeId, raft::NodeId) {
        return milliseconds(5 + dice->below(36));
    };
    trial.endures(
        "5 to 40 ms a frame", [&] { cluster.proxy().set_delay(far); }, 60);
    // Quick to hear, slow to be heard: its heartbeats stay as far apart as it sends them.
    const raft::NodeId leader = cluster.leader();
    const auto lopsided = [leader](raft::NodeId from, raft::NodeId) {
        return milliseconds(from == leader ? 120 : 2);
    };
    endures(
        "leader 120 ms away, one way", [&] { cluster.proxy().set_delay(lopsided); }, 40);
}

TEST_F(Partition, OldFramesSaidAgainChangeNothing) {
    ASSERT_TRUE(trial.goes_on(80));
    const auto recorded = cluster.proxy().recorded();
    ASSERT_FALSE(recorded.empty());
    endures("old frames again", [&] {
        for (int round = 0; round < 3; ++round) {
            for (const auto& [to, message] : recorded)
                cluster.proxy().say(to, message);
        }
    });
    for (raft::NodeId node = 1; node <= 4; ++node)
        EXPECT_EQ(cluster.diary(node).find("contradiction"), std::string::npos);
}

TEST_F(Partition, AFlappingLinkDoesNotStopTheNetwork) {
    const auto count = std::make_shared<std::atomic<std::uint64_t>>(0);
    // Gone for fifty frames, there for fifty.
    const auto flapping = losing([count](raft::NodeId from, raft::NodeId to) {
        const bool is_between = (from == 1 && to == 2) || (from == 2 && to == 1);
        return is_between && (*count)++ / 50 % 2 == 1;
    });
    endures(
        "flapping link", [&] { cluster.proxy().set_rule(flapping); }, 100);
}

}  // namespace
}  // namespace chancery::test
