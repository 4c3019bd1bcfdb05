// The proof value of a Blockcerts document: where its hash stands in a side tree, and which
// transaction of which chain carries the tree's root.
//
//     value  = "z" ‖ base58btc(CBOR)
//     CBOR   = [[3, [[0|1, hash]…]], [0, root], [1, target], [2, [[[0, chain], [1, network],
//              [2, transaction]]]]]      0: the sibling is left, 1: right
//     hash   = a byte string of 34 bytes: 58 20 and the 32
//
// Written in the order in which others write it, and read in any. One anchor, on an Ethereum chain
// whose network has a number. Source: MerkleProof2019 (blockchain-certificates/lds-merkle-proof-
// 2019), RFC 8949 for the one shape of CBOR.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/blockcerts/side_tree.h"

namespace chancery::blockcerts {

inline constexpr std::uint32_t ethereum = 1;  // As MerkleProof2019 numbers chains.

struct MerkleProof {
    Hash root{};
    Hash target{};
    std::vector<PathStep> path;
    std::uint32_t network = 0;  // 1 is the main one, 11155111 Sepolia.
    Hash transaction{};
    bool operator==(const MerkleProof&) const = default;
};

// CHECKs that the path is at most path_length_max long.
std::string to_proof_value(const MerkleProof& proof);

// Errc::invalid for anything else: other chains, more anchors, longer paths, bytes left over.
Result<MerkleProof> parse_proof_value(std::string_view text);

}  // namespace chancery::blockcerts
