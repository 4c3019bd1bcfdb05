#include "node/contradictions.h"

namespace chancery::node {

std::vector<std::pair<std::string, std::string>> facts_of(const Contradiction& contradiction) {
    if (const auto* const votes = std::get_if<TwoVotes>(&contradiction)) {
        return {{"from", std::to_string(votes->first.voter)},
                {"term", std::to_string(votes->first.ballot.term)},
                {"kind", "two votes"}};
    }
    const auto* const evidence = std::get_if<raft::Evidence>(&contradiction);
    if (evidence == nullptr) return {};
    return {{"from", std::to_string(evidence->from)},
            {"term", std::to_string(evidence->term)},
            {"kind", std::string(raft::name_of(evidence->kind))}};
}

void Contradictions::heard_note(raft::NodeId from, std::string note, ledger::TimeMs now_ms) {
    const auto [last, is_first] = note_ms_.try_emplace(from, now_ms);
    // A clock that was set back must not make this node deaf.
    const bool is_too_soon = now_ms >= last->second && now_ms < last->second + note_gap_ms;
    if (!is_first && is_too_soon) return;
    last->second = now_ms;
    new_.emplace_back(ForeignNote{from, std::move(note)});
}

void Contradictions::sealed_otherwise(std::string note) {
    new_.emplace_back(ForeignNote{0, std::move(note)});
}

void Contradictions::heard_vote(const raft::SignedVote& vote) {
    const auto [found, is_first] = newest_.try_emplace(vote.voter, vote);
    const raft::SignedVote& newest = found->second;
    if (is_first || vote.ballot.term < newest.ballot.term) return;
    if (vote.ballot.term > newest.ballot.term) {
        found->second = vote;
        return;
    }
    if (vote.ballot == newest.ballot) return;
    std::set<raft::Term>& terms = double_votes_[vote.voter];
    if (terms.size() >= told_max || !terms.insert(vote.ballot.term).second) return;
    new_.emplace_back(TwoVotes{newest, vote});
}

void Contradictions::heard(raft::Evidence evidence) {
    const raft::Index index = evidence.theirs ? evidence.theirs->id.index : 0;
    auto& told = told_[evidence.from];
    if (told.size() >= told_max) return;
    if (!told.emplace(evidence.kind, evidence.term, index).second) return;
    new_.emplace_back(std::move(evidence));
}

}  // namespace chancery::node
