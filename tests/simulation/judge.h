// The one who sees everything: what no run may ever show, looked at after every event.
//
// It knows what each disk would still hold after power loss, what each node said, and what every
// client was answered. The first thing wrong ends the run.
// Source: PROTOCOL.md, Tree, checkpoints, seals, and Inside a network; Raft thesis figure 3.2.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "node/replica.h"

namespace chancery::simulation {

// What a node's disk holds for good.
struct Platter {
    std::optional<raft::Vote> vote;
    std::map<raft::Index, raft::Entry> entries;
    std::optional<storage::CosignedRecord> cosigned;
    raft::Base base;
    void write(const storage::Turn& turn);
};

class Judge {
public:
    explicit Judge(std::uint32_t quorum) : quorum_(quorum) {}

    const std::optional<std::string>& verdict() const { return verdict_; }
    void accuse(const std::string& what);

    // Before a message goes out.
    void said(const rpc::PeerEnvelope& envelope, const Platter& platter);
    void published(raft::NodeId node, const std::string& checkpoint);
    void answered(const registry::BatchRecord& record);
    // After any event of a node.
    void look(raft::NodeId node, const node::Replica& replica);
    // All that clients were answered stands in this ledger.
    void check_ledger(raft::NodeId node, const storage::LedgerStore& store);

    std::uint64_t answers() const { return answered_.size(); }
    std::uint64_t terms() const { return leaders_.size(); }
    std::uint64_t sealed_size() const { return roots_.empty() ? 0 : roots_.rbegin()->first; }

private:
    void said_vote(raft::NodeId node, const raft::SignedVote& vote, const Platter& platter);
    void said_ack(const rpc::PeerEnvelope& envelope, const raft::Ack& ack, const Platter& platter);
    void said_cosignature(raft::NodeId node,
                          const rpc::Cosignature& cosignature,
                          const Platter& platter);

    std::uint32_t quorum_;
    std::optional<std::string> verdict_;
    std::map<raft::Term, raft::NodeId> leaders_;
    std::map<std::pair<raft::NodeId, raft::Term>, raft::NodeId> votes_;
    std::map<raft::Index, Hash> committed_;
    std::map<raft::NodeId, raft::Index> committed_to_;
    std::map<std::uint64_t, Hash> roots_;  // Sealed, by size.
    std::map<std::pair<raft::NodeId, std::uint64_t>, Bytes> cosigned_;
    std::map<node::BatchKey, registry::BatchRecord> answered_;
};

}  // namespace chancery::simulation
