// The growing edge of a Merkle tree: the least that must be kept to append and to name the root.
//
// Any n leaves split, left to right, into perfect subtrees as large as the one-bits of n:
//
//     n = 6 = 0b110      [ 4 leaves ][ 2 leaves ]       roots() = { r(0..4), r(4..6) }
//
// so a log of n entries is carried by popcount(n) hashes, never more than 64 (2 KiB).
// Source: RFC 9162 §2.1.1; "compact ranges" in transparency-dev/merkle, docs/compact_ranges.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/merkle/node_hash.h"

namespace chancery::merkle {

class Frontier {
public:
    Frontier() = default;

    // Takes up where an earlier frontier stopped: `roots` as that one's roots() gave them.
    // Errc::corrupt unless there are popcount(leaf_count) of them.
    static Result<Frontier> restore(std::uint64_t leaf_count, std::span<const Hash> roots);

    // Adds the entry whose leaf_hash() is `leaf`. One node_hash() on average, 63 at most.
    void append(const Hash& leaf);

    // The same for many, hashing level by level in runs where they are long.
    void append(std::span<const Hash> leaves);

    // The tree head: equal on every node that appended the same leaves in the same order.
    Hash root() const;

    std::uint64_t leaf_count() const { return leaf_count_; }

    // Largest subtree first. Valid until the next append().
    std::span<const Hash> roots() const { return roots_; }

    bool operator==(const Frontier&) const = default;

private:
    std::uint64_t leaf_count_ = 0;
    std::vector<Hash> roots_;  // One for each one-bit of leaf_count_.
};

}  // namespace chancery::merkle
