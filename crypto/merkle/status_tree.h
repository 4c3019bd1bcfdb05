// The status tree: two bits for every position of the log, and the Merkle tree over them.
//
// Chunk i is 64 bytes for positions [256 i, 256 i + 256), four to a byte, lowest position in the
// highest bits. Its leaves are the chunks, so the root is that of RFC 9162 and one path check
// serves both trees. All-zero subtrees have constant hashes and take no memory:
//
//     memory and time are those of the positions that ever changed, not of the log.
//
// A tree is a value: a copy costs nothing, changes of one never show in the other, and a copy may
// be read on any thread. Source: PROTOCOL.md, Status tree.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "crypto/merkle/proof.h"

namespace chancery::merkle {

inline constexpr std::uint64_t positions_per_chunk = 256;
inline constexpr std::size_t chunk_bytes = 64;
using Chunk = std::array<std::uint8_t, chunk_bytes>;

std::uint8_t status_in(const Chunk& chunk, std::uint64_t position);  // 0…3
void set_status_in(Chunk& chunk, std::uint64_t position, std::uint8_t status);
Hash chunk_leaf(const Chunk& chunk);
// How many chunks cover `positions`: ⌈positions / 256⌉.
std::uint64_t chunk_count(std::uint64_t positions);

class StatusTree {
public:
    StatusTree();

    struct Change {
        std::uint64_t position = 0;
        std::uint8_t status = 0;
    };
    // Positions need not be covered yet. O(changes · log position), shared paths hashed once.
    void set(std::span<const Change> changes);

    std::uint8_t status(std::uint64_t position) const;
    Chunk chunk(std::uint64_t index) const;

    // Root over the chunks that cover `positions`; H("") for none.
    // All changes must lie below `positions`: CHECKed.
    Hash root(std::uint64_t positions) const;

    // Path of chunk `index` in the tree that covers `positions`, leaf first. CHECKs the range.
    std::vector<Hash> path(std::uint64_t index, std::uint64_t positions) const;

    // Indices of all chunks that are not zero, rising.
    std::vector<std::uint64_t> nonzero_chunks() const;

    // Takes chunk `index` as it was stored.
    void restore(std::uint64_t index, const Chunk& chunk);

    struct StoredChunk {
        std::uint64_t index = 0;
        Chunk chunk{};
    };
    // The same for many, each index once: hashes shared paths once.
    void restore(std::span<const StoredChunk> chunks);

private:
    struct Node;
    struct Leaf;
    class Update;

    // The node that covers chunk `index`; nullptr if that chunk is zero.
    const Leaf* leaf_at(std::uint64_t index) const;
    // The last position whose status is not zero; nullopt if there is none.
    std::optional<std::uint64_t> last_position() const;
    Hash subtree_root(Range chunks) const;
    // `chunks`: rising by index, each once.
    void replace(std::span<const StoredChunk> chunks);

    std::shared_ptr<const Node> root_;  // Shared between copies; nodes never change once linked.
    unsigned height_ = 0;               // root_ covers 2^height_ chunks.
};

}  // namespace chancery::merkle
