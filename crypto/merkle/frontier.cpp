#include "crypto/merkle/frontier.h"

#include <bit>
#include <limits>

namespace chancery::merkle {

Result<Frontier> Frontier::restore(std::uint64_t leaf_count, std::span<const Hash> roots) {
    const auto want = static_cast<std::size_t>(std::popcount(leaf_count));
    if (roots.size() != want) {
        return Error{Errc::corrupt,
                     "frontier of " + std::to_string(leaf_count) + " leaves: " +
                         std::to_string(roots.size()) + " roots, want " + std::to_string(want)};
    }
    Frontier frontier;
    frontier.leaf_count_ = leaf_count;
    frontier.roots_.assign(roots.begin(), roots.end());
    return frontier;
}

void Frontier::append(const Hash& leaf) {
    CHECK(leaf_count_ < std::numeric_limits<std::uint64_t>::max());
    Hash carried = leaf;
    for (std::uint64_t rest = leaf_count_; (rest & 1) == 1; rest >>= 1) {
        carried = node_hash(roots_.back(), carried);
        roots_.pop_back();
    }
    roots_.push_back(carried);
    ++leaf_count_;
}

// Binary addition: at each level the new nodes join in pairs and rise; the first of them may
// complete an old root, the last may stay behind as a new one.
void Frontier::append(std::span<const Hash> leaves) {
    CHECK(leaves.size() <= std::numeric_limits<std::uint64_t>::max() - leaf_count_);
    std::vector<Hash> new_roots;  // Smallest subtree first.
    std::vector<Hash> level;
    std::span<const Hash> nodes = leaves;
    for (std::uint64_t rest = leaf_count_; !nodes.empty(); rest >>= 1) {
        const bool completes_root = (rest & 1) == 1;
        std::vector<Hash> parents((nodes.size() + (completes_root ? 1 : 0)) / 2);
        std::span<Hash> out = parents;
        if (completes_root) {
            out.front() = node_hash(roots_.back(), nodes.front());
            roots_.pop_back();
            out = out.subspan(1);
            nodes = nodes.subspan(1);
        }
        node_hashes(nodes.first(2 * out.size()), out);
        if (nodes.size() % 2 == 1) new_roots.push_back(nodes.back());
        level = std::move(parents);
        nodes = level;
    }
    roots_.insert(roots_.end(), new_roots.rbegin(), new_roots.rend());
    leaf_count_ += leaves.size();
}

Hash Frontier::root() const {
    if (roots_.empty()) return empty_root();
    Hash joined = roots_.back();
    for (auto left = std::next(roots_.rbegin()); left != roots_.rend(); ++left) {
        joined = node_hash(*left, joined);
    }
    return joined;
}

}  // namespace chancery::merkle
