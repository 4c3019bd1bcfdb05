// Nodes die, stall and come back while clients submit: nothing acknowledged is lost, nothing is
// there twice, and writes go on.
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/cluster/writers.h"
#include "tests/support/eventually.h"

namespace chancery::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

bool answered_more(const Writers& writers, std::uint64_t more) {
    const std::uint64_t before = writers.answered();
    return eventually([&] { return writers.answered() >= before + more; });
}

void expect_whole(const Cluster& cluster, Writers& writers) {
    writers.stop();
    EXPECT_TRUE(cluster.agree());
    EXPECT_TRUE(writers.all_stand());
}

class Survival : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Survival, ALeaderKilledUnderLoadIsNotMissed) {
    Cluster cluster({.nodes = GetParam()});
    cluster.start_all();
    ASSERT_TRUE(cluster.is_ready());
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 40));
    for (int round = 0; round < 3; ++round) {
        const raft::NodeId leader = cluster.leader();
        ASSERT_NE(leader, 0U);
        writers.forget_gap();
        cluster.kill(leader);
        ASSERT_TRUE(answered_more(writers, 20));
        std::printf("leader killed: writes went on after %lld ms\n",
                    static_cast<long long>(writers.longest_gap().count()));
        const auto begin = std::chrono::steady_clock::now();
        cluster.start(leader);
        ASSERT_TRUE(cluster.is_ready());
        const auto took = std::chrono::steady_clock::now() - begin;
        std::printf("restart to ready: %lld ms\n",
                    static_cast<long long>(std::chrono::duration_cast<milliseconds>(took).count()));
        ASSERT_TRUE(answered_more(writers, 20));
    }
    expect_whole(cluster, writers);
}

TEST_P(Survival, AllKilledAtOnceTheyComeBackWithEverything) {
    Cluster cluster({.nodes = GetParam()});
    cluster.start_all();
    ASSERT_TRUE(cluster.is_ready());
    Writers writers(cluster, 4);
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(answered_more(writers, 40));
        for (raft::NodeId node = 1; node <= cluster.count(); ++node)
            cluster.kill(node);
        cluster.start_all();
        ASSERT_TRUE(cluster.is_ready());
    }
    ASSERT_TRUE(answered_more(writers, 20));
    expect_whole(cluster, writers);
    for (raft::NodeId node = 1; node <= cluster.count(); ++node) {
        cluster.kill(node);
        EXPECT_EQ(cluster.audit(node), 0);
    }
}

TEST_P(Survival, AStalledLeaderIsReplacedAndFollowsWhenItWakes) {
    Cluster cluster({.nodes = GetParam()});
    cluster.start_all();
    ASSERT_TRUE(cluster.is_ready());
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 20));
    const raft::NodeId leader = cluster.leader();
    cluster.signal(leader, SIGSTOP);
    EXPECT_TRUE(answered_more(writers, 20));
    cluster.signal(leader, SIGCONT);
    ASSERT_TRUE(cluster.is_ready());
    ASSERT_TRUE(answered_more(writers, 20));
    expect_whole(cluster, writers);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Survival, testing::Values(3, 4));

TEST(Disks, AnOlderCopyOfADiskPromisesNothingUntilItHasEverythingAgain) {
    Cluster cluster({.nodes = 4});
    cluster.start_all();
    ASSERT_TRUE(cluster.is_ready());
    Writers writers(cluster, 4);
    ASSERT_TRUE(answered_more(writers, 30));
    constexpr raft::NodeId victim = 2;
    cluster.kill(victim);
    const std::string copy = cluster.data(victim) + ".copy";
    fs::copy(cluster.data(victim), copy, fs::copy_options::recursive);
    cluster.start(victim);
    ASSERT_TRUE(cluster.is_ready());
    const std::uint64_t size = cluster.size(victim);
    ASSERT_TRUE(answered_more(writers, 60));
    ASSERT_TRUE(eventually([&] { return cluster.size(victim) > size; }));
    cluster.kill(victim);
    fs::remove_all(cluster.data(victim));
    fs::rename(copy, cluster.data(victim));
    cluster.start(victim);
    ASSERT_TRUE(cluster.is_ready());
    EXPECT_NE(cluster.diary(victim).find("\"event\":\"recovering\""), std::string::npos)
        << cluster.diary(victim);
    ASSERT_TRUE(answered_more(writers, 20));
    expect_whole(cluster, writers);
}

TEST(Disks, ANodeOnAnothersDiskRefusesToStart) {
    Cluster cluster({.nodes = 3});
    cluster.start_all();
    ASSERT_TRUE(cluster.is_ready());
    cluster.kill(1);
    cluster.kill(2);
    const std::string aside = cluster.data(1) + ".aside";
    fs::rename(cluster.data(1), aside);
    fs::rename(cluster.data(2), cluster.data(1));
    fs::rename(aside, cluster.data(2));
    cluster.start(1);
    ASSERT_TRUE(eventually([&] { return cluster.ended(1).has_value(); }));
    EXPECT_EQ(*cluster.ended(1), 2);
    EXPECT_NE(cluster.diary(1).find("the data directory is of member 2"), std::string::npos);
}

}  // namespace
}  // namespace chancery::test
