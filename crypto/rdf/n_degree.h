// Blank nodes of which the same is said are told apart by what is said of those around them: a
// hash over the shortest path through their neighbours, and theirs in turn.
//
// Which of several alike neighbours comes first is not known, so every order is tried: what grows
// without end in a dataset made for it, and is why each step is counted against a limit.
// Source: RDFC-1.0 §4.7, §4.8, §7.1.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/issuer.h"
#include "crypto/rdf/mentions.h"

namespace chancery::rdf {

// Lower-case hex.
std::string hash_hex(CanonicalHash hash, std::string_view text);

// All of them outlive what is made of them.
struct NDegreeInputs {
    const Mentions& mentions;
    const std::vector<std::string>& first_degree;  // By node, in hex: §4.6.
    const CanonicalIssuer& canonical;
    CanonicalHash hash;
    CanonicalLimits limits;
};

// Of one dataset: its calls are counted together.
class NDegreeHasher {
public:
    explicit NDegreeHasher(const NDegreeInputs& inputs) : inputs_(inputs) {}

    struct Found {
        std::string hash;
        Issuer issuer;  // With all nodes on the path to it.
    };

    // Errc::invalid, with the limit, once the calls so far are beyond one. Takes at most
    // n_degree_depth_max frames of itself.
    Result<Found> hash(Node node, Issuer issuer) { return hash_at(node, std::move(issuer), 0); }

private:
    struct Path {
        std::string text;
        Issuer issuer;
    };
    using Nodes = std::vector<Node>;  // Perhaps with repetitions.

    Result<Found> hash_at(Node node, Issuer issuer, std::size_t depth);
    Result<Path> shortest_path(Nodes nodes, const Issuer& issuer, std::size_t depth);
    Result<std::optional<Path>> follow(const Nodes& nodes,
                                       Path path,
                                       std::string_view shortest,
                                       std::size_t depth);
    std::map<std::string, Nodes> related_to(Node node, const Issuer& issuer) const;
    std::string related_hash(const Line& line, const Gap& gap, const Issuer& issuer) const;
    Result<void> count_call();
    Result<void> count_mentions(std::size_t mentions);

    NDegreeInputs inputs_;
    std::size_t calls_ = 0;
    std::size_t mentions_ = 0;
};

// Far deeper than lists in credentials are long, far shallower than any thread's stack.
inline constexpr std::size_t n_degree_depth_max = 400;

}  // namespace chancery::rdf
