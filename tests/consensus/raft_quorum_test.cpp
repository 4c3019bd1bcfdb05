// Quorums, exhaustively, against what their definitions say word by word.
#include <algorithm>

#include <gtest/gtest.h>

#include "consensus/raft/quorum.h"

namespace chancery::raft {
namespace {

std::vector<NodeId> first_nodes(std::uint32_t count) {
    std::vector<NodeId> nodes;
    for (NodeId node = 1; node <= count; ++node)
        nodes.push_back(node);
    return nodes;
}

std::set<NodeId> subset(std::uint32_t bits) {
    std::set<NodeId> nodes;
    for (NodeId node = 1; node <= 10; ++node) {
        if ((bits >> (node - 1)) & 1U) nodes.insert(node);
    }
    return nodes;
}

std::size_t shared(const std::set<NodeId>& a, const std::vector<NodeId>& b) {
    return static_cast<std::size_t>(
        std::ranges::count_if(b, [&](NodeId node) { return a.contains(node); }));
}

// ⌈(n + f + 1) / 2⌉ in numbers that need no rounding: the least q with 2q >= n + f + 1.
std::uint32_t naive_quorum(std::uint32_t n) {
    std::uint32_t f = 0;
    while (3 * (f + 1) + 1 <= n)
        ++f;
    std::uint32_t q = 0;
    while (2 * q < n + f + 1)
        ++q;
    return q;
}

// The largest index such that the nodes at or beyond it are a quorum, by trying each.
Index naive_index(const Configuration& configuration, const std::map<NodeId, Index>& reached) {
    for (Index index = 4; index > 0; --index) {
        std::set<NodeId> there;
        for (const auto& [node, place] : reached) {
            if (place >= index) there.insert(node);
        }
        if (is_quorum(configuration, there)) return index;
    }
    return 0;
}

TEST(Quorum, HasTheNumbersOfTheProtocol) {
    const std::map<std::uint32_t, std::uint32_t> table{
        {1, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 4}, {6, 4}, {7, 5}, {8, 6}, {9, 6}, {10, 7}, {13, 9}};
    for (const auto& [n, quorum] : table)
        EXPECT_EQ(quorum_min(n), quorum) << n;
    for (std::uint32_t n = 1; n <= nodes_max; ++n)
        EXPECT_EQ(quorum_min(n), naive_quorum(n)) << n;
    EXPECT_EQ(quorum_min(0), 0U);
}

TEST(Quorum, AnyTwoShareMoreThanMayLie) {
    for (std::uint32_t n = 1; n <= nodes_max; ++n) {
        EXPECT_GT(2 * quorum_min(n), n + liars_max(n)) << n;
        EXPECT_LE(quorum_min(n), n - liars_max(n)) << n;  // The honest ones suffice.
    }
}

TEST(Quorum, IsCountedForEverySubsetOfUpToTen) {
    for (std::uint32_t n = 1; n <= 10; ++n) {
        const Configuration configuration = simple_configuration(first_nodes(n));
        for (std::uint32_t bits = 0; bits < 1024; ++bits) {
            const std::set<NodeId> nodes = subset(bits);
            const bool want = shared(nodes, configuration.voters) >= naive_quorum(n);
            EXPECT_EQ(is_quorum(configuration, nodes), want) << n << " " << bits;
        }
    }
}

TEST(Quorum, NeedsBothHalvesOfEveryJointConfigurationOfFive) {
    for (std::uint32_t incoming = 1; incoming < 32; ++incoming) {
        for (std::uint32_t outgoing = 1; outgoing < 32; ++outgoing) {
            const auto in = subset(incoming);
            const auto out = subset(outgoing);
            Configuration configuration = simple_configuration({in.begin(), in.end()});
            configuration.voters_outgoing = {out.begin(), out.end()};
            configuration.quorum_outgoing = quorum_min(out.size());
            for (std::uint32_t bits = 0; bits < 32; ++bits) {
                const std::set<NodeId> nodes = subset(bits);
                const bool want =
                    shared(nodes, configuration.voters) >= configuration.quorum &&
                    shared(nodes, configuration.voters_outgoing) >= configuration.quorum_outgoing;
                EXPECT_EQ(is_quorum(configuration, nodes), want);
            }
        }
    }
}

TEST(Quorum, IndexIsTheNaiveOneForEveryPlacingOfUpToFive) {
    for (std::uint32_t n = 1; n <= 5; ++n) {
        Configuration simple = simple_configuration(first_nodes(n));
        Configuration joint = simple;
        joint.voters_outgoing = {2, 3, 6};
        joint.quorum_outgoing = 2;
        for (std::uint32_t code = 0; code < 1024; ++code) {
            std::map<NodeId, Index> reached{{6, code % 3}, {9, 4}};  // 9 is nobody's voter.
            for (NodeId node = 1; node <= n; ++node)
                reached[node] = (code >> (2 * node - 2)) & 3U;
            EXPECT_EQ(quorum_index(simple, reached), naive_index(simple, reached));
            EXPECT_EQ(quorum_index(joint, reached), naive_index(joint, reached));
        }
    }
}

TEST(Quorum, TallyIsWonOrLostExactlyWhenTheRestCannotChangeIt) {
    for (std::uint32_t n = 1; n <= 7; ++n) {
        Configuration configuration = simple_configuration(first_nodes(n));
        if (n >= 4) {
            configuration.voters_outgoing = {1, 2, 3};
            configuration.quorum_outgoing = 2;
        }
        for (std::uint32_t yes = 0; yes < (1U << n); ++yes) {
            for (std::uint32_t no = 0; no < (1U << n); ++no) {
                if ((yes & no) != 0) continue;
                const bool won = is_quorum(configuration, subset(yes));
                const bool open = is_quorum(configuration, subset(((1U << n) - 1) & ~no));
                const Tally want = won ? Tally::won : open ? Tally::undecided : Tally::lost;
                EXPECT_EQ(tally(configuration, subset(yes), subset(no)), want);
            }
        }
    }
}

TEST(Quorum, LearnersAndStrangersNeverCount) {
    Configuration configuration = simple_configuration({1, 2, 3});
    configuration.learners = {4, 5};
    EXPECT_FALSE(is_quorum(configuration, {1, 4, 5, 9}));
    EXPECT_FALSE(is_quorum(Configuration{}, {1, 2, 3}));
    EXPECT_EQ(tally(configuration, {4, 5}, {}), Tally::undecided);
    EXPECT_FALSE(includes_honest(simple_configuration({1, 2, 3, 4}), {4, 9}));
    EXPECT_TRUE(includes_honest(simple_configuration({1, 2, 3, 4}), {3, 4}));
}

}  // namespace
}  // namespace chancery::raft
