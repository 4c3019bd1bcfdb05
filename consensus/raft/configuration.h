// Who votes, who only listens, and how many are enough.
//
// A configuration is either simple (voters) or joint (voters and voters_outgoing), in which case
// every decision needs a quorum of both. It is active as soon as its entry is in the journal, and
// always derived from the journal, so that a truncated entry takes its configuration with it.
//
//     payload = format u8 = 1 ‖ quorum u32 ‖ quorum_outgoing u32
//               ‖ 3 × (count u16 ‖ node u32 × count)      voters, voters_outgoing, learners
//
// Source: Raft thesis §4.3; PROTOCOL.md §4 (quorum).
#pragma once

#include <cstdint>
#include <vector>

#include "consensus/raft/types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::raft {

inline constexpr std::size_t nodes_max = 64;  // In each of the three lists.

// ⌊(n − 1) / 3⌋: how many of n members may lie.
std::uint32_t liars_max(std::size_t voter_count);

// ⌈(n + f + 1) / 2⌉ with f = liars_max(n): the least number of which any two sets share an honest
// member. 0 for no voters.
std::uint32_t quorum_min(std::size_t voter_count);

struct Configuration {
    // Each list strictly ascending.
    std::vector<NodeId> voters;
    std::vector<NodeId> voters_outgoing;  // Empty unless joint.
    std::vector<NodeId> learners;         // They receive everything and never count.
    std::uint32_t quorum = 0;
    std::uint32_t quorum_outgoing = 0;

    bool operator==(const Configuration&) const = default;

    bool is_joint() const { return !voters_outgoing.empty(); }
    bool is_voter(NodeId node) const;     // In either half.
    bool is_member(NodeId node) const;    // Voter or learner.
    std::vector<NodeId> members() const;  // All of them once, ascending.
};

// A simple configuration with the smallest quorum allowed. `voters` in any order.
Configuration simple_configuration(std::vector<NodeId> voters);

// Errc::invalid unless: lists strictly ascending and within nodes_max, at least one voter, each
// quorum between quorum_min(n) and n, no learner that votes in the incoming half.
Result<void> check_configuration(const Configuration& configuration);

// Errc::invalid unless `next` may follow `current`: with other voters or another quorum only
// through the joint configuration of both, and out of a joint one only to its incoming half.
Result<void> check_successor(const Configuration& current, const Configuration& next);

Bytes encode_configuration(const Configuration& configuration);
// Errc::invalid for anything that encode_configuration would not write, or that
// check_configuration refuses.
Result<Configuration> decode_configuration(ByteView payload);

}  // namespace chancery::raft
