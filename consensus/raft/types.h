// The words of the private order: terms, indices, journal entries, votes, claims.
//
// The journal is a chain: every entry's hash covers all before it, so equal chain hashes at one
// index mean equal journals up to there.
// Source: Ongaro, "Consensus: Bridging Theory and Practice", §3; PROTOCOL.md, Journal.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/base/bytes.h"

namespace chancery::raft {

using NodeId = std::uint32_t;  // A member's voting node has its member's number.
using Term = std::uint64_t;    // From 1; 0 before the first election.
using Index = std::uint64_t;   // From 1; 0 stands for the place before the first entry.

enum class EntryKind : std::uint8_t { no_op = 1, block = 2, configuration = 3 };

// Term first: the order in which journals are compared for being up to date.
struct EntryId {
    Term term = 0;
    Index index = 0;
    // clang-tidy 14 takes the defaulted comparison for a null pointer.
    auto operator<=>(const EntryId&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct Entry {
    EntryId id;
    EntryKind kind = EntryKind::no_op;
    // Shared with whoever writes or sends it; never changes. Encoded once.
    std::shared_ptr<const Bytes> payload;
    Hash chain{};  // chain_hash of this entry upon the one before.

    bool operator==(const Entry& other) const;
};

// H("chancery/journal/v1" ‖ 00 ‖ previous ‖ term u64 ‖ index u64 ‖ kind u8 ‖ H(payload)).
// `previous` of the first entry: the network id.
Hash chain_hash(const Hash& previous, EntryId id, EntryKind kind, ByteView payload);

// What a journal starts from: all before it is sealed and gone, or never was.
struct Base {
    EntryId id;
    Hash chain{};
    bool operator==(const Base&) const = default;
};

// The record that must be durable before a vote leaves.
struct Vote {
    Term term = 0;
    std::optional<NodeId> candidate;  // Nobody yet in this term.
    bool operator==(const Vote&) const = default;
};

// What a node derived from the journal up to an entry; acks carry it. Height 0: no block yet.
struct Claim {
    std::uint64_t height = 0;
    std::uint64_t size = 0;
    Hash root{};
    bool operator==(const Claim&) const = default;
};

}  // namespace chancery::raft
