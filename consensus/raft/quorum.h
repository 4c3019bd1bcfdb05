// Counting: which sets decide, and how far a quorum has come. Pure functions; learners and
// strangers in the input are ignored, and a joint configuration needs both its halves.
//
// Source: Raft thesis §3.6.2, §4.3; PROTOCOL.md §4 (quorum).
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "consensus/raft/configuration.h"
#include "consensus/raft/types.h"

namespace chancery::raft {

// False for a configuration without voters.
bool is_quorum(const Configuration& configuration, const std::set<NodeId>& nodes);

// The largest index that quorum voters of every half have reached; a voter that is not in
// `reached` stands at 0.
Index quorum_index(const Configuration& configuration, const std::map<NodeId, Index>& reached);

enum class Tally : std::uint8_t { undecided, won, lost };

// Lost: even if all that are silent said yes, some half would miss its quorum.
Tally tally(const Configuration& configuration,
            const std::set<NodeId>& granted,
            const std::set<NodeId>& refused);

// More nodes of the incoming half than may lie say so: at least one of them is honest.
bool includes_honest(const Configuration& configuration, const std::set<NodeId>& nodes);

}  // namespace chancery::raft
