// Disks that are slow, fail or fill up below running nodes: who cannot write stops or refuses, the
// others go on, and nothing acknowledged is lost.
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "tests/cluster/small_mount.h"
#include "tests/cluster/trial.h"

namespace chancery::test {
namespace {

using Place = MachineFaults::Place;

constexpr int exit_of_disk_errors = 74;
constexpr std::uint64_t low_bytes = 32ULL * 1024 * 1024;

// The database is written often, so that its disk is asked, too.
const std::map<std::string, std::string> busy_disk = {
    {"CHANCERY_STORAGE_FLUSH_SECONDS", "1"},
    {"CHANCERY_LIMITS_DISK_FREE_BYTES", std::to_string(low_bytes)}};

class Disk : public testing::Test {
protected:
    void begin(std::uint32_t nodes) {
        trial = std::make_unique<Trial>(
            Cluster::Options{.nodes = nodes, .has_shims = true, .environment = busy_disk});
        ASSERT_TRUE(trial->is_begun());
    }
    raft::NodeId other_than(raft::NodeId node) const { return node % trial->cluster.count() + 1; }

    // It says why, ends as a disk's failure ends, and nobody waits for it.
    void expect_end(raft::NodeId node, const std::string& why) {
        Cluster& cluster = trial->cluster;
        ASSERT_TRUE(eventually([&] { return cluster.ended(node).has_value(); }));
        EXPECT_EQ(*cluster.ended(node), exit_of_disk_errors);
        const std::string diary = cluster.diary(node);
        EXPECT_NE(diary.find("\"event\":\"halted\",\"code\":\"io\""), std::string::npos);
        EXPECT_NE(diary.find(why), std::string::npos) << diary;
        cluster.kill(node);
    }
    void expect_it_comes_back(raft::NodeId node) {
        trial->cluster.start(node);
        EXPECT_TRUE(trial->cluster.is_ready());
    }

