#include "crypto/rdf/canonicalize.h"

#include <algorithm>
#include <vector>

#include "crypto/rdf/issuer.h"
#include "crypto/rdf/mentions.h"
#include "crypto/rdf/n_degree.h"

namespace chancery::rdf {
namespace {

using NodesByHash = std::map<std::string_view, std::vector<Node>>;

Result<void> check_dataset(const Dataset& dataset, const CanonicalLimits& limits) {
    if (dataset.size() > limits.quads) {
        return invalid("dataset has " + std::to_string(dataset.size()) + " quads, want at most " +
                       std::to_string(limits.quads));
    }
    for (const Quad& quad : dataset) {
        if (auto fit = check_quad(quad); !fit) return fit;
    }
    return {};
}

// §4.4.3 step 5: nodes alike at first sight, in the order of what lies around them.
Result<void> issue_to_alike(const std::vector<Node>& nodes,
                            NDegreeHasher& hasher,
                            CanonicalIssuer& canonical) {
    std::vector<NDegreeHasher::Found> found;
    for (const Node node : nodes) {
        if (canonical.find(node)) continue;
        Issuer temporary;
        temporary.issue(node);
        auto result = hasher.hash(node, std::move(temporary));
        if (!result) return result.error();
        found.push_back(std::move(*result));
    }
    std::ranges::stable_sort(found, {}, &NDegreeHasher::Found::hash);
    for (const NDegreeHasher::Found& one : found) {
        for (const Node node : one.issuer.in_order())
            canonical.issue(node);
    }
    return {};
}

// §4.4.3 steps 3 to 5: a number for every blank node.
Result<CanonicalIssuer> issue_all(const Mentions& mentions,
                                  CanonicalHash hash,
                                  const CanonicalLimits& limits) {
    const auto nodes = static_cast<Node>(mentions.labels.size());
    std::vector<std::string> first_degree(nodes);
    for (Node node = 0; node < nodes; ++node)
        first_degree[node] = hash_hex(hash, first_degree_text(mentions, node));
    NodesByHash by_hash;
    for (Node node = 0; node < nodes; ++node)
        by_hash[first_degree[node]].push_back(node);

    CanonicalIssuer canonical(nodes);
    for (const auto& [shared, alike] : by_hash) {
        if (alike.size() == 1) canonical.issue(alike.front());
    }
    NDegreeHasher hasher({.mentions = mentions,
                          .first_degree = first_degree,
                          .canonical = canonical,
                          .hash = hash,
                          .limits = limits});
    for (const auto& [shared, alike] : by_hash) {
        if (alike.size() == 1) continue;
        if (auto issued = issue_to_alike(alike, hasher, canonical); !issued) return issued.error();
    }
    return canonical;
}

std::string named(const Line& line, const std::vector<std::string>& names) {
    std::string text;
    std::size_t done = 0;
    for (const Gap& gap : line.gaps) {
        text.append(line.text, done, gap.at - done);
        text += names[gap.node];
        done = gap.at + 1;
    }
    text.append(line.text, done);
    return text;
}

std::string sorted_text(std::vector<std::string> lines) {
    std::ranges::sort(lines);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    std::size_t bytes = 0;
    for (const std::string& line : lines)
        bytes += line.size();
    std::string text;
    text.reserve(bytes);
    for (const std::string& line : lines)
        text += line;
    return text;
}

}  // namespace

Result<Canonical> canonicalize(const Dataset& dataset,
                               CanonicalHash hash,
                               const CanonicalLimits& limits) {
    if (auto fit = check_dataset(dataset, limits); !fit) return fit.error();
    Mentions mentions = find_mentions(dataset);
    const auto canonical = issue_all(mentions, hash, limits);
    if (!canonical) return canonical.error();

    Canonical result;
    std::vector<std::string> names(mentions.labels.size());
    for (Node node = 0; node < names.size(); ++node) {
        names[node] = "c14n" + std::to_string(*canonical->find(node));
        result.issued.emplace(mentions.labels[node], names[node]);
    }
    std::vector<std::string> lines = std::move(mentions.ground);
    for (const Line& line : mentions.lines)
        lines.push_back(named(line, names));
    result.n_quads = sorted_text(std::move(lines));
    return result;
}

}  // namespace chancery::rdf
