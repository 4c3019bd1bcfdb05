// What the judge sees of a node after each event, and of its ledger in the end.
#include "crypto/base/encoding.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/node_hash.h"
#include "tests/simulation/judge.h"

namespace chancery::simulation {
namespace {

// Of forty clients' small batches, each perhaps told to every member several times.
constexpr std::uint64_t pooled_bytes_max = std::uint64_t{1} << 20;
// A core has what a few appends to each member fill, and no more.
constexpr std::size_t unsealed_entries_max = 4'096;

constexpr std::size_t messages_max = 1'000;  // Of one event.

}  // namespace

void Judge::look(raft::NodeId node, const node::Replica& replica) {
    if (is_liar(node)) return;
    const raft::Status status = replica.status();
    Life& life = lives_[node];
    life.is_whole = liars_.empty() || replica.why_not_whole().empty();
    if (status.term < life.term || status.committed < life.committed ||
        status.sealed < life.sealed) {
        accuse(at("node", node) + " went back in term, commit or seal");
    }
    life.term = status.term;
    life.sealed = status.sealed;
    if (status.role == raft::Role::leader) look_at_leader(node, replica);
    look_at_commit(node, replica);
    life.committed = status.committed;
    if (status.last.index - status.sealed > unsealed_entries_max) {
        accuse(at("node", node) + " holds " + at("unsealed entries:", status.last.index));
    }
    if (replica.pooled_bytes() > pooled_bytes_max) {
        accuse(at("node", node) + " holds " + at("bytes of batches:", replica.pooled_bytes()));
    }
}

void Judge::gave(raft::NodeId node, const node::ReplicaEffects& effects) {
    if (effects.halt) accuse(at("node", node) + " halts: " + effects.halt->detail);
    if (effects.send.size() > messages_max) {
        accuse(at("node", node) + " sends " + at("messages at once:", effects.send.size()));
    }
}

void Judge::look_at_leader(raft::NodeId node, const node::Replica& replica) {
    const raft::Term term = replica.status().term;
    const auto [first, is_first] = leaders_.try_emplace(term, node);
    if (first->second != node) accuse("two leaders in " + at("term", term));
    if (!is_first) return;
    for (auto each = committed_.rbegin(); each != committed_.rend(); ++each) {
        if (each->second.term >= term) continue;
        const raft::Journal& journal = replica.core().journal();
        // Members that hold another entry of the same term, which a liar gave them, may vote for a
        // candidate that has theirs; what was committed cannot be replaced by it, and that is
        // asked.
        if (!liars_.empty()) return;
        const bool is_cut = each->first < journal.base().id.index;
        if (!is_cut && !journal.agrees(each->first, each->second.chain)) {
            accuse(at("node", node) + " leads " + at("term", term) + " without " +
                   at("entry", each->first) + ", committed");
        }
        return;
    }
}

void Judge::look_at_commit(raft::NodeId node, const node::Replica& replica) {
    const raft::Status status = replica.status();
    const raft::Index known = lives_[node].committed;
    if (status.committed <= known) return;
    const raft::Journal& journal = replica.core().journal();
    const auto newest = journal.id_at(status.committed);
    if (!newest) return;
    const bool is_counted = status.committed > status.sealed;
    for (raft::Index i = known + 1; i <= status.committed; ++i) {
        const auto chain = journal.chain_at(i);
        if (!chain) continue;
        const auto [first, is_first] = committed_.try_emplace(i, Committed{*chain, newest->term});
        if (first->second.chain != *chain) accuse("two entries committed at " + at("index", i));
        if (is_first && is_counted && i == status.committed) check_commit(node, *newest, *chain);
    }
}

void Judge::check_commit(raft::NodeId node, raft::EntryId id, const Hash& chain) {
    std::uint32_t durable = 0;
    std::uint32_t acknowledged = 0;
    for (raft::NodeId each = 1; each <= nodes_; ++each) {
        const bool holds = platter_of_(each).holds(id.index, chain);
        if (holds || forgetful_.contains(each) || is_liar(each)) ++durable;
        const auto ack = acks_.find({each, id.term});
        const bool said = ack != acks_.end() && ack->second >= id.index;
        if (said || is_liar(each) || (each == node && holds)) ++acknowledged;
    }
    if (durable < quorum_) {
        accuse(at("node", node) + " committed " + at("entry", id.index) + ", durable on " +
               std::to_string(durable) + " disks");
    }
    if (acknowledged < quorum_) {
        accuse(at("node", node) + " committed " + at("entry", id.index) + " of " +
               at("term", id.term) + ", acknowledged in it by " + std::to_string(acknowledged));
    }
}

void Judge::check_ledger(raft::NodeId node, const storage::LedgerStore& store) {
    for (const auto& [key, record] : answered_) {
        const auto found = store.find_batch(key.member, key.name);
        if (found && *found == record) continue;
        return accuse("a batch answered at position " + std::to_string(record.first) +
                      " is not there at " + at("node", node));
    }
    for (const node::SubmissionKey& key : answered_acts_) {
        const registry::ActRecord& act = acts_.at(key);
        const auto found = store.find_act(act.member, act.sequence);
        if (found && *found == act) continue;
        return accuse("an act answered at " + at("position", act.position) + " is not there at " +
                      at("node", node));
    }
    merkle::Frontier frontier;
    for (const auto& [size, root] : roots_) {
        while (frontier.leaf_count() < size) {
            const auto entry = store.entry(frontier.leaf_count());
            if (!entry) return accuse(at("node", node) + " lacks sealed entries");
            frontier.append(merkle::leaf_hash(*entry));
        }
        if (frontier.root() == root) continue;
        return accuse("the sealed root of " + at("size", size) + " is not its entries'");
    }
}

}  // namespace chancery::simulation
