// A handful of whole networks for every run of the tests; ./check and tests/long/run take many.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/simulation/plan_to_find.h"
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

// Seeds that found a mistake once, as they found it: what each shows is mended, and stays so. The
// mistakes are planted again, too (tests/simulation/planted/planted.cmake).
struct PastSeed {
    std::uint64_t seed = 0;
    std::uint32_t liars = 0;
    std::optional<test::Lie> lie;
    std::uint32_t acts = 0;
    bool is_harsh = false;
};

class PastFault : public testing::TestWithParam<PastSeed> {};

TEST_P(PastFault, StaysMended) {
    const PastSeed& past = GetParam();
    simulation::Plan plan = past.is_harsh ? simulation::draw_harsh_plan(past.seed)
                            : past.liars > 0
                                ? simulation::draw_plan_with_liars(past.seed, past.liars)
                                : simulation::draw_plan(past.seed);
    if (past.lie) plan.lies = {*past.lie};
    plan.clients.acts = past.acts;
    EXPECT_EQ(simulation::SimulatedNetwork(plan).run().violation, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Seeds,
    PastFault,
    testing::Values(
        PastSeed{33, 0, {}},  // Who fell silent while up to date was sent nothing.
        PastSeed{39, 0, {}},
        PastSeed{39, 1, {}},
        PastSeed{68, 0, {}},  // A repeat waited for ever at a node that stopped leading.
        PastSeed{89, 0, {}},  // A pre-candidate did not follow the term that refused it.
        PastSeed{180, 0, {}},
        PastSeed{180, 1, {}},
        PastSeed{337, 0, {}},   // Refused candidates kept to a dead leader.
        PastSeed{532, 0, {}},   // The judge took a turn's blocks for one another's.
        PastSeed{552, 0, {}},   // A recovering node asked for no seal.
        PastSeed{585, 0, {}},   // A seal was said to be of the block before.
        PastSeed{972, 0, {}},   // As 532.
        PastSeed{2526, 0, {}},  // A member alone in a higher term waited for the next election.
        PastSeed{1196, 1, {}},  // As 2526.
        PastSeed{28'835, 1, {}, 50'000},  // A liar met each refusal with the same lie at once.
        // Who had lost a seal led, and nobody could seal again.
        PastSeed{851'232'630'132, 0, {}, 50'000},
        // A second guard's record was asked for while the first was under way.
        PastSeed{10'956, 0, {}, 50'000, true},
        PastSeed{4903, 0, {}},                   // The judge took a quorum's lines for no seal.
        PastSeed{237, 1, test::Lie::two_votes},  // The empty log's seal was not said again.
        PastSeed{756, 1, {}},                    // A restarted node's guard named no place.
        PastSeed{1692, 1, {}},                   // As 756.
        PastSeed{2421, 1, {}}),  // A seal was believed of the block it was said to be of.
    [](const auto& each) {
        return std::to_string(each.param.seed) + (each.param.liars > 0  ? "WithLiars"
                                                  : each.param.is_harsh ? "Harsh"
                                                                        : "");
    });

// Members that crash with blocks in the journal and seals in memory. Longer runs of these networks
// found what the planted bugs of seals do.
TEST(Simulation, LostSealsKeepNobodyFromHealing) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const auto plan =
            simulation::plan_to_find(simulation::Planted::expected_seal_not_written, seed);
        EXPECT_EQ(simulation::SimulatedNetwork(plan).run().violation, std::nullopt) << seed;
    }
}

TEST(Simulation, ActsAreTakenOnceAndAlikeByAll) {
    std::uint64_t acts = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        simulation::Plan plan = simulation::draw_plan(seed);
        plan.clients.acts = 300'000;
        const simulation::Report report = simulation::SimulatedNetwork(plan).run();
        EXPECT_EQ(report.violation, std::nullopt) << "seed " << seed;
        acts += report.acts;
    }
    EXPECT_GT(acts, 20U);
}

// As the program's options call it, with the letters that a test's name may have.
const auto param_name = [](const auto& each) {
    std::string name(each.param.name);
    std::ranges::replace(name, '-', '_');
    return name;
};

// What no honest member may be led to by as many as may lie, and what the others heal from.
class SimulatedLie : public testing::TestWithParam<test::LieName> {};

TEST_P(SimulatedLie, LeadsNoHonestMemberAstray) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        simulation::Plan plan = simulation::draw_plan_with_liars(seed, seed == 4 ? 2 : 1);
        plan.lies = {GetParam().lie};
        const simulation::Report report = simulation::SimulatedNetwork(plan).run();
        EXPECT_EQ(report.violation, std::nullopt) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, SimulatedLie, testing::ValuesIn(test::lie_names), param_name);

TEST(SimulatedLiars, WhoCosignsTwoHeadsIsProvenGuilty) {
    simulation::Plan plan = simulation::draw_plan_with_liars(1, 1);
    plan.lies = {test::Lie::double_cosignatures};
    plan.faults = simulation::Faults{};
    const simulation::Report report = simulation::SimulatedNetwork(plan).run();
    EXPECT_EQ(report.violation, std::nullopt);
    EXPECT_GT(report.forks, 0U);
}

TEST(SimulatedLiars, TellTheSameLiesForTheSameSeed) {
    const simulation::Plan plan = simulation::draw_plan_with_liars(3, 1);
    EXPECT_EQ(simulation::SimulatedNetwork(plan).run().trace,
              simulation::SimulatedNetwork(plan).run().trace);
}

// A member that lost what it had acknowledged refused an append, got the same again at once, and on
// links that repeat messages both multiplied without end.
TEST(SimulatedLiars, ARefusalThatCannotBeHelpedIsNotAnsweredAtOnce) {
    simulation::Plan plan = simulation::draw_plan_with_liars(180, 1);
    plan.lies = {test::Lie::other_history};
    EXPECT_LT(simulation::SimulatedNetwork(plan).run().events, 100'000U);
}

// A lying leader gave one member another block of the same term, and a quorum sealed the other
// one: that member halted, and would have halted again with every start.
TEST(SimulatedLiars, ASealOverrulesABlockOfTheSameTerm) {
    for (const std::uint64_t seed : {24ULL, 46ULL}) {
        simulation::Plan plan = simulation::draw_plan_with_liars(seed, 1);
        plan.lies = {test::Lie::other_entries};
        EXPECT_EQ(simulation::SimulatedNetwork(plan).run().violation, std::nullopt);
    }
}

#ifdef CHANCERY_SWARM
class PlantedBug : public testing::TestWithParam<simulation::PlantedName> {};

TEST_P(PlantedBug, IsFound) {
    const std::string name(GetParam().name);
    const test::Finished finished =
        test::run({"chancery-simulate-planted", {"--seeds", "600", "--planted", name}, "/"});
    EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
}

INSTANTIATE_TEST_SUITE_P(OfEachKind,
                         PlantedBug,
                         testing::ValuesIn(simulation::planted_names),
                         param_name);

// Else it would prove nothing that a bug is found there.
TEST(PlantedBugs, AreNotFoundWhereTheyAreNot) {
    const test::Finished finished = test::run(
        {"chancery-simulate-planted", {"--seeds", "3", "--planted", "all", "--mended"}, "/"});
    EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
}
#endif

}  // namespace
}  // namespace chancery
