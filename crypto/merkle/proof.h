// Proofs about a Merkle tree: that an entry is in it, and that it grew from a smaller one.
//
// Building says which nodes are needed and leaves fetching them to the caller, for the nodes may
// lie in tiles, in memory or behind a network. A node is a subtree over leaves [begin, end).
// Source: RFC 9162 §2.1.3 (inclusion), §2.1.4 (consistency).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/merkle/node_hash.h"

namespace chancery::merkle {

inline constexpr std::size_t path_length_max = 63;

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool operator==(const Range&) const = default;
};

// The subtrees whose roots prove entry `index` in a tree of `size`, leaf first.
// CHECKs index < size.
std::vector<Range> inclusion_ranges(std::uint64_t index, std::uint64_t size);

// The subtrees whose roots prove that the tree of `to` extends that of `from`.
// Empty if from == to. CHECKs 0 < from <= to.
std::vector<Range> consistency_ranges(std::uint64_t from, std::uint64_t to);

// Splits leaves [begin, end), a range as the two above give them, into perfect aligned subtrees,
// left to right: what tiles hold. The range's root joins them from right to left.
std::vector<Range> perfect_subtrees(Range range);

// Gives the root of a perfect aligned subtree, from a tile or from memory.
using SubtreeRoot = std::function<Result<Hash>(Range)>;

// Each range's root, asked for in perfect subtrees.
Result<std::vector<Hash>> fetch_path(std::span<const Range> ranges,
                                     const SubtreeRoot& subtree_root);

// The root that `path` leads to from `leaf` at `index` in a tree of `size`.
// Errc::invalid unless index < size and the path is exactly as long as the tree is high there.
Result<Hash> root_from_inclusion(const Hash& leaf,
                                 std::uint64_t index,
                                 std::uint64_t size,
                                 std::span<const Hash> path);

struct TreeHead {
    std::uint64_t size = 0;
    Hash root{};
    bool operator==(const TreeHead&) const = default;
};

// Errc::invalid unless `path` proves `leaf` at `index` under `head`.
Result<void> verify_inclusion(const Hash& leaf,
                              std::uint64_t index,
                              const TreeHead& head,
                              std::span<const Hash> path);

// Errc::invalid unless `path` proves that `to` extends `from`. Equal sizes: roots equal and path
// empty. from.size == 0 proves nothing and is refused.
Result<void> verify_consistency(const TreeHead& from,
                                const TreeHead& to,
                                std::span<const Hash> path);

}  // namespace chancery::merkle
