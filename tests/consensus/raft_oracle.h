// What no run of honest nodes may ever show, judged from outside: from disks, wires and commits.
//
// Source: Raft thesis figure 3.2 (election safety, leader append-only, log matching, leader
// completeness, state machine safety); the rest from what a crash may take away.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "consensus/raft/core.h"

namespace chancery::raft {

// What survives a crash.
struct Platter {
    Base base;
    Configuration base_configuration;
    std::vector<Entry> entries;
    Vote vote;
    Index sealed = 0;
    Claim claim;
    Index cosigned = 0;

    void write(const Write& write);
    bool holds(Index index, const Hash& chain) const;
    std::uint64_t height_at(Index index) const;  // Blocks at or before it.
};

class Oracle {
public:
    void saw_leader(NodeId node, const Core& core);
    // `disk` is the sender's at this moment.
    void saw_message(NodeId from, const Message& message, const Platter& disk);
    // Newly committed at `node`, the last of them of the term that was counted.
    void saw_commit(NodeId node,
                    const Core& core,
                    const std::vector<Entry>& entries,
                    const std::map<NodeId, const Platter*>& disks);
    // Journals against each other and against what is committed.
    void saw_journals(const std::map<NodeId, const Core*>& cores);

    const std::vector<std::string>& violations() const { return violations_; }
    Index committed() const { return committed_.empty() ? 0 : committed_.rbegin()->first; }
    std::size_t leader_count() const { return leaders_.size(); }

private:
    void violated(const std::string& what);

    std::map<Term, NodeId> leaders_;
    std::map<std::pair<NodeId, Term>, Ballot> ballots_;
    std::map<Index, Entry> committed_;
    std::map<std::pair<Term, NodeId>, Index> acked_;  // Highest on the wire.
    std::vector<std::string> violations_;
};

}  // namespace chancery::raft
