// Clocks that jump while nodes run: the ledger's time never falls and stays right, who has a wrong
// clock is a node the fewer, and nobody says anything wrong because of one.
#include <gtest/gtest.h>

#include "tests/cluster/trial.h"

namespace chancery::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// How far a block may be ahead of a quorum's clocks, and from it to its answer on a busy machine.
constexpr seconds slack{30};

class Clocks : public testing::Test {
protected:
    Trial trial{{.nodes = 4, .has_shims = true}};
    Cluster& cluster = trial.cluster;

    void SetUp() override { ASSERT_TRUE(trial.is_begun()); }
    void set(raft::NodeId node, milliseconds ahead) {
        cluster.machine(node).clock_ahead_ms = ahead.count();
    }
    void set_right() {
        for (raft::NodeId node = 1; node <= cluster.count(); ++node)
            set(node, {});
        ASSERT_TRUE(cluster.is_ready());
    }
    // A node, told by how far it is from the leader.
    raft::NodeId after_leader(std::uint32_t steps) const {
        return (cluster.leader() - 1 + steps) % cluster.count() + 1;
    }
    bool says(const std::string& what) const {
        bool is_said = false;
        for (raft::NodeId node = 1; node <= cluster.count(); ++node)
            is_said = is_said || cluster.diary(node).find(what) != std::string::npos;
        return is_said;
    }
    void expect_right(seconds allowed = slack) {
        trial.expect_whole();
        EXPECT_TRUE(trial.writers->times_are_right(allowed));
        EXPECT_FALSE(says("\"event\":\"halted\""));
    }
};

TEST_F(Clocks, OneThatJumpsIsANodeTheFewer) {
    for (const minutes jump : {minutes(5), minutes(-5), minutes(180), minutes(-180)}) {
        const std::string by = std::to_string(jump.count()) + " min";
        trial.endures("a follower's clock jumps " + by, [&] { set(after_leader(1), jump); });
        set_right();
        trial.endures("the leader's clock jumps " + by, [&] { set(cluster.leader(), jump); });
        set_right();
    }
    expect_right();
    // Nobody took the time of a clock that was hours ahead for the ledger's.
    EXPECT_FALSE(says("\"batches\":\"0\""));
    EXPECT_TRUE(says("\"event\":\"block_ahead_of_clock\""));
}

TEST_F(Clocks, AWrongOneRefusesNothingThatIsInForce) {
    const raft::NodeId wrong = after_leader(1);
    const keys::MemberKey issuer = cluster.issuer_key(wrong);
    const Bytes brief = good_batch(cluster, issuer, wrong, 1, minutes(10));
    const Bytes over = good_batch(cluster, issuer, wrong, 2, -seconds(5));
    const Bytes distant =
        good_batch(cluster, issuer, wrong, 3, std::chrono::hours(24) - minutes(1));
    const auto status_of = [&](const Bytes& bulk) {
        const auto answer = cluster.post_batch(wrong, bulk);
        return answer ? answer->status : 0;
    };
    set(wrong, std::chrono::hours(2));
    EXPECT_TRUE(eventually([&] { return status_of(brief) / 100 == 2; }));
    EXPECT_TRUE(eventually([&] { return status_of(over) == 422; }));
    set(wrong, -std::chrono::hours(2));
    EXPECT_TRUE(eventually([&] { return status_of(distant) / 100 == 2; }));
    set_right();
    EXPECT_EQ(status_of(brief), 200);
    EXPECT_EQ(status_of(distant), 200);
    expect_right();
}

// More wrong ones than the network bears: the ledger's time may go with them, and waiting heals it.
TEST_F(Clocks, WithTwoOfFourWrongTimeStillNeverFallsAndWaitingHeals) {
    const raft::NodeId first = after_leader(1);
    const raft::NodeId second = after_leader(2);
    for (const seconds ahead : {seconds(25), seconds(-25)}) {
        trial.writers->forget_gap();
        set(first, ahead);
        set(second, ahead);
        if (ahead < seconds(0)) {
            EXPECT_TRUE(eventually([&] { return says("\"event\":\"block_ahead_of_clock\""); }));
        } else {
            EXPECT_TRUE(trial.goes_on());
        }
        set_right();
        ASSERT_TRUE(trial.goes_on());
        trial.print_gap("two clocks " + std::to_string(ahead.count()) + " s wrong");
    }
    expect_right(2 * slack);
}

}  // namespace
}  // namespace chancery::test
