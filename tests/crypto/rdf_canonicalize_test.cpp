#include <gtest/gtest.h>

#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/n_degree.h"
#include "tests/support/n_quads.h"
#include "tests/support/vectors.h"

namespace chancery::rdf {
namespace {

using test::blank;
using test::iri;
using test::literal;
using test::read_n_quads;
using test::vector_text;

// One line of the suite's manifest; the comment before them may hold commas, the last columns not.
struct SuiteCase {
    std::string name;
    CanonicalHash hash = CanonicalHash::sha256;
    bool is_refused = false;
    bool has_map = false;
};

std::vector<SuiteCase> suite() {
    std::vector<SuiteCase> cases;
    const std::string manifest = vector_text("rdf-canon/manifest.csv");
    for (const std::string& line : test::lines_of(manifest)) {
        const std::vector<std::string> columns = test::split(line, ',');
        if (columns.front() == "test") continue;
        const std::size_t count = columns.size();
        cases.push_back({.name = "rdf-canon/rdfc10/" + columns.front(),
                         .hash = columns.at(count - 3) == "SHA384" ? CanonicalHash::sha384
                                                                   : CanonicalHash::sha256,
                         .is_refused = columns.at(count - 2) == "RDFC10NegativeEvalTest",
                         .has_map = columns.at(count - 1) == "TRUE"});
    }
    return cases;
}

Dataset dataset_of(std::string_view n_quads) {
    auto dataset = read_n_quads(n_quads);
    if (!dataset) {
        ADD_FAILURE() << dataset.error().detail;
        return {};
    }
    return std::move(*dataset);
}

std::map<std::string, std::string> map_of(const json::Value& object) {
    std::map<std::string, std::string> map;
    for (const json::Member& member : *object.as_object())
        map.emplace(member.name, *member.value.as_string());
    return map;
}

TEST(Canonicalize, GivesThePublishedFormOfEveryDataset) {
    int forms = 0;
    int hashed_otherwise = 0;
    for (const SuiteCase& one : suite()) {
        if (one.is_refused) continue;
        const Dataset dataset = dataset_of(vector_text(one.name + "-in.nq"));
        const auto canonical = canonicalize(dataset, one.hash);
        ASSERT_TRUE(canonical) << one.name << ": " << canonical.error().detail;
        EXPECT_EQ(canonical->n_quads, vector_text(one.name + "-rdfc10.nq")) << one.name;
        ++forms;
        if (one.hash == CanonicalHash::sha384) ++hashed_otherwise;
    }
    EXPECT_EQ(forms, 64);
    EXPECT_EQ(hashed_otherwise, 1);
}

TEST(Canonicalize, GivesThePublishedLabelsOfEveryBlankNode) {
    int maps = 0;
    for (const SuiteCase& one : suite()) {
        if (!one.has_map) continue;
        const Dataset dataset = dataset_of(vector_text(one.name + "-in.nq"));
        const auto canonical = canonicalize(dataset, one.hash);
        ASSERT_TRUE(canonical) << one.name << ": " << canonical.error().detail;
        const json::Value published = test::vector_json(one.name + "-rdfc10map.json");
        EXPECT_EQ(canonical->issued, map_of(published)) << one.name;
        ++maps;
    }
    EXPECT_EQ(maps, 21);
}

TEST(Canonicalize, RefusesThePublishedPoison) {
    int refused = 0;
    for (const SuiteCase& one : suite()) {
        if (!one.is_refused) continue;
        const Dataset dataset = dataset_of(vector_text(one.name + "-in.nq"));
        const auto canonical = canonicalize(dataset, one.hash);
        ASSERT_FALSE(canonical) << one.name;
        EXPECT_EQ(
            canonical.error(),
            invalid("blank nodes too alike: telling them apart takes more than 4000 calls and "
                    "permutations"));
        ++refused;
    }
    EXPECT_EQ(refused, 1);
}

TEST(Canonicalize, LeavesACanonicalFormAsItIs) {
    for (const SuiteCase& one : suite()) {
        if (one.is_refused) continue;
        const std::string form = vector_text(one.name + "-rdfc10.nq");
        const auto canonical = canonicalize(dataset_of(form), one.hash);
        ASSERT_TRUE(canonical) << one.name << ": " << canonical.error().detail;
        EXPECT_EQ(canonical->n_quads, form) << one.name;
    }
}

TEST(Canonicalize, OfNothingIsNothing) {
    const auto canonical = canonicalize({});
    ASSERT_TRUE(canonical);
    EXPECT_EQ(canonical->n_quads, "");
    EXPECT_TRUE(canonical->issued.empty());
}

// Every node of both has one edge in and one out, so that first degrees say nothing.
TEST(Canonicalize, TellsTwoTrianglesFromAHexagon) {
    const auto ring = [](const std::vector<std::string>& labels) {
        Dataset quads;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            quads.push_back(
                {blank(labels[i]), iri("urn:p"), blank(labels[(i + 1) % labels.size()]), {}});
        }
        return quads;
    };
    Dataset triangles = ring({"a", "b", "c"});
    for (const Quad& quad : ring({"d", "e", "f"}))
        triangles.push_back(quad);
    const auto one = canonicalize(triangles);
    const auto other = canonicalize(ring({"a", "b", "c", "d", "e", "f"}));
    ASSERT_TRUE(one);
    ASSERT_TRUE(other);
    EXPECT_NE(one->n_quads, other->n_quads);
}

TEST(Canonicalize, TakesAnyLabelAndWritesNone) {
    const auto canonical =
        canonicalize({{blank("x> .\n<urn:s"), iri("urn:p"), blank(""), {}},
                      {blank("x> .\n<urn:s"), iri("urn:q"), literal("1"), blank("é")}});
    ASSERT_TRUE(canonical);
    const std::map<std::string, std::string>& issued = canonical->issued;
    EXPECT_EQ(issued.size(), 3U);
    Dataset renamed = {
        {blank(issued.at("x> .\n<urn:s")), iri("urn:p"), blank(issued.at("")), {}},
        {blank(issued.at("x> .\n<urn:s")), iri("urn:q"), literal("1"), blank(issued.at("é"))}};
    EXPECT_EQ(canonical->n_quads, to_n_quad(renamed[0]) + to_n_quad(renamed[1]));
}

TEST(Canonicalize, RefusesQuadsThatCouldBeMistaken) {
    const Quad two_in_one{iri("urn:s"), iri("urn:p"), iri("urn:o> .\n<urn:s> <urn:p> <urn:q"), {}};
    const auto refused = canonicalize({two_in_one});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), check_quad(two_in_one).error());
}

