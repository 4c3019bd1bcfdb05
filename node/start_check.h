// What a started node must hear before it may vote, acknowledge or cosign: the newest that the
// others hold from it.
//
// A disk that was put back to an older state, or a virtual machine to a snapshot, looks sound to
// the node on it; only the others know that it once said more. So a started node asks, waits for
// quorum - 1 answers, and if any of them is ahead of its own records it is *recovering*: it takes
// entries and seals like anybody, and promises nothing until it has again what it once had.
//
// One member that lies can hold a node in this state; none can get it out of it too early.
// Source: PROTOCOL.md, Inside a network (a started node).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/core.h"
#include "node/sealer.h"
#include "rpc/peer_message.h"

namespace chancery::node {

class StartCheck {
public:
    enum class Phase : std::uint8_t { asking, recovering, done };

    // `number` tells this life's questions from an earlier one's.
    StartCheck(const raft::Configuration& configuration, raft::NodeId self, std::uint64_t number);

    Phase phase() const { return phase_; }
    std::uint64_t number() const { return number_; }
    // Voters that have not answered yet.
    std::vector<raft::NodeId> unanswered() const;

    // An answer to this life's question. While recovering, a later answer may raise what is missed.
    void answered(raft::NodeId from, const rpc::Memory& memory);

    // Looks again at what this node has: ends asking once enough answered, ends recovering once
    // core and guard are at or beyond all that was remembered. A vote and a cosignature that were
    // lost must be put back by the caller first: see lost_vote() and lost_cosignature().
    void look(const raft::Core& core, const Sealer& sealer);

    // The newest vote remembered that core does not have and may take over: one of a term too far
    // ahead is waited for, since a lie must not stay on the disk.
    std::optional<raft::Vote> lost_vote(const raft::Core& core) const;
    // The largest cosignature remembered, if the guard does not have it and the journal reaches it.
    // A peer's word: to be believed if this node derives the same head there.
    std::optional<rpc::Memory::Cosigned> lost_cosignature(const raft::Core& core,
                                                          const Sealer& sealer) const;

    // For people: "2 members said what …", "members 2 and 3 hold …".
    std::string text() const;

private:
    bool has_acknowledged(const raft::Core& core, const rpc::Memory::Acknowledged& ack) const;
    bool has(const raft::Core& core, const Sealer& sealer, const rpc::Memory& memory) const;

    raft::Configuration configuration_;
    raft::NodeId self_ = 0;
    std::uint64_t number_ = 0;
    Phase phase_ = Phase::asking;
    std::map<raft::NodeId, rpc::Memory> answers_;
    std::vector<raft::NodeId> ahead_;  // Who held more, when looked at last.
};

// What this node holds from `peer`.
rpc::Memory memory_of(raft::NodeId peer,
                      std::uint64_t number,
                      const raft::Core& core,
                      const Sealer& sealer,
                      const std::map<raft::NodeId, raft::Vote>& votes);

}  // namespace chancery::node
