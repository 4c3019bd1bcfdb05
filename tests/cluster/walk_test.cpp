// A walk through every fault there is, in an order drawn from a seed: after each, what was
// acknowledged stands at every node, and all have one root.
//
// CHANCERY_WALK_SEED, CHANCERY_WALK_SEEDS and CHANCERY_WALK_ROUNDS make it another, or longer.
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/cluster/dice.h"
#include "tests/cluster/trial.h"

namespace chancery::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::uint32_t setting(const char* name, std::uint32_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<std::uint32_t>(std::stoul(text));
}

class Walk {
public:
    explicit Walk(std::uint32_t seed)
        : dice_(seed),
          wire_dice_(std::make_shared<Dice>(seed + 1)),
          trial_({.nodes = nodes,
                  .has_proxy = true,
                  .has_shims = true,
                  .environment = {{"CHANCERY_STORAGE_FLUSH_SECONDS", "1"}}}) {}

    void go(std::uint32_t rounds) {
        ASSERT_TRUE(trial_.is_begun());
        for (std::uint32_t round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
            const Step step = steps_[dice_.below(static_cast<std::uint32_t>(steps_.size()))];
            victim_ = 1 + dice_.below(nodes);
            name_ = std::to_string(round) + ": " + step.name + " " + std::to_string(victim_);
            disturb_wire();
            trial_.writers->forget_gap();
            (this->*step.act)();
            make_right();
            check();
        }
        trial_.writers->stop();
        EXPECT_TRUE(trial_.writers->all_stand_by_turns());
        for (raft::NodeId node = 1; node <= nodes; ++node) {
            cluster().kill(node);
            EXPECT_EQ(cluster().audit(node), 0);
        }
    }

private:
    static constexpr std::uint32_t nodes = 4;
    struct Step {
        const char* name;
        void (Walk::*act)();
    };
    static std::vector<Step> steps();

    Cluster& cluster() { return trial_.cluster; }
    MachineFaults& machine() { return cluster().machine(victim_); }
    // One node the fewer is no reason to wait.
    void expect_goes_on() { EXPECT_TRUE(trial_.goes_on(5)) << name_; }

    // Beside what happens to the victim, every third time: nothing that a quorum could not bear.
    void disturb_wire() {
        const auto dice = wire_dice_;
        const std::uint32_t drawn = dice_.below(6);
        if (drawn == 0) {
            name_ += ", slow wire";
            cluster().proxy().set_delay(
                [dice](raft::NodeId, raft::NodeId) { return milliseconds(dice->below(30)); });
        }
        if (drawn == 1) {
            name_ += ", lossy wire";
            cluster().proxy().set_rule(
                [dice](raft::NodeId, raft::NodeId, const rpc::PeerMessage& message) {
                    const std::uint32_t each = dice->below(100);
                    return std::vector<rpc::PeerMessage>(each < 3 ? 0 : each < 10 ? 2 : 1, message);
                });
        }
    }

