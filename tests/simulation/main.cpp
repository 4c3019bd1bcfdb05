// chancery-simulate: whole networks in one thread, one for each seed.
//
//     chancery-simulate [--nodes N] [--seeds COUNT] [--from SEED] [--seed SEED] [--planted NAME]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "tests/simulation/simulated_network.h"

namespace chancery::simulation {
namespace {

const std::map<std::string, Planted> planted_names = {
    {"vote-not-synced", Planted::vote_not_synced},
    {"entry-not-synced", Planted::entry_not_synced},
    {"guard-not-written", Planted::guard_not_written},
};

struct Options {
    std::uint32_t nodes = 0;  // 0: drawn.
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::uint64_t seed = 0;
    std::string planted;
};

std::uint32_t draw_nodes(std::uint64_t seed) {
    static constexpr std::uint32_t sizes[] = {1, 3, 4, 5, 7};
    return sizes[Random(seed ^ 0x5eed).next() % std::size(sizes)];
}

Report run_one(const Options& options, std::uint64_t seed) {
    Plan plan;
    plan.nodes = options.nodes == 0 ? draw_nodes(seed) : options.nodes;
    plan.seed = seed;
    plan.is_told = options.seed != 0;
    if (!options.planted.empty()) plan.planted = planted_names.at(options.planted);
    Report report = SimulatedNetwork(plan).run();
    if (report.violation) {
        std::printf("seed %llu, %u nodes: %s\n",
                    static_cast<unsigned long long>(seed),
                    plan.nodes,
                    report.violation->c_str());
    }
    return report;
}

int run(const Options& options) {
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t events = 0;
    std::uint64_t answers = 0;
    std::uint64_t crashes = 0;
    std::uint64_t failed = 0;
    const std::uint64_t first = options.seed != 0 ? options.seed : options.from;
    const std::uint64_t count = options.seed != 0 ? 1 : options.seeds;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const Report report = run_one(options, seed);
        events += report.events;
        answers += report.answers;
        crashes += report.crashes;
        if (report.violation) ++failed;
        if (report.violation && failed >= 5) break;
    }
    const double took_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%llu seeds, %llu failed, %llu events, %llu crashes, %llu answers, %.1f seeds/s\n",
                static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(failed),
                static_cast<unsigned long long>(events),
                static_cast<unsigned long long>(crashes),
                static_cast<unsigned long long>(answers),
                static_cast<double>(count) / took_s);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace chancery::simulation

int main(int count, char** words) {
    chancery::simulation::Options options;
    CLI::App app{"Runs whole networks of Chancery in one thread, with faults drawn from a seed."};
    app.add_option("--nodes", options.nodes, "members; drawn from the seed if not given");
    app.add_option("--seeds", options.seeds, "how many seeds")->capture_default_str();
    app.add_option("--from", options.from, "the first of them")->capture_default_str();
    app.add_option("--seed", options.seed, "this one only, every event told");
    app.add_option("--planted", options.planted, "a mistake made on purpose")
        ->check(CLI::IsMember({"vote-not-synced", "entry-not-synced", "guard-not-written"}));
    CLI11_PARSE(app, count, words);
    return chancery::simulation::run(options);
}
