// One member's node runs twice, upon copies of one disk with the same keys: a machine that was
// restored while the old one still ran. Whatever the two say in one name, it is at most one liar's.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/cluster/trial.h"

namespace chancery::test {
namespace {

namespace fs = std::filesystem;

constexpr raft::NodeId member = 2;

std::string reason(const json::Value& status) {
    const json::Value* const told = status.find("reason");
    return told == nullptr || told->as_string() == nullptr ? "" : *told->as_string();
}

bool accepts_writes(const json::Value& status) {
    const json::Value* const told = status.find("accepts_writes");
    return told != nullptr && *told->as_bool();
}

class Twins : public testing::Test {
protected:
    void begin(bool has_proxy) {
        trial = std::make_unique<Trial>(Cluster::Options{.nodes = 4, .has_proxy = has_proxy});
        ASSERT_TRUE(trial->is_begun());
        copy = trial->cluster.data(member) + ".copy";
    }
    // As it is when the node is killed; the node goes on upon its own.
    void copy_disk() {
        Cluster& cluster = trial->cluster;
        cluster.kill(member);
        fs::copy(cluster.data(member), copy, fs::copy_options::recursive);
        cluster.start(member);
        ASSERT_TRUE(cluster.is_ready());
    }
    void restart(raft::NodeId node) const {
        trial->cluster.kill(node);
        trial->cluster.start(node);
        ASSERT_TRUE(trial->cluster.is_ready());
    }
    bool somebody_stands_or_leads(raft::NodeId but) const {
        for (raft::NodeId node = 1; node <= 4; ++node) {
            const json::Value told = trial->cluster.status(node);
            const json::Value* const role = told.find("role");
            if (node != but && role != nullptr && *role->as_string() != "follower") return true;
        }
        return false;
    }
    void expect_one_history() {
        trial->expect_whole();
        for (raft::NodeId node = 1; node <= 4; ++node) {
            const std::string diary = trial->cluster.diary(node);
            EXPECT_EQ(diary.find("\"event\":\"halted\""), std::string::npos) << diary;
        }
    }

    std::unique_ptr<Trial> trial;
    std::string copy;
};

TEST_F(Twins, OneThatNobodyAnswersPromisesNothing) {
    begin(false);
    copy_disk();
    const auto twin = trial->cluster.start_twin(member, copy);
    ASSERT_TRUE(eventually([&] { return reason(twin->status()).starts_with("just started"); }));
    trial->endures(
        "a twin knocks", [] {}, 200);
    EXPECT_FALSE(accepts_writes(twin->status()));
    EXPECT_FALSE(twin->ended());
    twin->kill();
    expect_one_history();
}

TEST_F(Twins, AnOlderOneInItsPlaceFirstTakesBackWhatTheOtherSaid) {
    begin(false);
    copy_disk();
    Cluster& cluster = trial->cluster;
    const std::uint64_t size = cluster.size(member);
    ASSERT_TRUE(eventually([&] { return cluster.size(member) > size + 100; }));
    // The copy takes the place; what was there goes on somewhere else.
    cluster.kill(member);
    const std::string newer = cluster.data(member) + ".newer";
    fs::rename(cluster.data(member), newer);
    fs::rename(copy, cluster.data(member));
    const auto twin = cluster.start_twin(member, newer);
    trial->endures(
        "an older twin in its place", [&] { cluster.start(member); }, 200);
    ASSERT_TRUE(cluster.is_ready());
    EXPECT_NE(cluster.diary(member).find("\"event\":\"recovering\""), std::string::npos);
    EXPECT_FALSE(accepts_writes(twin->status()));
    twin->kill();
    expect_one_history();
}

TEST_F(Twins, TwoThatBothPromiseAreNoMoreThanOneLiar) {
    begin(true);
    copy_disk();
    Cluster& cluster = trial->cluster;
    const auto twin = cluster.start_twin(member, copy);
    // Two members now speak to the one, one to the other; both speak to all.
    for (const raft::NodeId from : {3U, 4U})
        cluster.proxy().redirect(from, member, twin->peer_listen());
    ASSERT_TRUE(eventually([&] { return accepts_writes(twin->status()); }));
    trial->endures(
        "two in one name", [] {}, 200);
    const raft::NodeId leader = cluster.leader();
    cluster.proxy().isolate({leader});
    ASSERT_TRUE(eventually([&] { return somebody_stands_or_leads(leader); }));
    trial->endures("two in one name, after an election", [&] { cluster.proxy().heal(); });
    twin->kill();
    for (const raft::NodeId from : {3U, 4U})
        cluster.proxy().redirect(from, member, cluster.peer_listen(member));
    // It stands for what its twin promised: it hears of it when it starts, and a leader believes it
    // no longer than its term.
    restart(member);
    restart(cluster.leader());
    expect_one_history();
}

}  // namespace
}  // namespace chancery::test
