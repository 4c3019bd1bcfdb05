#include "crypto/rdf/n_degree.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/hash/sha384.h"

namespace chancery::rdf {
namespace {

Error too_alike(std::string_view what, std::size_t limit) {
    return invalid("blank nodes too alike: telling them apart takes more than " +
                   std::to_string(limit) + " " + std::string(what));
}

std::string canonical_name(std::uint32_t number) { return "_:c14n" + std::to_string(number); }

std::string temporary_name(std::uint32_t number) { return "_:b" + std::to_string(number); }

// Whether nothing added to `path` could make it the one that is chosen.
bool is_beaten(std::string_view path, std::string_view shortest) {
    return !shortest.empty() && path.size() >= shortest.size() && path > shortest;
}

}  // namespace

std::string hash_hex(CanonicalHash hash, std::string_view text) {
    if (hash == CanonicalHash::sha384) return to_hex(sha384(bytes_of(text)));
    return to_hex(sha256(bytes_of(text)));
}

Result<void> NDegreeHasher::count_call() {
    const std::size_t limit = inputs_.limits.n_degree_calls;
    if (calls_ == limit) return too_alike("calls and permutations", limit);
    ++calls_;
    return {};
}

Result<void> NDegreeHasher::count_mentions(std::size_t mentions) {
    const std::size_t limit = inputs_.limits.n_degree_mentions;
    if (mentions > limit - mentions_) return too_alike("looks at a quad", limit);
    mentions_ += mentions;
    return {};
}

// §4.7.
std::string NDegreeHasher::related_hash(const Line& line,
                                        const Gap& gap,
                                        const Issuer& issuer) const {
    std::string input(1, gap.position);
    if (gap.position != 'g') input += line.predicate();
    if (const auto canonical = inputs_.canonical.find(gap.node)) {
        input += canonical_name(*canonical);
    } else if (const auto temporary = issuer.find(gap.node)) {
        input += temporary_name(*temporary);
    } else {
        input += inputs_.first_degree[gap.node];
    }
    return hash_hex(inputs_.hash, input);
}

// §4.8.3 step 3. A neighbour mentioned twice alike stands twice in its list.
std::map<std::string, NDegreeHasher::Nodes> NDegreeHasher::related_to(Node node,
                                                                      const Issuer& issuer) const {
    std::map<std::string, Nodes> related;
    for (const std::uint32_t index : inputs_.mentions.lines_of[node]) {
        const Line& line = inputs_.mentions.lines[index];
        for (const Gap& gap : line.gaps) {
            if (gap.node == node) continue;
            related[related_hash(line, gap, issuer)].push_back(gap.node);
        }
    }
    return related;
}

Result<NDegreeHasher::Found> NDegreeHasher::hash_at(Node node, Issuer issuer, std::size_t depth) {
    if (depth == n_degree_depth_max) return too_alike("steps from one to the next", depth);
    if (auto within = count_call(); !within) return within.error();
    if (auto within = count_mentions(inputs_.mentions.lines_of[node].size()); !within) {
        return within.error();
    }
    std::string data;
    for (auto& [hash, nodes] : related_to(node, issuer)) {
        auto path = shortest_path(nodes, issuer, depth);
        if (!path) return path.error();
        data += hash;
        data += path->text;
        issuer = std::move(path->issuer);
    }
    return Found{.hash = hash_hex(inputs_.hash, data), .issuer = std::move(issuer)};
}

// §4.8.3 steps 5.2 to 5.4. In code point order of the labels, so that of paths that are equal the
// same one is chosen on every machine.
Result<NDegreeHasher::Path> NDegreeHasher::shortest_path(Nodes nodes,
                                                         const Issuer& issuer,
                                                         std::size_t depth) {
    std::ranges::sort(nodes);
    Path shortest;
    do {
        if (auto within = count_call(); !within) return within.error();
        if (auto within = count_mentions(nodes.size()); !within) return within.error();
        auto path = follow(nodes, Path{.text = {}, .issuer = issuer}, shortest.text, depth);
        if (!path) return path.error();
        if (!path->has_value()) continue;
        if (shortest.text.empty() || (*path)->text < shortest.text) shortest = std::move(**path);
    } while (std::ranges::next_permutation(nodes).found);
    return shortest;
}

// §4.8.3 steps 5.4.4 and 5.4.5: nullopt once the path cannot be chosen any more.
Result<std::optional<NDegreeHasher::Path>> NDegreeHasher::follow(const Nodes& nodes,
                                                                 Path path,
                                                                 std::string_view shortest,
                                                                 std::size_t depth) {
    Nodes unseen;
    for (const Node node : nodes) {
        if (const auto canonical = inputs_.canonical.find(node)) {
            path.text += canonical_name(*canonical);
        } else {
            if (!path.issuer.find(node)) unseen.push_back(node);
            path.text += temporary_name(path.issuer.issue(node));
        }
        if (is_beaten(path.text, shortest)) return std::optional<Path>();
    }
    for (const Node node : unseen) {
        path.text += temporary_name(path.issuer.issue(node));
        auto found = hash_at(node, std::move(path.issuer), depth + 1);
        if (!found) return found.error();
        path.text += '<';
        path.text += found->hash;
        path.text += '>';
        path.issuer = std::move(found->issuer);
        if (is_beaten(path.text, shortest)) return std::optional<Path>();
    }
    return std::optional<Path>(std::move(path));
}

}  // namespace chancery::rdf
