// Random walks: every kind of event in random order, with loss, repetition, reordering and
// crashes, under the oracle after each of them; then peace, in which the group must agree.
//
// Raft thesis §3.6 (safety), §9.6 (pre-vote). A failing seed prints itself and the last lines.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "tests/consensus/raft_group.h"
#include "tests/consensus/raft_text.h"
#include "tests/support/sanitized.h"

namespace chancery::raft {
namespace {

class Walk {
public:
    explicit Walk(std::uint64_t seed)
        : random_(seed), group_(simple_configuration(voters(below(5) + 1)), seed) {
        // Each walk has its own weather; mixed faults hide each other.
        drop_percent_ = below(3) == 0 ? below(30) : 0;
        repeat_percent_ = below(3) == 0 ? below(30) : 0;
        crash_percent_ = below(2) == 0 ? 1 : 0;
        is_ordered_ = below(2) == 0;
        tick_percent_ = 2 + below(4) * 15;
        isolate_percent_ = below(2) == 0 ? 2 : 0;
        hasty_ = someone();
    }

    void run(int steps) {
        for (int i = 0; i < steps && group_.violations().empty(); ++i)
            step();
    }

    // No more faults: everybody is up, everything arrives.
    bool make_peace() {
        for (const NodeId id : group_.ids()) {
            group_.isolate(id, false);
            if (!group_.node(id).core) group_.restart(id);
        }
        for (int i = 0; i < 400; ++i) {
            for (const NodeId id : group_.ids())
                group_.tick(id);
            if (!group_.settle(group_.ids())) return false;
            for (const NodeId id : group_.ids()) {
                group_.seal(id);
                group_.fetch(id, someone());
            }
            if (!group_.violations().empty()) return false;
            if (i > 100 && agrees()) return true;
            if (i % 7 == 0) propose_somewhere();
            keep_lines();
        }
        return false;
    }

    const Group& group() const { return group_; }
    std::string last_lines() {
        keep_lines();
        std::string text;
        for (const std::string& line : kept_)
            text += line + "\n";
        return text;
    }
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

private:
    static std::vector<NodeId> voters(std::uint64_t count) {
        std::vector<NodeId> nodes;
        for (NodeId id = 1; id <= count; ++id)
            nodes.push_back(id);
        return nodes;
    }

    NodeId someone() { return static_cast<NodeId>(1 + below(group_.ids().size())); }
    bool happens(std::uint64_t percent) { return below(100) < percent; }

    void step() {
        const NodeId id = someone();
        if (happens(tick_percent_)) group_.tick(happens(30) ? hasty_ : id);
        if (happens(1)) hasty_ = someone();
        if (happens(isolate_percent_) && happens(20)) {
            is_cut_off_ = !is_cut_off_;
            if (is_cut_off_) cut_off_ = someone();
            group_.isolate(cut_off_, is_cut_off_);
        }
        if (happens(crash_percent_) && happens(20)) {
            group_.node(id).core ? group_.crash(id) : group_.restart(id);
        }
        // A power cut that is over at once: the same term goes on with another memory.
        if (happens(crash_percent_) && happens(30)) group_.restart(id);
        switch (below(5)) {
            case 0:
                group_.finish_write(id);
                break;
            case 1:
                group_.finish_apply(id);
                break;
            case 2:
                if (happens(20)) propose_somewhere();
                group_.seal(id);
                break;
            default:
                deliver_something();
        }
        keep_lines();
    }

    void deliver_something() {
        std::vector<Letter>& letters = group_.letters();
        if (letters.empty()) return;
        const std::size_t i = is_ordered_ ? 0 : below(std::min<std::size_t>(letters.size(), 50));
        const Letter letter = letters[i];
        if (!happens(repeat_percent_)) letters.erase(letters.begin() + static_cast<long>(i));
        if (letters.size() > 300) letters.erase(letters.begin(), letters.begin() + 100);
        if (!happens(drop_percent_)) group_.deliver(letter);
    }

    void propose_somewhere() {
        for (const NodeId id : group_.alive()) {
            if (group_.node(id).core->role() != Role::leader) continue;
            (void)group_.propose(id, "block " + std::to_string(++blocks_));
        }
    }

    bool agrees() const {
        const Core& first = *group_.node(1).core;
        for (const NodeId id : group_.ids()) {
            const Core& core = *group_.node(id).core;
            if (core.journal().last() != first.journal().last()) return false;
            if (core.committed() != core.journal().last().index) return false;
        }
        return first.committed() > 0;
    }

    void keep_lines() {
        for (std::string& line : group_.take_lines())
            kept_.push_back(std::move(line));
        while (kept_.size() > 400)
            kept_.pop_front();
    }

    std::mt19937_64 random_;
    Group group_;
    std::uint64_t drop_percent_ = 0;
    std::uint64_t repeat_percent_ = 0;
    std::uint64_t crash_percent_ = 0;
    std::uint64_t tick_percent_ = 0;
    std::uint64_t isolate_percent_ = 0;
    NodeId hasty_ = 1;  // Its clock runs ahead, for a while.
    NodeId cut_off_ = 1;
    bool is_cut_off_ = false;
    bool is_ordered_ = true;
    int blocks_ = 0;
    std::deque<std::string> kept_;
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread.
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(RandomWalk, IsSafeAlwaysAndAgreesInPeace) {
    const std::uint64_t first = from_environment("SEED", 1);
    const std::uint64_t count = from_environment("SEEDS", test::is_sanitized ? 20 : 60);
    Index committed = 0;
    std::size_t leaders = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        Walk walk(seed);
        walk.run(3000);
        ASSERT_TRUE(walk.group().violations().empty()) << "seed " << seed << "\n"
                                                       << walk.last_lines();
        ASSERT_TRUE(walk.make_peace()) << "seed " << seed << "\n" << walk.last_lines();
        committed += walk.group().oracle().committed();
        leaders += walk.group().oracle().leader_count();
    }
    std::printf("%llu walks: %llu entries committed, %zu terms led\n",
                static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(committed),
                leaders);
}

TEST(RandomWalk, IsTheSameTwice) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Walk one(seed);
        Walk two(seed);
        one.run(1500);
        two.run(1500);
        EXPECT_EQ(one.group().fingerprint(), two.group().fingerprint());
    }
}

}  // namespace
}  // namespace chancery::raft
