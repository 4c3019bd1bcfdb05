#include "tests/simulation/hunt.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/simulated_network.h"

namespace chancery::simulation {
namespace {

// What the process that looks leaves behind when it ends.
struct Shared {
    std::uint64_t seeds = 0;
    bool is_found = false;
    char how[160] = {};
};

// Most bugs show themselves anywhere; the others are looked for where they do.
Plan plan_to_find(Planted bug, std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    Faults faults;
    faults.crash = 30'000;
    if (bug == Planted::head_not_compared) {
        // Who missed what others committed stands while they do not know that they did.
        plan.nodes = 3;
        plan.safety_us = 12'000'000;
        faults.drop = 300'000;
        faults.cut_link = 30'000;
        faults.isolate = 10'000;
        faults.delay_max = 20'000;
        faults.disk_max = 30'000;
    } else if (bug == Planted::suffix_replaced_in_part) {
        // A part that an honest leader sends replaces nothing that was committed. A liar's does,
        // where a member has what it acknowledged and did not hear who else has.
        plan = draw_plan_with_liars(seed, 1);
        plan.lies = {test::Lie::other_past};
        plan.nodes = 4;
        plan.has_clients = false;  // A seal would tell it.
        plan.safety_us = 60'000'000;
        faults.crash = 5'000;
        faults.drop = 300'000;
        faults.cut_link = 60'000;
    } else if (bug == Planted::seal_believed_by_place) {
        plan = draw_plan_with_liars(seed, 1);
        plan.lies = {test::Lie::wrong_places, test::Lie::short_seals};
        faults.clock_off_ms = 20'000;
        faults.delay_max = 100'000;
    } else if (bug == Planted::empty_seal_said_once) {
        // Exactly a quorum is left, of whom one has the seal from an earlier life.
        plan = draw_plan_with_liars(seed, 1);
        plan.lies = {test::Lie::two_votes};
        return plan;
    } else {
        return plan;
    }
    plan.faults = faults;
    return plan;
}

void look(Shared& shared, std::uint64_t from, std::uint64_t seeds_max, double minutes) {
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(minutes * 60'000));
    for (std::uint64_t seed = from; seed < from + seeds_max; ++seed) {
        if (std::chrono::steady_clock::now() > end) return;
        ++shared.seeds;
        const Report report = SimulatedNetwork(plan_to_find(planted, seed)).run();
        if (!report.violation) continue;
        shared.is_found = true;
        report.violation->copy(shared.how, sizeof shared.how - 1);
        return;
    }
}

}  // namespace

Found hunt(Planted bug, std::uint64_t from, std::uint64_t seeds_max, double minutes) {
    void* const memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    auto* const shared = new (memory) Shared;
    std::fflush(nullptr);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        static_cast<void>(std::freopen("/dev/null", "w", stderr));
        planted = bug;
        look(*shared, from, seeds_max, minutes);
        std::_Exit(EXIT_SUCCESS);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    Found found{shared->is_found, shared->seeds, shared->how};
    if (!WIFEXITED(status)) found = {true, shared->seeds, "an invariant of the code itself"};
    CHECK(munmap(memory, sizeof(Shared)) == 0);
    return found;
}

}  // namespace chancery::simulation
