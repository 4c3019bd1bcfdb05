// Numbers for blank nodes in the order in which they are asked for, as a value: where paths part,
// each goes on with a copy of what was issued before.
//
// Source: RDFC-1.0 §4.3, §4.5.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "crypto/rdf/mentions.h"

namespace chancery::rdf {

// Sorted by node, so that a copy is as small as what was issued and a look-up is a bisection.
class Issuer {
public:
    std::optional<std::uint32_t> find(Node node) const {
        const auto place = std::ranges::lower_bound(issued_, node, {}, &Issued::node);
        if (place == issued_.end() || place->node != node) return std::nullopt;
        return place->number;
    }

    // The number it has, or else the next one.
    std::uint32_t issue(Node node) {
        const auto place = std::ranges::lower_bound(issued_, node, {}, &Issued::node);
        if (place != issued_.end() && place->node == node) return place->number;
        const auto number = static_cast<std::uint32_t>(issued_.size());
        issued_.insert(place, Issued{.node = node, .number = number});
        return number;
    }

    std::vector<Node> in_order() const {
        std::vector<Node> nodes(issued_.size());
        for (const Issued& issued : issued_)
            nodes[issued.number] = issued.node;
        return nodes;
    }

private:
    struct Issued {
        Node node;
        std::uint32_t number;
    };
    std::vector<Issued> issued_;
};

// The same for the canonical names, of which every node gets one in the end.
class CanonicalIssuer {
public:
    explicit CanonicalIssuer(std::size_t nodes) : numbers_(nodes) {}

    std::optional<std::uint32_t> find(Node node) const { return numbers_[node]; }

    void issue(Node node) {
        if (!numbers_[node]) numbers_[node] = issued_++;
    }

private:
    std::vector<std::optional<std::uint32_t>> numbers_;
    std::uint32_t issued_ = 0;
};

}  // namespace chancery::rdf