TEST(Canonicalize, RefusesMoreQuadsThanItsLimit) {
    const Quad quad{iri("urn:s"), iri("urn:p"), iri("urn:o"), {}};
    const CanonicalLimits two{.quads = 2};
    EXPECT_TRUE(canonicalize({quad, quad}, CanonicalHash::sha256, two));
    EXPECT_EQ(canonicalize({quad, quad, quad}, CanonicalHash::sha256, two).error(),
              invalid("dataset has 3 quads, want at most 2"));
}

// Twins with one neighbour each: for each a call at either end, and in it one permutation.
TEST(Canonicalize, RefusesMoreCallsThanItsLimit) {
    const Dataset twins = dataset_of(
        "_:a <urn:p> _:b .\n"
        "_:c <urn:p> _:d .\n");
    CanonicalLimits limits;
    limits.n_degree_calls = 8;
    EXPECT_TRUE(canonicalize(twins, CanonicalHash::sha256, limits));
    for (std::size_t calls = 0; calls < 8; ++calls) {
        limits.n_degree_calls = calls;
        EXPECT_EQ(canonicalize(twins, CanonicalHash::sha256, limits).error(),
                  invalid("blank nodes too alike: telling them apart takes more than " +
                          std::to_string(calls) + " calls and permutations"));
    }
}

// Of each twin its two quads and its neighbour, of the neighbour one quad and the twin.
TEST(Canonicalize, RefusesToLookAtMoreThanItsLimit) {
    const Dataset twins = dataset_of(
        "_:a <urn:p> _:b .\n"
        "_:a <urn:q> \"1\" .\n"
        "_:c <urn:p> _:d .\n"
        "_:c <urn:q> \"1\" .\n");
    CanonicalLimits limits;
    limits.n_degree_mentions = 10;
    EXPECT_TRUE(canonicalize(twins, CanonicalHash::sha256, limits));
    for (std::size_t mentions = 0; mentions < 10; ++mentions) {
        limits.n_degree_mentions = mentions;
        EXPECT_EQ(canonicalize(twins, CanonicalHash::sha256, limits).error(),
                  invalid("blank nodes too alike: telling them apart takes more than " +
                          std::to_string(mentions) + " looks at a quad"));
    }
}

// Two equal lists: only from one end to the other can their nodes be told apart.
Dataset two_lists(std::size_t length) {
    Dataset quads;
    for (const std::string list : {"x", "y"}) {
        for (std::size_t i = 0; i < length; ++i) {
            const std::string number = std::to_string(i);
            const Term node = blank(list + number);
            quads.push_back({node, iri("urn:first"), literal(number), {}});
            quads.push_back({node, iri("urn:rest"), blank(list + std::to_string(i + 1)), {}});
        }
    }
    return quads;
}

TEST(Canonicalize, FollowsListsOfSomeLengthAndNoLonger) {
    const auto followed = canonicalize(two_lists(n_degree_depth_max / 2));
    ASSERT_TRUE(followed) << followed.error().detail;
    EXPECT_EQ(followed->issued.size(), n_degree_depth_max + 2);
    CanonicalLimits limits;
    limits.n_degree_calls = 1'000'000;
    limits.n_degree_mentions = 1'000'000;
    EXPECT_EQ(
        canonicalize(two_lists(2 * n_degree_depth_max), CanonicalHash::sha256, limits).error(),
        invalid("blank nodes too alike: telling them apart takes more than " +
                std::to_string(n_degree_depth_max) + " steps from one to the next"));
}

}  // namespace
}  // namespace chancery::rdf
