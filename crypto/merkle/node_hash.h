// The three hashes that a Merkle tree is made of, and their form for many at once.
//
//     root of nothing = H("")     leaf = H(00 ‖ entry)     node = H(01 ‖ left ‖ right)
//
// Source: RFC 9162 §2.1.1.
#pragma once

#include <span>

#include "crypto/base/bytes.h"

namespace chancery::merkle {

const Hash& empty_root();
Hash leaf_hash(ByteView entry);
Hash node_hash(const Hash& left, const Hash& right);

// out[i] = leaf_hash of entries[i * entry_bytes, (i + 1) * entry_bytes). The fast way: 46-byte
// entries are one SHA-256 block each.
void leaf_hashes(ByteView entries, std::size_t entry_bytes, std::span<Hash> out);

// out[i] = node_hash(children[2 i], children[2 i + 1]). CHECKs children.size() == 2 out.size().
void node_hashes(std::span<const Hash> children, std::span<Hash> out);

// Root of the tree over `leaves` (leaf hashes), by definition; linear.
Hash root_of(std::span<const Hash> leaves);

}  // namespace chancery::merkle
