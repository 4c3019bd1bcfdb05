#include "node/start_check.h"

#include <set>

namespace chancery::node {
namespace {

bool has_vote(const raft::Core& core, const raft::Vote& vote) {
    if (vote.term != core.term()) return vote.term < core.term();
    return vote.candidate == core.vote().candidate;
}

}  // namespace

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
    if (phase_ != Phase::recovering) return;
    ahead_.clear();
    for (const auto& [node, memory] : answers_) {
        if (!has(core, sealer, memory)) ahead_.push_back(node);
    }
    if (ahead_.empty()) phase_ = Phase::done;
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
        const bool is_lost = !has_vote(core, *memory.vote);
        // As far as a message without a certificate may lead.
        const bool is_near = memory.vote->term <= core.term() + raft::term_leap_max;
        if (is_lost && is_near) lost = memory.vote;
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

bool StartCheck::has(const raft::Core& core,
                     const Sealer& sealer,
                     const rpc::Memory& memory) const {
    if (memory.acknowledged && !has_acknowledged(core, *memory.acknowledged)) return false;
    if (memory.vote && !has_vote(core, *memory.vote)) return false;
    if (!memory.cosigned) return true;
    const std::uint64_t guarded = sealer.guard() ? sealer.guard()->size : 0;
    // What is sealed is never signed anew on another root.
    return memory.cosigned->size <= std::max(guarded, sealer.sealed_size());
}

std::string StartCheck::text() const {
    if (phase_ == Phase::done) return {};
    if (phase_ == Phase::asking) {
        return "just started: " + std::to_string(answers_.size()) +
               " members said what they hold from it, want " +
               std::to_string(configuration_.quorum - 1);
    }
    std::string who;
    for (const raft::NodeId node : ahead_)
        who += (who.empty() ? "member " : ", member ") + std::to_string(node);
    return who + " holds more from this node than its disk does: it is recovering";
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