    std::unique_ptr<Trial> trial;
};

TEST_F(Disk, ASlowOneSlowsNobodyElse) {
    begin(4);
    Cluster& cluster = trial->cluster;
    const raft::NodeId leader = cluster.leader();
    MachineFaults& others = cluster.machine(other_than(leader));
    trial->endures(
        "follower's syncs take 700 ms", [&] { others.sync_delay_us = 700'000; }, 40);
    EXPECT_GT(others.syncs.load(), 0U);
    others.sync_delay_us = 0;
    MachineFaults& leaders = cluster.machine(leader);
    trial->endures(
        "leader's syncs take 200 ms", [&] { leaders.sync_delay_us = 200'000; }, 8);
    leaders.sync_delay_us = 0;
    trial->endures(
        "leader's writes take 50 ms", [&] { leaders.write_delay_us = 50'000; }, 8);
    leaders.write_delay_us = 0;
    trial->expect_whole();
}

TEST_F(Disk, AFailedCallEndsTheNodeAndLosesNothing) {
    begin(4);
    Cluster& cluster = trial->cluster;
    std::mt19937 random(4);
    const auto fail = [&](MachineFaults& machine, Place place, bool is_sync) {
        machine.failing_place = place;
        (is_sync ? machine.sync_that_fails : machine.write_that_fails) =
            static_cast<std::int64_t>(1 + random() % 4);
    };
    struct Failure {
        const char* what;
        bool is_of_leader;
        std::function<void(MachineFaults&)> begin;
        const char* why;
    };
    const std::vector<Failure> failures = {
        {"follower's journal does not sync",
         false,
         [&](MachineFaults& machine) { fail(machine, Place::journal, true); },
         "fdatasync: Input/output error"},
        {"leader's journal is not written",
         true,
         [&](MachineFaults& machine) { fail(machine, Place::journal, false); },
         "write: Input/output error"},
        {"follower's fence is not written",
         false,
         [&](MachineFaults& machine) { fail(machine, Place::fence, true); },
         "write: Input/output error"},
        {"leader's database is not written",
         true,
         [&](MachineFaults& machine) { fail(machine, Place::database, false); },
         "IO error"},
        {"leader's disk is full",
         true,
         [](MachineFaults& machine) { machine.room_bytes = 0; },
         "No space left on device"}};
    for (const Failure& failure : failures) {
        const raft::NodeId leader = cluster.leader();
        const raft::NodeId victim = failure.is_of_leader ? leader : other_than(leader);
        MachineFaults& machine = cluster.machine(victim);
        trial->endures(failure.what, [&] {
            failure.begin(machine);
            expect_end(victim, failure.why);
        });
        EXPECT_GE(machine.failures.exchange(0), 1U) << failure.what;
        machine.room_bytes = -1;
        expect_it_comes_back(victim);
    }
    trial->expect_whole();
    for (raft::NodeId node = 1; node <= cluster.count(); ++node) {
        cluster.kill(node);
        EXPECT_EQ(cluster.audit(node), 0);
    }
}

bool reads(const Cluster& cluster, raft::NodeId node) {
    const auto read = cluster.get(node, "/checkpoint");
    return read && read->status == 200;
}

// `leave`: so many bytes are free; below 0: all that there were.
void fills_up(Trial& trial, raft::NodeId victim, const std::function<void(std::int64_t)>& leave) {
    Cluster& cluster = trial.cluster;
    leave(low_bytes / 2);
    ASSERT_TRUE(eventually([&] { return !cluster.accepts_writes(victim); }));
    const auto refused =
        cluster.post_batch(victim, good_batch(cluster, cluster.issuer_key(1), 1, victim));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_NE(refused->body.find("the disk is nearly full"), std::string::npos) << refused->body;
    EXPECT_TRUE(reads(cluster, victim));
    EXPECT_TRUE(trial.goes_on());
    leave(-1);
    EXPECT_TRUE(cluster.is_ready());
}

TEST_F(Disk, NearlyFullItTakesNoWritesAndStillReads) {
    begin(3);
    Cluster& cluster = trial->cluster;
    const auto leave = [&](raft::NodeId node, std::int64_t bytes) {
        cluster.machine(node).room_bytes = bytes;
    };
    for (const raft::NodeId node : {cluster.leader(), other_than(cluster.leader())})
        fills_up(*trial, node, [&](std::int64_t bytes) { leave(node, bytes); });
    for (raft::NodeId node = 1; node <= 3; ++node)
        leave(node, low_bytes / 2);
    for (raft::NodeId node = 1; node <= 3; ++node) {
        EXPECT_TRUE(eventually([&] { return !cluster.accepts_writes(node); }));
        EXPECT_TRUE(reads(cluster, node));
    }
    for (raft::NodeId node = 1; node <= 3; ++node)
        leave(node, -1);
    trial->expect_whole();
}

TEST_F(Disk, ASmallOneReallyFullDoesTheSame) {
    if (!SmallMount::is_possible()) GTEST_SKIP() << "no mounting here: told to be full, as above";
    begin(4);
    Cluster& cluster = trial->cluster;
    const raft::NodeId victim = other_than(cluster.leader());
    cluster.kill(victim);
    const SmallMount mount(cluster.data(victim), 4 * low_bytes);
    expect_it_comes_back(victim);
    fills_up(*trial, victim, [&](std::int64_t bytes) {
        if (bytes < 0) return mount.give_back();
        mount.leave(static_cast<std::uint64_t>(bytes));
    });
    trial->endures("follower's disk full", [&] {
        // The node writes, and removes, between the look at what is free and its taking.
        const auto is_over = [&] {
            mount.leave(0);
            return cluster.ended(victim).has_value();
        };
        EXPECT_TRUE(eventually(is_over));
        expect_end(victim, "No space left on device");
    });
    mount.give_back();
    expect_it_comes_back(victim);
    trial->expect_whole();
}

}  // namespace
}  // namespace chancery::test
