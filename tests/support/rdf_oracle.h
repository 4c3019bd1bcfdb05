// Whether two datasets say the same, straight from the definition: some one-to-one renaming of the
// blank nodes of one makes it the other. Tries them all, so for a handful of blank nodes.
//
// Source: RDF 1.1 Concepts §4.1 (dataset isomorphism).
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/rdf/dataset.h"

namespace chancery::oracle {

using Renaming = std::map<std::string, std::string>;

inline std::vector<std::string> blank_labels(const rdf::Dataset& dataset) {
    std::set<std::string> labels;
    const auto add = [&labels](const rdf::Term& term) {
        if (term.kind == rdf::Term::Kind::blank) labels.insert(term.value);
    };
    for (const rdf::Quad& quad : dataset) {
        add(quad.subject);
        add(quad.object);
        if (quad.graph) add(*quad.graph);
    }
    return {labels.begin(), labels.end()};
}

inline rdf::Dataset renamed(rdf::Dataset dataset, const Renaming& renaming) {
    const auto rename = [&renaming](rdf::Term& term) {
        if (term.kind == rdf::Term::Kind::blank) term.value = renaming.at(term.value);
    };
    for (rdf::Quad& quad : dataset) {
        rename(quad.subject);
        rename(quad.object);
        if (quad.graph) rename(*quad.graph);
    }
    return dataset;
}

// In one order, each quad once.
inline rdf::Dataset as_set(rdf::Dataset dataset) {
    std::sort(dataset.begin(), dataset.end());
    dataset.erase(std::unique(dataset.begin(), dataset.end()), dataset.end());
    return dataset;
}

inline bool are_isomorphic(const rdf::Dataset& one, const rdf::Dataset& other) {
    const std::vector<std::string> labels = blank_labels(one);
    std::vector<std::string> images = blank_labels(other);
    const rdf::Dataset want = as_set(other);
    if (labels.size() != images.size() || as_set(one).size() != want.size()) return false;
    do {
        Renaming renaming;
        for (std::size_t i = 0; i < labels.size(); ++i)
            renaming[labels[i]] = images[i];
        if (as_set(renamed(one, renaming)) == want) return true;
    } while (std::next_permutation(images.begin(), images.end()));
    return false;
}

}  // namespace chancery::oracle
