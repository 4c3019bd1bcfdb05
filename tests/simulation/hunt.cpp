#include "tests/simulation/hunt.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/plan_to_find.h"

namespace chancery::simulation {
namespace {

// What the process that looks leaves behind when it ends.
struct Shared {
    std::uint64_t seeds = 0;
    bool is_found = false;
    char how[160] = {};
};

void look(Shared& shared, const Hunt& wanted) {
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(wanted.minutes * 60'000));
    for (std::uint64_t seed = wanted.from; seed < wanted.from + wanted.seeds_max; ++seed) {
        if (std::chrono::steady_clock::now() > end) return;
        ++shared.seeds;
        Plan plan = plan_to_find(wanted.bug, seed);
        plan.is_told = wanted.is_told;
        const Report report = SimulatedNetwork(plan).run();
        if (!report.violation) continue;
        shared.is_found = true;
        report.violation->copy(shared.how, sizeof shared.how - 1);
        return;
    }
}

}  // namespace

Found hunt(const Hunt& wanted) {
    void* const memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    auto* const shared = new (memory) Shared;
    std::fflush(nullptr);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (!wanted.is_told) static_cast<void>(std::freopen("/dev/null", "w", stderr));
        if (!wanted.is_mended) planted = wanted.bug;
        look(*shared, wanted);
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
