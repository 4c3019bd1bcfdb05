// What a node hears that cannot both be true, noticed as it goes by and handed on to be kept.
//
// Looks only as far as the replica's thread may wait: whether a note proves a fork is found out
// elsewhere (node/fork_finder.h). An honest member says none of this; a lying one could say it
// without end, so each peer is listened to a few times a second, and a few times in all.
// Source: PROTOCOL.md, Proofs and verdicts (Fork evidence), and Inside a network.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "consensus/raft/effects.h"
#include "crypto/ledger/entry.h"

namespace chancery::node {

// A checkpoint with cosignatures, over a head that is not this node's or cannot be compared yet.
struct ForeignNote {
    raft::NodeId from = 0;  // Who sent it; 0: somebody, earlier.
    std::string note;
};

// One voter's votes of one term for two ballots, both with good signatures.
struct TwoVotes {
    raft::SignedVote first;
    raft::SignedVote second;
};

using Contradiction = std::variant<ForeignNote, TwoVotes, raft::Evidence>;

// One line for the diary, nothing of a ForeignNote: that is judged first.
std::vector<std::pair<std::string, std::string>> facts_of(const Contradiction& contradiction);

class Contradictions {
public:
    static constexpr ledger::TimeMs note_gap_ms = 250;  // Between two notes of one peer.
    static constexpr std::size_t told_max = 32;         // Of each peer, in this life.

    void heard_note(raft::NodeId from, std::string note, ledger::TimeMs now_ms);
    // Sealed by a quorum, and not what this node derived.
    void sealed_otherwise(std::string note);
    // Its signature was checked.
    void heard_vote(const raft::SignedVote& vote);
    void heard(raft::Evidence evidence);

    // All that is new since the last call.
    std::vector<Contradiction> take() { return std::exchange(new_, {}); }

private:
    std::vector<Contradiction> new_;
    std::map<raft::NodeId, ledger::TimeMs> note_ms_;   // Of the last note of each.
    std::map<raft::NodeId, raft::SignedVote> newest_;  // Vote of each voter.
    std::map<raft::NodeId, std::set<raft::Term>> double_votes_;
    // Of each peer: kind, term, index.
    std::map<raft::NodeId, std::set<std::tuple<raft::Evidence::Kind, raft::Term, raft::Index>>>
        told_;
};

}  // namespace chancery::node
