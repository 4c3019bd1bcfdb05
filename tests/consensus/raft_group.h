// Several cores, their disks and the messages between them, with every delay in the test's hands.
//
// A disk is what would survive a crash; a write is only in it once the test completes it. The
// group carries out effects, keeps a line for each thing it saw, and asks an oracle after every
// event whether what it saw is allowed.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/core.h"
#include "tests/consensus/raft_oracle.h"

namespace chancery::raft {

// A message on its way.
struct Letter {
    NodeId from = 0;
    NodeId to = 0;
    Message message;
};

class Group {
public:
    struct Node {
        std::optional<Core> core;  // None while crashed.
        Platter disk;
        std::deque<Write> writing;   // Given to the disk, not durable yet.
        std::deque<Entry> applying;  // Given to the applier.
        Settings settings;
        std::uint64_t starts = 0;
        bool derives_wrongly = false;  // Its claims differ from everyone's.
    };

    // Members of `configuration`, all started, each with an empty disk.
    Group(const Configuration& configuration, std::uint64_t seed);

    // --- Events at one node.
    void tick(NodeId node);
    void finish_write(NodeId node);  // The oldest; nothing if there is none.
    void finish_apply(NodeId node);
    Result<EntryId> propose(NodeId node, std::string_view text);
    Result<EntryId> propose_configuration(NodeId node, const Configuration& configuration);
    void crash(NodeId node);  // Loses what was not durable.
    void restart(NodeId node);
    void connect(NodeId a, NodeId b);
    // Cosigns what may be cosigned, and learns of the seal if a quorum did.
    void seal(NodeId node);
    // Who hears no leader takes what `other` knows as sealed.
    void fetch(NodeId node, NodeId other);
    void end_stickiness(NodeId node);
    void refuse_for_clock(NodeId node, NodeId leader, Index block);

    // --- Messages.
    std::vector<Letter>& letters() { return letters_; }
    void deliver(const Letter& letter);
    void isolate(NodeId node, bool is_isolated);

    // Writes, applies and delivers among `nodes` until nothing is left. False after too many.
    bool settle(const std::set<NodeId>& nodes);

    // --- What is there.
    Node& node(NodeId id) { return nodes_.at(id); }
    const Node& node(NodeId id) const { return nodes_.at(id); }
    std::set<NodeId> ids() const;
    std::set<NodeId> alive() const;
    // Lines since the last call, violations of the oracle among them.
    std::vector<std::string> take_lines();
    const std::vector<std::string>& violations() const { return oracle_.violations(); }
    Hash fingerprint() const;
    const Oracle& oracle() const { return oracle_; }

private:
    void start(NodeId id);
    void carry_out(NodeId id);
    void say(NodeId id, const std::string& text);
    Claim claim_of(const Node& node, const Entry& block) const;

    Hash network_{};
    std::uint64_t seed_ = 0;
    Configuration configuration_;
    std::map<NodeId, Node> nodes_;
    std::vector<Letter> letters_;
    std::set<NodeId> isolated_;
    std::vector<std::string> lines_;
    std::map<Index, std::set<NodeId>> cosigners_;
    Oracle oracle_;
};

}  // namespace chancery::raft
