#include "tests/simulation/judge.h"

#include "crypto/base/encoding.h"
#include "crypto/note/checkpoint.h"

namespace chancery::simulation {
namespace {

std::string at(const char* what, std::uint64_t number) {
    return std::string(what) + " " + std::to_string(number);
}

}  // namespace

void Platter::write(const storage::Turn& turn) {
    if (turn.vote) vote = turn.vote;
    for (const raft::Entry& entry : turn.entries) {
        entries.erase(entries.lower_bound(entry.id.index), entries.end());
        entries.emplace(entry.id.index, entry);
    }
    if (turn.cosigned && (!cosigned || turn.cosigned->size > cosigned->size)) {
        cosigned = turn.cosigned;
    }
}

void Judge::accuse(const std::string& what) {
    if (!verdict_) verdict_ = what;
}

void Judge::said(const rpc::PeerEnvelope& envelope, const Platter& platter) {
    const raft::NodeId node = envelope.message.sender;
    if (const auto* const line = std::get_if<rpc::Cosignature>(&envelope.message.body)) {
        return said_cosignature(node, *line, platter);
    }
    const auto* const message = std::get_if<rpc::RaftMessage>(&envelope.message.body);
    if (message == nullptr) return;
    const raft::Term held = platter.vote ? platter.vote->term : 0;
    if (envelope.message.term > held) {
        accuse(at("node", node) + " spoke in " + at("term", envelope.message.term) +
               ", its disk holds " + at("term", held));
    }
    if (const auto* const reply = std::get_if<raft::VoteReply>(&message->body)) {
        if (reply->vote) said_vote(node, *reply->vote, platter);
    }
    if (const auto* const ack = std::get_if<raft::Ack>(&message->body)) {
        said_ack(envelope, *ack, platter);
    }
}

void Judge::said_vote(raft::NodeId node, const raft::SignedVote& vote, const Platter& platter) {
    const raft::Term term = vote.ballot.term;
    const auto [first, is_first] = votes_.try_emplace({node, term}, vote.ballot.candidate);
    if (first->second != vote.ballot.candidate) {
        accuse(at("node", node) + " voted twice in " + at("term", term));
    }
    const raft::Vote want{term, vote.ballot.candidate};
    if (platter.vote != want) accuse(at("node", node) + " voted before its vote was durable");
}

void Judge::said_ack(const rpc::PeerEnvelope& envelope,
                     const raft::Ack& ack,
                     const Platter& platter) {
    const raft::NodeId node = envelope.message.sender;
    if (ack.index <= platter.base.id.index) return;
    const auto entry = platter.entries.find(ack.index);
    if (entry == platter.entries.end() || entry->second.chain != ack.chain) {
        accuse(at("node", node) + " acknowledged " + at("entry", ack.index) +
               " before it was durable");
    }
}

void Judge::said_cosignature(raft::NodeId node,
                             const rpc::Cosignature& cosignature,
                             const Platter& platter) {
    if (!platter.cosigned || platter.cosigned->size < cosignature.size) {
        accuse(at("node", node) + " cosigned " + at("size", cosignature.size) +
               " before its guard was durable");
        return;
    }
    if (platter.cosigned->size != cosignature.size) return;
    const Bytes root(platter.cosigned->root.begin(), platter.cosigned->root.end());
    const auto [first, is_first] = cosigned_.try_emplace({node, cosignature.size}, root);
    if (first->second != root) {
        accuse(at("node", node) + " cosigned two roots of " + at("size", cosignature.size));
    }
}

void Judge::published(raft::NodeId node, const std::string& checkpoint) {
    const auto parsed = note::parse_checkpoint(checkpoint);
    if (!parsed) return accuse(at("node", node) + " published no checkpoint");
    // The log's own line is one of them.
    if (parsed->note.signatures.size() < quorum_ + 1) {
        accuse(at("node", node) + " published without a quorum");
    }
    const merkle::TreeHead& head = parsed->checkpoint.head;
    const auto [first, is_first] = roots_.try_emplace(head.size, head.root);
    if (first->second != head.root) {
        accuse("two sealed roots of " + at("size", head.size) + ": " + to_hex(first->second) +
               " and " + to_hex(head.root));
    }
}

void Judge::answered(const registry::BatchRecord& record) {
    const auto [first, is_first] = answered_.try_emplace({record.member, record.nonce}, record);
    if (first->second != record) {
        accuse("one batch was answered with positions " + std::to_string(first->second.first) +
               " and " + std::to_string(record.first));
    }
}

void Judge::look(raft::NodeId node, const node::Replica& replica) {
    const raft::Status status = replica.status();
    if (status.role == raft::Role::leader) {
        const auto [first, is_first] = leaders_.try_emplace(status.term, node);
        if (first->second != node) accuse("two leaders in " + at("term", status.term));
    }
    raft::Index& known = committed_to_[node];
    if (status.committed < known) known = status.committed;  // A new life.
    for (raft::Index i = known + 1; i <= status.committed; ++i) {
        const auto chain = replica.core().journal().chain_at(i);
        if (!chain) continue;
        const auto [first, is_first] = committed_.try_emplace(i, *chain);
        if (first->second != *chain) accuse("two entries committed at " + at("index", i));
    }
    known = status.committed;
}

void Judge::check_ledger(raft::NodeId node, const storage::LedgerStore& store) {
    for (const auto& [key, record] : answered_) {
        const auto found = store.find_batch(key.first, key.second);
        if (found && *found == record) continue;
        return accuse("a batch answered at position " + std::to_string(record.first) +
                      " is not there at " + at("node", node));
    }
}

}  // namespace chancery::simulation
