// A Merkle tree straight from the recursive definitions, slow and short: what the fast one must
// agree with. Source: RFC 9162 §2.1.1, §2.1.3.1, §2.1.4.1.
#pragma once

#include <bit>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/hash/sha256.h"

namespace chancery::oracle {

using Leaves = std::span<const Hash>;  // Leaf hashes.

inline Hash node(const Hash& left, const Hash& right) {
    return Sha256().add(Bytes{1}).add(left).add(right).finish();
}

// The largest power of two smaller than `size`.
inline std::size_t split(std::size_t size) { return std::bit_floor(size - 1); }

// MTH(D[n]).
inline Hash root(Leaves leaves) {
    if (leaves.empty()) return sha256({});
    if (leaves.size() == 1) return leaves.front();
    const std::size_t k = split(leaves.size());
    return node(root(leaves.first(k)), root(leaves.subspan(k)));
}

// PATH(m, D[n]).
inline std::vector<Hash> path(std::size_t index, Leaves leaves) {
    if (leaves.size() == 1) return {};
    const std::size_t k = split(leaves.size());
    std::vector<Hash> result =
        index < k ? path(index, leaves.first(k)) : path(index - k, leaves.subspan(k));
    result.push_back(index < k ? root(leaves.subspan(k)) : root(leaves.first(k)));
    return result;
}

// SUBPROOF(m, D[n], b).
inline std::vector<Hash> subproof(std::size_t from, Leaves leaves, bool is_whole) {
    if (from == leaves.size()) {
        return is_whole ? std::vector<Hash>{} : std::vector<Hash>{root(leaves)};
    }
    const std::size_t k = split(leaves.size());
    std::vector<Hash> result = from <= k ? subproof(from, leaves.first(k), is_whole)
                                         : subproof(from - k, leaves.subspan(k), false);
    result.push_back(from <= k ? root(leaves.subspan(k)) : root(leaves.first(k)));
    return result;
}

// PROOF(m, D[n]).
inline std::vector<Hash> consistency(std::size_t from, Leaves leaves) {
    return subproof(from, leaves, true);
}

// Leaf hashes of some entries, other ones for each seed.
inline std::vector<Hash> some_leaves(std::size_t count, std::uint64_t seed = 0) {
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(sha256(Writer().u8(0).u64(seed).u64(i).written()));
    }
    return leaves;
}

}  // namespace chancery::oracle
