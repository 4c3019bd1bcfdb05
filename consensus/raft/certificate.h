// Why a leader is one: the signed votes of a quorum for it, for one term, upon one head.
//
// A vote names the candidate's whole journal by its head's chain hash, and a node signs one ballot
// a term. The no-op that opens a term carries these votes, so that a journal proves by itself who
// was entitled to add to it:
//
//     ballot  = network[32] ‖ epoch u32 ‖ term u64 ‖ candidate u32
//               ‖ head term u64 ‖ head index u64 ‖ head chain[32]                    96 bytes
//     payload = format u8 = 1 ‖ ballot ‖ count u16 ‖ (voter u32 ‖ signature[64]) × count
//               voters strictly ascending, count 1 to 64
//     signed  = "chancery/peer/v1" ‖ 00 ‖ network[32] ‖ "vote" ‖ 00 ‖ ballot without network
//
// Source: PROTOCOL.md, Journal; Tang et al., "Raft-Forensics" (leader certificates).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "consensus/raft/configuration.h"
#include "consensus/raft/types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/keys/ed25519.h"

namespace chancery::raft {

using VoteSignature = std::array<std::uint8_t, 64>;  // Ed25519, by the voter's node key.

// What a voter agrees to.
struct Ballot {
    Hash network{};
    std::uint32_t epoch = 1;
    Term term = 0;
    NodeId candidate = 0;
    EntryId head;  // The candidate's last entry: the no-op of `term` follows exactly it.
    Hash chain{};  // Of the head.
    bool operator==(const Ballot&) const = default;
};

struct SignedVote {
    Ballot ballot;
    NodeId voter = 0;
    VoteSignature signature{};
    bool operator==(const SignedVote&) const = default;
};

struct Certificate {
    Ballot ballot;
    std::map<NodeId, VoteSignature> votes;
    bool operator==(const Certificate&) const = default;
};

// The 118 bytes that a voter signs.
Bytes vote_message(const Ballot& ballot);

// CHECKs 1 to nodes_max votes.
Bytes encode_certificate(const Certificate& certificate);
// Errc::invalid for every byte string that encode_certificate would not write.
Result<Certificate> decode_certificate(ByteView payload);

// The voters are a quorum of `configuration`. Says nothing of their signatures.
bool has_quorum(const Certificate& certificate, const Configuration& configuration);

using NodeKeys = std::map<NodeId, keys::Ed25519PublicKey>;

// Errc::forbidden for a voter without a key or whose signature does not match: every vote must
// be good, so that a certificate is good or not whoever looks. About 95 µs a vote.
Result<void> verify_vote(const SignedVote& vote, const NodeKeys& keys);
Result<void> verify_votes(const Certificate& certificate, const NodeKeys& keys);

}  // namespace chancery::raft
