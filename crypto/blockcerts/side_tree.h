// The small Merkle tree over some documents that Blockcerts anchor with one transaction.
//
//     node = SHA-256(left ‖ right), without the prefixes of RFC 9162: it is no tree of ours, and no
//     trust of the ledger's rests on it. A last node without a sibling goes up as it is.
//
// Source: Chainpoint 2, as MerkleProof2019 uses it.
#pragma once

#include <vector>

#include "crypto/base/bytes.h"

namespace chancery::blockcerts {

inline constexpr std::size_t path_length_max = 15;
inline constexpr std::size_t leaves_max = std::size_t{1} << path_length_max;

struct PathStep {
    bool is_left = false;  // Where the sibling stands.
    Hash sibling{};
    bool operator==(const PathStep&) const = default;
};

class SideTree {
public:
    // CHECKs that there are 1 to leaves_max.
    explicit SideTree(std::vector<Hash> leaves);

    const Hash& root() const { return levels_.back().front(); }
    // From the leaf upwards. CHECKs that there is such a leaf.
    std::vector<PathStep> path(std::size_t leaf) const;

private:
    std::vector<std::vector<Hash>> levels_;  // The leaves first.
};

Hash root_from_path(const Hash& leaf, const std::vector<PathStep>& path);

}  // namespace chancery::blockcerts