    void kill_it() {
        cluster().kill(victim_);
        expect_goes_on();
        cluster().start(victim_);
    }
    // One of ten.
    void kill_some() {
        if (dice_.below(10) != 0) return kill_it();
        for (raft::NodeId node = 1; node <= nodes; ++node)
            cluster().kill(node);
        cluster().start_all();
    }
    void kill_leader() {
        if (const raft::NodeId leader = cluster().leader(); leader != 0) victim_ = leader;
        kill_it();
    }
    void stall() {
        cluster().signal(victim_, SIGSTOP);
        expect_goes_on();
        cluster().signal(victim_, SIGCONT);
    }
    void cut_off() {
        cluster().proxy().isolate({victim_}, dice_.below(2) == 0);
        expect_goes_on();
    }
    void cut_in_halves() {
        const raft::NodeId other = victim_ % nodes + 1;
        cluster().proxy().isolate({victim_, other});
        EXPECT_TRUE(eventually([&] { return !cluster().accepts_writes(victim_); }));
    }
    void flap() {
        const raft::NodeId it = victim_;
        const auto count = std::make_shared<std::atomic<std::uint64_t>>(0);
        cluster().proxy().set_rule([=](raft::NodeId from, raft::NodeId to, rpc::PeerMessage said) {
            std::vector<rpc::PeerMessage> passed;
            const bool is_gone = (from == it || to == it) && (*count)++ / 30 % 2 == 1;
            if (!is_gone) passed.push_back(std::move(said));
            return passed;
        });
        expect_goes_on();
    }
    void replay() {
        for (const auto& [to, message] : cluster().proxy().recorded())
            cluster().proxy().say(to, message);
        expect_goes_on();
    }
    void slow_disk() {
        machine().sync_delay_us = 1'000 * dice_.below(200);
        machine().write_delay_us = 1'000 * dice_.below(20);
        expect_goes_on();
    }
    void failing_disk() {
        using Place = MachineFaults::Place;
        machine().failing_place = dice_.below(2) == 0 ? Place::journal : Place::fence;
        machine().sync_that_fails = 1 + dice_.below(40);
        expect_it_ends();
    }
    void full_disk() {
        machine().room_bytes = 0;
        expect_it_ends();
    }
    void expect_it_ends() {
        EXPECT_TRUE(eventually([&] { return cluster().ended(victim_).has_value(); })) << name_;
        EXPECT_EQ(cluster().ended(victim_).value_or(0), 74) << name_;
        expect_goes_on();
        cluster().kill(victim_);
        set_right(machine());
        cluster().start(victim_);
    }
    void older_disk() {
        const std::string data = cluster().data(victim_);
        cluster().kill(victim_);
        fs::copy(data, data + ".copy", fs::copy_options::recursive);
        cluster().start(victim_);
        EXPECT_TRUE(cluster().is_ready()) << name_;
        expect_goes_on();
        cluster().kill(victim_);
        fs::remove_all(data);
        fs::rename(data + ".copy", data);
        cluster().start(victim_);
    }
    void wrong_clock() {
        const std::int64_t second = 1'000;
        const std::int64_t ahead = second << dice_.below(14);
        machine().clock_ahead_ms = dice_.below(2) == 0 ? ahead : -ahead;
        expect_goes_on();
    }

    static void set_right(MachineFaults& machine) {
        machine.sync_delay_us = 0;
        machine.write_delay_us = 0;
        machine.sync_that_fails = 0;
        machine.room_bytes = -1;
        machine.clock_ahead_ms = 0;
    }
    void make_right() {
        cluster().proxy().heal();
        for (raft::NodeId node = 1; node <= nodes; ++node)
            set_right(cluster().machine(node));
    }
    // The writers pause, so that there is something to agree upon.
    void check() {
        ASSERT_TRUE(cluster().is_ready()) << name_;
        ASSERT_TRUE(trial_.goes_on(5)) << name_;
        trial_.print_gap(name_);
        trial_.writers->stop();
        ASSERT_TRUE(cluster().agree()) << name_;
        ASSERT_TRUE(trial_.writers->all_stand(checked_)) << name_;
        EXPECT_TRUE(trial_.writers->times_are_right(std::chrono::seconds(30))) << name_;
        checked_ = trial_.writers->answered();
        trial_.writers->go_on();
    }

    const std::vector<Step> steps_ = steps();
    Dice dice_;
    std::shared_ptr<Dice> wire_dice_;
    Trial trial_;
    raft::NodeId victim_ = 1;
    std::uint64_t checked_ = 0;
    std::string name_;
};

// All, or the one kind that CHANCERY_WALK_STEP names.
std::vector<Walk::Step> Walk::steps() {
    std::vector<Step> all = {{"kill", &Walk::kill_some},
                             {"kill leader, drawn", &Walk::kill_leader},
                             {"stall", &Walk::stall},
                             {"cut off", &Walk::cut_off},
                             {"halves", &Walk::cut_in_halves},
                             {"flap", &Walk::flap},
                             {"replay", &Walk::replay},
                             {"slow disk", &Walk::slow_disk},
                             {"failing disk", &Walk::failing_disk},
                             {"full disk", &Walk::full_disk},
                             {"older disk", &Walk::older_disk},
                             {"wrong clock", &Walk::wrong_clock}};
    if (const char* const only = std::getenv("CHANCERY_WALK_STEP")) {
        std::erase_if(all,
                      [only](const Step& step) { return std::string_view(step.name) != only; });
        CHECK(!all.empty());
    }
    return all;
}

TEST(WalkThroughFaults, LosesNothingAndTellsOneHistory) {
    const std::uint32_t first = setting("CHANCERY_WALK_SEED", 1);
    const std::uint32_t end = first + setting("CHANCERY_WALK_SEEDS", 1);
    for (std::uint32_t seed = first; seed < end && !HasFailure(); ++seed) {
        std::printf("walk of seed %u\n", seed);
        SCOPED_TRACE("CHANCERY_WALK_SEED=" + std::to_string(seed));
        Walk(seed).go(setting("CHANCERY_WALK_ROUNDS", 6));
    }
}

}  // namespace
}  // namespace chancery::test
