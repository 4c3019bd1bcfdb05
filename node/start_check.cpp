#include "node/start_check.h"

#include <set>

namespace chancery::node {

StartCheck::StartCheck(const raft::Configuration& configuration,
                       raft::NodeId self,
                       std::uint64_t number)
    : configuration_(configuration), self_(self), number_(number) {}

std::vector<raft::NodeId> StartCheck::unanswered() const {
    std::vector<raft::NodeId> nodes;
    for (const raft::NodeId node : configuration_.members()) {
        const bool is_asked = node != self_ && configuration_.is_voter(node);
        if (is_asked && !answers_.contains(node)) nodes.push_back(node);
    }
    return nodes;
}

void StartCheck::answered(raft::NodeId from, const rpc::Memory& memory) {
    if (phase_ == Phase::done || memory.number != number_) return;
    if (configuration_.is_voter(from)) answers_[from] = memory;
}

void StartCheck::look(const raft::Core& core, const Sealer& sealer) {
    if (phase_ == Phase::asking) {
        std::set<raft::NodeId> heard{self_};
        for (const auto& [node, memory] : answers_)
            heard.insert(node);
        if (!raft::is_quorum(configuration_, heard)) return;
        phase_ = Phase::recovering;
    }
    if (phase_ == Phase::recovering && has_all(core, sealer)) phase_ = Phase::done;
}

// In its place on this journal, sealed over, or replaced since by a newer term's entries.
bool StartCheck::has_acknowledged(const raft::Core& core,
                                  const rpc::Memory::Acknowledged& ack) const {
    if (ack.term > core.term()) return false;
    const raft::Journal& journal = core.journal();
    return journal.agrees(ack.index, ack.chain) || ack.index <= core.status().sealed ||
           ack.index <= journal.base().id.index || journal.last().term > ack.term;
}

std::optional<raft::Vote> StartCheck::lost_vote(const raft::Core& core) const {
    std::optional<raft::Vote> lost;
    for (const auto& [node, memory] : answers_) {
        if (!memory.vote || (lost && memory.vote->term <= lost->term)) continue;
        const bool is_newer = memory.vote->term > core.term();
        const bool is_other =
            memory.vote->term == core.term() && memory.vote->candidate != core.vote().candidate;
        if (is_newer || is_other) lost = memory.vote;
    }
    return lost;
}

std::optional<rpc::Memory::Cosigned> StartCheck::lost_cosignature(const raft::Core& core,
                                                                  const Sealer& sealer) const {
    std::optional<rpc::Memory::Cosigned> lost;
    const std::uint64_t held = sealer.guard() ? sealer.guard()->size : 0;
    for (const auto& [node, memory] : answers_) {
        if (!memory.cosigned || memory.cosigned->size <= held) continue;
        if (!lost || memory.cosigned->size > lost->size) lost = memory.cosigned;
    }
    if (!lost) return std::nullopt;
    const bool is_here = core.journal().agrees(lost->index, lost->chain);
    return is_here ? lost : std::nullopt;
}

bool StartCheck::has_all(const raft::Core& core, const Sealer& sealer) const {
    const std::uint64_t sealed_size = sealer.sealed_size();
    for (const auto& [node, memory] : answers_) {
        if (memory.acknowledged && !has_acknowledged(core, *memory.acknowledged)) return false;
        if (!memory.cosigned) continue;
        const std::uint64_t guarded = sealer.guard() ? sealer.guard()->size : 0;
        // What is sealed is never signed anew on another root.
        if (memory.cosigned->size > std::max(guarded, sealed_size)) return false;
    }
    return !lost_vote(core);
}

std::string StartCheck::text() const {
    if (phase_ == Phase::done) return {};
    if (phase_ == Phase::asking) {
        return "just started: " + std::to_string(answers_.size()) +
               " members said what they hold from it, want " +
               std::to_string(configuration_.quorum - 1);
    }
    return "members hold more from this node than its disk does: it is recovering";
}

rpc::Memory memory_of(raft::NodeId peer,
                      std::uint64_t number,
                      const raft::Core& core,
                      const Sealer& sealer,
                      const std::map<raft::NodeId, raft::Vote>& votes) {
    rpc::Memory memory;
    memory.number = number;
    if (const auto ack = core.newest_ack(peer)) {
        memory.acknowledged = rpc::Memory::Acknowledged{ack->term, ack->index, ack->chain};
    }
    if (const auto found = votes.find(peer); found != votes.end()) memory.vote = found->second;
    memory.cosigned = sealer.newest_of(peer);
    return memory;
}

}  // namespace chancery::node
