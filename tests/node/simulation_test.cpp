// A handful of whole networks for every run of the tests; ./check and tests/long/run take many.
#include <gtest/gtest.h>

#include "tests/simulation/simulated_network.h"
#include "tests/support/program.h"

namespace chancery {
namespace {

simulation::Report run_seed(std::uint32_t nodes, std::uint64_t seed) {
    simulation::Plan plan = simulation::draw_plan(seed);
    plan.nodes = nodes;
    return simulation::SimulatedNetwork(plan).run();
}

class Simulation : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Simulation, NothingForbiddenIsSeenAndAQuorumHeals) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const simulation::Report report = run_seed(GetParam(), seed);
        EXPECT_EQ(report.violation, std::nullopt) << "seed " << seed;
        EXPECT_GT(report.answers, 0U) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Networks, Simulation, testing::Values(1, 3, 4, 5, 7));

TEST(SimulationRun, IsTheSameForTheSameSeed) {
    const simulation::Report first = run_seed(4, 7);
    const simulation::Report second = run_seed(4, 7);
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.events, second.events);
    EXPECT_NE(first.trace, run_seed(4, 8).trace);
}

// A repeated batch was answered from a store that was a block ahead of what the node had published.
TEST(SimulationRun, AnswersARepeatOnlyOnceItsBlockIsPublished) {
    EXPECT_EQ(simulation::SimulatedNetwork(simulation::draw_plan(160)).run().violation,
              std::nullopt);
}

#ifdef CHANCERY_SWARM
class PlantedBug : public testing::TestWithParam<const char*> {};

TEST_P(PlantedBug, IsFound) {
    const test::Finished finished =
        test::run({"chancery-simulate-planted", {"--seeds", "60", "--planted", GetParam()}, "/"});
    EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
}

INSTANTIATE_TEST_SUITE_P(OfEachKind,
                         PlantedBug,
                         testing::Values("vote-not-synced",
                                         "entry-not-synced",
                                         "guard-not-written",
                                         "start-check-skipped",
                                         "seal-below-quorum",
                                         "claims-ignored",
                                         "seal-not-needed",
                                         "answered-unsealed",
                                         "nonce-forgotten",
                                         "forwarded-once",
                                         "judged-while-stored"));
#endif

}  // namespace
}  // namespace chancery
