// A dataset made ready for canonicalization: which blank node is mentioned in which quad, and the
// text of each quad, written once, with a gap wherever a blank node's name will stand.
//
//     _:z <urn:p> _:z .          gaps at the two z: RDFC-1.0 hashes a node's quads with `a` in its
//                                own gaps and `z` in all others, so that one letter is changed
//
// Source: RDFC-1.0 §4.2 (blank node to quads map), §4.6 (Hash First Degree Quads).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/rdf/dataset.h"

namespace chancery::rdf {

// A blank node: its place among the labels in code point order.
using Node = std::uint32_t;

struct Gap {
    std::size_t at = 0;  // Of the letter after "_:".
    Node node = 0;
    char position = 's';  // `s`, `o` or `g`, as §4.7 names subject, object and graph.
    auto operator<=>(const Gap&) const = default;
    bool operator==(const Gap&) const = default;
};

struct Line {
    std::string text;
    std::size_t predicate_at = 0;  // With its angle brackets.
    std::size_t predicate_bytes = 0;
    std::vector<Gap> gaps;
    auto operator<=>(const Line&) const = default;
    bool operator==(const Line&) const = default;

    std::string_view predicate() const {
        return std::string_view(text).substr(predicate_at, predicate_bytes);
    }
};

struct Mentions {
    std::vector<std::string_view> labels;  // By node. Valid as long as the dataset.
    std::vector<std::string> ground;       // Lines without blank nodes, perhaps repeated.
    std::vector<Line> lines;               // Those with blank nodes, each once.
    std::vector<std::vector<std::uint32_t>> lines_of;  // By node: those that mention it, each once.
};

Mentions find_mentions(const Dataset& dataset);

// What §4.6 hashes for a node: its lines, sorted, one after the other.
std::string first_degree_text(const Mentions& mentions, Node node);

}  // namespace chancery::rdf
