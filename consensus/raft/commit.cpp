// Acknowledgements, and what follows from them: commit, and whether members derived the same.
#include <algorithm>
#include <utility>
#include <vector>

#include "consensus/raft/core.h"

namespace chancery::raft {

// Taken, durable, and every block of it applied; 0 while the term itself is not durable.
Index Core::acknowledgeable() const {
    if (!term_is_durable_) return 0;
    Index index = std::min(taken_, durable_);
    Index block = journal_.block_at_or_before(index);
    while (block > sealed_) {
        if (!claims_.contains(block)) index = block - 1;
        block = journal_.block_at_or_before(block - 1);
    }
    return index;
}

void Core::acknowledge() {
    const Index index = acknowledgeable();
    const std::optional<Hash> chain = journal_.chain_at(index);
    if (index == 0 || !chain) return;
    // Before the newest sealed block nobody asks for claims any more.
    const auto after = claims_.upper_bound(index);
    const Claim claim = after == claims_.begin() ? Claim{} : std::prev(after)->second;
    const Position position{.term = vote_.term, .index = index, .chain = *chain, .claim = claim};
    const Position& own = acknowledged_[settings_.self].newest;
    if (own == position || (own.term == position.term && own.index > index)) return;
    record(settings_.self, position);
    heartbeats_since_ack_ = 0;
    for (const NodeId node : audience())
        send_own_ack(node);
}

// All members, and a leader that is none any more.
std::vector<NodeId> Core::audience() const {
    std::vector<NodeId> nodes = configuration().members();
    if (leader_ && !configuration().is_member(*leader_)) nodes.push_back(*leader_);
    return nodes;
}

void Core::send_own_ack(NodeId to) {
    const Position& own = acknowledged_[settings_.self].newest;
    if (own.index == 0 || own.term != vote_.term) return;
    send(to, Ack{.index = own.index, .chain = own.chain, .claim = own.claim, .sealed = sealed_});
}

// An acknowledgement is state: it is said again until it can have been heard.
void Core::repeat_own_ack() {
    const Position& own = acknowledged_[settings_.self].newest;
    if (own.index == 0 || own.term != vote_.term) return;
    const bool is_routine = ++heartbeats_since_ack_ >= settings_.election_ticks;
    if (is_routine) heartbeats_since_ack_ = 0;
    const Index block = journal_.block_at_or_before(own.index);
    for (const NodeId node : audience()) {
        const bool is_sealed_there = acknowledged_[node].sealed >= block;
        if (is_routine || !is_sealed_there || committed_ < own.index) send_own_ack(node);
    }
}

void Core::on(NodeId from, Term term, const Ack& ack) {
    if (term > vote_.term) peer_is_ahead(from, term);
    if (!configuration().is_member(from)) return;
    Acknowledged& known = acknowledged_[from];
    known.sealed = std::max(known.sealed, ack.sealed);
    record(from, {.term = term, .index = ack.index, .chain = ack.chain, .claim = ack.claim});
    Leader* leader = leading();
    if (leader == nullptr || term != vote_.term) return;
    const auto peer = leader->peers.find(from);
    if (peer == leader->peers.end() || !journal_.agrees(ack.index, ack.chain)) return;
    peer->second.acknowledged(ack.index);
}

void Core::record(NodeId node, const Position& position) {
    Acknowledged& known = acknowledged_[node];
    const auto order = std::pair(position.term, position.index);
    const auto newest = std::pair(known.newest.term, known.newest.index);
    if (order < newest) return;
    if (order == newest && position.chain != known.newest.chain) return;
    if (order > newest && journal_.agrees(known.newest.index, known.newest.chain)) {
        known.known = known.newest;
    }
    known.newest = position;  // At the same place: perhaps a corrected claim.
}

std::optional<Core::Position> Core::on_own_chain(const Acknowledged& acknowledged) const {
    for (const Position& position : {acknowledged.newest, acknowledged.known}) {
        const bool is_known = position.index > 0 && journal_.agrees(position.index, position.chain);
        if (is_known) return position;
    }
    return std::nullopt;
}

// Quorum members acknowledged, in the term of the newest entry, a place at or after it; entries of
// older terms follow from one of this term, never by themselves (Raft thesis §3.6.2).
void Core::advance_commit() {
    const Term term = journal_.last().term;
    std::map<NodeId, Index> reached;
    for (const auto& [node, acknowledged] : acknowledged_) {
        const std::optional<Position> position = on_own_chain(acknowledged);
        if (position && position->term == term) reached[node] = position->index;
    }
    Index index = std::min(quorum_index(configuration(), reached), durable_);
    const std::optional<EntryId> id = journal_.id_at(index);
    if (!id || id->term != term) index = 0;
    // A seal is the word of a quorum, too, and how who lags learns of it.
    index = std::max(index, std::min(sealed_, durable_));
    for (; committed_ < index; ++committed_) {
        effects_.committed.push_back(journal_.at(committed_ + 1));
    }
}

std::map<NodeId, Claim> Core::claims_at(Index index) const {
    std::map<NodeId, Claim> claims;
    for (const auto& [node, acknowledged] : acknowledged_) {
        if (!configuration().is_voter(node)) continue;
        const std::optional<Position> position = on_own_chain(acknowledged);
        if (!position || position->index < index) continue;
        if (journal_.block_at_or_before(position->index) == index) claims[node] = position->claim;
    }
    return claims;
}

Agreement Core::claims_of(Index index) const {
    const auto own = claims_.find(index);
    if (own == claims_.end()) return Agreement::undecided;
    const std::map<NodeId, Claim> claims = claims_at(index);
    std::set<NodeId> silent;
    for (const NodeId member : configuration().members()) {
        if (!claims.contains(member)) silent.insert(member);
    }
    bool is_possible = is_quorum(configuration(), silent);
    for (const auto& [claimant, claim] : claims) {
        std::set<NodeId> equal;
        for (const auto& [node, other] : claims) {
            if (other == claim) equal.insert(node);
        }
        if (is_quorum(configuration(), equal)) {
            return claim == own->second ? Agreement::agreed : Agreement::outvoted;
        }
        equal.insert(silent.begin(), silent.end());
        is_possible = is_possible || is_quorum(configuration(), equal);
    }
    return is_possible ? Agreement::undecided : Agreement::impossible;
}

}  // namespace chancery::raft
