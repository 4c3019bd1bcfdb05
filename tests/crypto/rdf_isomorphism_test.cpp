// Against the definition: canonical forms are equal if and only if their datasets are isomorphic.

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "crypto/rdf/canonicalize.h"
#include "tests/support/n_quads.h"
#include "tests/support/rdf_oracle.h"
#include "tests/support/sanitized.h"

namespace chancery::rdf {
namespace {

using oracle::are_isomorphic;
using test::blank;
using test::iri;
using test::literal;
using test::tagged;

// Six nodes all alike need more calls than credentials may cost.
constexpr CanonicalLimits roomy{.n_degree_calls = 1'000'000, .n_degree_mentions = 10'000'000};

class Chance {
public:
    explicit Chance(unsigned seed) : engine_(seed) {}

    std::size_t below(std::size_t count) { return engine_() % count; }
    bool one_in(std::size_t count) { return below(count) == 0; }

    template <typename T>
    void shuffle(std::vector<T>& values) {
        std::shuffle(values.begin(), values.end(), engine_);
    }

private:
    std::mt19937 engine_;
};

// How a random dataset looks. Few words make many nodes alike.
struct Shape {
    std::size_t nodes = 1;
    std::size_t quads = 1;
    bool is_bare = false;  // Nothing but blank nodes and one predicate.
};

Term random_object(Chance& chance) {
    switch (chance.below(4)) {
        case 0:
            return iri("urn:o");
        case 1:
            return literal("1");
        case 2:
            return literal("1", "urn:t");
        default:
            return tagged("1", "en");
    }
}

Quad random_quad(const Shape& shape, Chance& chance) {
    const auto node = [&] { return blank("n" + std::to_string(chance.below(shape.nodes))); };
    Quad quad{.subject = node(), .predicate = iri("urn:p"), .object = node(), .graph = {}};
    if (shape.is_bare) return quad;
    if (chance.one_in(2)) quad.predicate = iri("urn:q");
    if (chance.one_in(6)) quad.subject = iri("urn:o");
    if (chance.one_in(4)) quad.object = random_object(chance);
    if (chance.one_in(4)) quad.graph = chance.one_in(2) ? iri("urn:o") : node();
    return quad;
}

Shape random_shape(Chance& chance) {
    const std::size_t nodes = 1 + chance.below(6);
    return {.nodes = nodes,
            .quads = 1 + chance.below(nodes == 6 ? 9 : 12),
            .is_bare = chance.one_in(2)};
}

Dataset random_dataset(const Shape& shape, Chance& chance) {
    Dataset dataset;
    for (std::size_t i = 0; i < shape.quads; ++i)
        dataset.push_back(random_quad(shape, chance));
    return dataset;
}

// Other labels, another order, and one quad twice.
Dataset disguised(const Dataset& dataset, Chance& chance) {
    const std::vector<std::string> labels = oracle::blank_labels(dataset);
    std::vector<std::string> others = {"z", "b0", "c14n0", "c14n1", "n3", "é"};
    chance.shuffle(others);
    oracle::Renaming renaming;
    for (std::size_t i = 0; i < labels.size(); ++i)
        renaming[labels[i]] = others[i];
    Dataset result = oracle::renamed(dataset, renaming);
    result.push_back(result[chance.below(result.size())]);
    chance.shuffle(result);
    return result;
}

Canonical canonical_of(const Dataset& dataset) {
    auto canonical = canonicalize(dataset, CanonicalHash::sha256, roomy);
    if (!canonical) {
        ADD_FAILURE() << canonical.error().detail;
        return {};
    }
    return std::move(*canonical);
}

std::string text_of_quads(const Dataset& dataset) {
    std::string text;
    for (const Quad& quad : dataset)
        text += to_n_quad(quad);
    return text;
}

TEST(CanonicalForm, IsTheSameUnderOtherLabelsAndInAnotherOrder) {
    for (unsigned seed = 0; seed < 4'000; ++seed) {
        Chance chance(seed);
        const Dataset dataset = random_dataset(random_shape(chance), chance);
        const Dataset other = disguised(dataset, chance);
        ASSERT_EQ(canonical_of(dataset).n_quads, canonical_of(other).n_quads)
            << "seed " << seed << "\n"
            << text_of_quads(dataset) << "\n"
            << text_of_quads(other);
    }
}

TEST(CanonicalForm, SaysWhatItsDatasetSays) {
    for (unsigned seed = 0; seed < 2'000; ++seed) {
        Chance chance(seed);
        const Dataset dataset = random_dataset(random_shape(chance), chance);
        const Canonical canonical = canonical_of(dataset);
        const Dataset renamed = oracle::as_set(oracle::renamed(dataset, canonical.issued));
        std::vector<std::string> lines;
        for (const Quad& quad : renamed)
            lines.push_back(to_n_quad(quad));
        std::sort(lines.begin(), lines.end());
        std::string want;
        for (const std::string& line : lines)
            want += line;
        ASSERT_EQ(canonical.n_quads, want) << "seed " << seed;

        std::vector<std::string> labels;
        for (const auto& [from, to] : canonical.issued)
            labels.push_back(to);
        std::sort(labels.begin(), labels.end());
        for (std::size_t i = 0; i < labels.size(); ++i)
            ASSERT_EQ(labels[i], "c14n" + std::to_string(i)) << "seed " << seed;
    }
}

TEST(CanonicalForm, DiffersAfterAChangeUnlessNothingElseIsSaid) {
    int equal = 0;
    int different = 0;
    for (unsigned seed = 0; seed < 3'000; ++seed) {
        Chance chance(seed);
        const Shape shape = random_shape(chance);
        const Dataset dataset = random_dataset(shape, chance);
        Dataset changed = disguised(dataset, chance);
        const Quad was = changed.back();
        std::erase(changed, was);
        changed.push_back(random_quad(shape, chance));
        const bool is_same = are_isomorphic(dataset, changed);
        ++(is_same ? equal : different);
        ASSERT_EQ(canonical_of(dataset).n_quads == canonical_of(changed).n_quads, is_same)
            << "seed " << seed << "\n"
            << text_of_quads(dataset) << "\n"
            << text_of_quads(changed);
    }
    EXPECT_GT(equal, 50);  // Both must have been tried.
    EXPECT_GT(different, 1'000);
}

// Graphs of one predicate in which each node has as many edges: what first degrees cannot part.
TEST(CanonicalForm, OfRegularGraphsIsTheSameIfAndOnlyIfTheyAreIsomorphic) {
    const auto random_regular = [](std::size_t degree, Chance& chance) {
        std::vector<std::size_t> targets = {0, 1, 2, 3, 4, 5};
        Dataset graph;
        for (std::size_t round = 0; round < degree; ++round) {
            chance.shuffle(targets);
            for (std::size_t i = 0; i < targets.size(); ++i) {
                graph.push_back({blank("n" + std::to_string(i)),
                                 iri("urn:p"),
                                 blank("n" + std::to_string(targets[i])),
                                 {}});
            }
        }
        return graph;
    };
    unsigned equal = 0;
    unsigned different = 0;
    constexpr unsigned seeds = test::is_sanitized ? 100 : 400;
    for (unsigned seed = 0; seed < seeds; ++seed) {
        Chance chance(seed);
        const std::size_t degree = 1 + chance.below(2);
        const Dataset one = random_regular(degree, chance);
        const Dataset other = random_regular(degree, chance);
        const bool is_same = are_isomorphic(one, other);
        ++(is_same ? equal : different);
        ASSERT_EQ(canonical_of(one).n_quads == canonical_of(other).n_quads, is_same)
            << "seed " << seed << "\n"
            << text_of_quads(one) << "\n"
            << text_of_quads(other);
    }
    EXPECT_GT(equal, seeds / 20);
    EXPECT_GT(different, seeds / 4);
}

}  // namespace
}  // namespace chancery::rdf
