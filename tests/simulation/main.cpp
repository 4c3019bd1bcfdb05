// chancery-simulate: whole networks in one thread, one for each seed.
//
//     chancery-simulate [--nodes N] [--liars N] [--seeds COUNT] [--from SEED] [--seed SEED]
//                       [--harsh] [--twice]
//     chancery-simulate-planted --planted NAME|all [--mended] [--minutes M] [--seed SEED]

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "crypto/base/encoding.h"
#include "tests/simulation/hunt.h"
#include "tests/simulation/planted.h"
#include "tests/simulation/simulated_network.h"

namespace chancery::simulation {
namespace {

struct Options {
    std::uint32_t nodes = 0;  // 0: drawn.
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::uint64_t seed = 0;
    std::uint32_t liars = 0;
    std::uint32_t acts = 50'000;
    std::vector<std::string> lies;  // Empty: drawn.
    double minutes = 0;             // 0: no limit.
    bool is_twice = false;
    bool is_harsh = false;
    std::string planted;
    bool is_mended = false;
};

volatile std::sig_atomic_t seed_under_way = 0;

// A CHECK that fails ends the process: the seed must be known.
void say_seed(int /*signal*/) {
    char line[32];
    int length = 0;
    for (auto left = static_cast<unsigned>(seed_under_way); left > 0; left /= 10)
        line[sizeof line - 1 - static_cast<unsigned>(length++)] =
            static_cast<char>('0' + left % 10);
    const char* const text = "aborted at seed ";
    static_cast<void>(!write(STDERR_FILENO, text, 16));
    static_cast<void>(
        !write(STDERR_FILENO, line + sizeof line - length, static_cast<std::size_t>(length)));
    static_cast<void>(!write(STDERR_FILENO, "\n", 1));
}

Report run_one(const Options& options, std::uint64_t seed) {
    Plan plan = options.is_harsh    ? draw_harsh_plan(seed)
                : options.liars > 0 ? draw_plan_with_liars(seed, options.liars)
                                    : draw_plan(seed);
    for (const test::LieName& each : test::lie_names) {
        if (std::ranges::find(options.lies, each.name) != options.lies.end()) {
            plan.lies.insert(each.lie);
        }
    }
    if (options.nodes != 0) plan.nodes = options.nodes;
    plan.clients.acts = options.acts;
    plan.is_told = options.seed != 0;
    seed_under_way = static_cast<std::sig_atomic_t>(seed);
    Report report = SimulatedNetwork(plan).run();
    if (options.is_twice && SimulatedNetwork(plan).run().trace != report.trace) {
        report.violation = "the same seed gave another run";
    }
    if (report.violation) {
        std::printf("seed %llu, %u nodes: %s\n",
                    static_cast<unsigned long long>(seed),
                    plan.nodes,
                    report.violation->c_str());
        std::fflush(stdout);
    }
    if (options.seed != 0) std::printf("trace %s\n", to_hex(report.trace).c_str());
    return report;
}

int run(const Options& options) {
    const auto begin = std::chrono::steady_clock::now();
    const auto passed_s = [begin] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    Report sum;
    std::uint64_t failed = 0;
    std::uint64_t ran = 0;
    const std::uint64_t first = options.seed != 0 ? options.seed : options.from;
    const std::uint64_t count = options.seed != 0 ? 1 : options.seeds;
    for (; ran < count && failed < 5; ++ran) {
        if (options.minutes > 0 && passed_s() > options.minutes * 60) break;
        const Report report = run_one(options, first + ran);
        sum.events += report.events;
        sum.answers += report.answers;
        sum.crashes += report.crashes;
        sum.terms += report.terms;
        sum.lies += report.lies;
        sum.forks += report.forks;
        if (report.violation) ++failed;
    }
    std::printf(
        "%llu seeds from %llu, %llu failed; %llu events, %llu terms, %llu crashes, %llu answers; "
        "%.1f seeds/s\n",
        static_cast<unsigned long long>(ran),
        static_cast<unsigned long long>(first),
        static_cast<unsigned long long>(failed),
        static_cast<unsigned long long>(sum.events),
        static_cast<unsigned long long>(sum.terms),
        static_cast<unsigned long long>(sum.crashes),
        static_cast<unsigned long long>(sum.answers),
        static_cast<double>(ran) / passed_s());
    if (options.liars > 0) {
        std::printf("%llu lies told, %llu forks proven\n",
                    static_cast<unsigned long long>(sum.lies),
                    static_cast<unsigned long long>(sum.forks));
    }
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int hunt_planted(const Options& options) {
    bool is_as_wanted = true;
    const bool is_one = options.seed != 0;
    for (const PlantedName& bug : planted_names) {
        if (bug.is_in_source && !has_changed_sources) continue;
        if (options.planted != "all" && options.planted != bug.name) continue;
        const Found found = hunt({.bug = bug.which,
                                  .from = is_one ? options.seed : options.from,
                                  .seeds_max = is_one ? 1 : options.seeds,
                                  .minutes = options.minutes > 0 ? options.minutes : 10,
                                  .is_mended = options.is_mended,
                                  .is_told = is_one});
        is_as_wanted = is_as_wanted && found.is_found != options.is_mended;
        std::printf("%-26s %s after %llu seeds: %s\n",
                    std::string(bug.name).c_str(),
                    found.is_found ? "found" : (options.is_mended ? "nothing" : "MISSED"),
                    static_cast<unsigned long long>(found.seeds),
                    found.how.c_str());
        std::fflush(stdout);
    }
    return is_as_wanted ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace chancery::simulation

int main(int count, char** words) {
    namespace simulation = chancery::simulation;
    simulation::Options options;
    CLI::App app{"Runs whole networks of Chancery in one thread, with faults drawn from a seed."};
    app.add_option("--nodes", options.nodes, "members; drawn from the seed if not given");
    app.add_option("--liars", options.liars, "members that lie, as many as may: 1 of 4, 2 of 7");
    app.add_option("--lie", options.lies, "what they lie about; drawn from the seed if not given");
    app.add_option("--acts", options.acts, "of a million submissions, so many are acts")
        ->capture_default_str();
    app.add_option("--seeds", options.seeds, "how many seeds at most")->capture_default_str();
    app.add_option("--from", options.from, "the first of them")->capture_default_str();
    app.add_option("--seed", options.seed, "this one only, every event told");
    app.add_option("--minutes", options.minutes, "no seed is begun after that; for each bug");
    app.add_flag("--harsh", options.is_harsh, "faults many times as frequent, and no liars")
        ->excludes("--liars");
    app.add_flag("--twice", options.is_twice, "each seed twice: both runs must be the same");
    app.add_option("--planted", options.planted, "a mistake made on purpose, or all of them");
    app.add_flag("--mended", options.is_mended, "those networks without it: nothing is found");
    CLI11_PARSE(app, count, words);
    if (!options.planted.empty()) return simulation::hunt_planted(options);
    std::signal(SIGABRT, simulation::say_seed);
    return simulation::run(options);
}
