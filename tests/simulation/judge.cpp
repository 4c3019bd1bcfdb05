#include "tests/simulation/judge.h"

#include <algorithm>

#include "consensus/registry/block.h"
#include "crypto/base/encoding.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/node_hash.h"
#include "crypto/note/checkpoint.h"

namespace chancery::simulation {
namespace {

// A core has what a few appends to each member fill, and no more.
constexpr std::size_t unsealed_entries_max = 4'096;
// Of forty clients' small batches, each perhaps told to every member several times.
constexpr std::uint64_t pooled_bytes_max = std::uint64_t{1} << 20;
constexpr std::size_t messages_max = 1'000;  // Of one event.

std::string at(const char* what, std::uint64_t number) {
    return std::string(what) + " " + std::to_string(number);
}

// Whoever says it binds itself.
bool is_promise(const raft::Body& body) {
    const auto* const reply = std::get_if<raft::VoteReply>(&body);
    return std::holds_alternative<raft::Ack>(body) ||
           std::holds_alternative<raft::VoteRequest>(body) || (reply != nullptr && reply->vote);
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

bool Platter::holds(raft::Index index, const Hash& chain) const {
    if (index <= base.id.index) return true;
    const auto entry = entries.find(index);
    return entry != entries.end() && entry->second.chain == chain;
}

Judge::Judge(std::uint32_t nodes, std::uint32_t quorum, PlatterOf platter_of)
    : nodes_(nodes), quorum_(quorum), platter_of_(std::move(platter_of)) {}

void Judge::accuse(const std::string& what) {
    if (!verdict_) verdict_ = what;
}

void Judge::born(raft::NodeId node, std::uint64_t number) {
    lives_[node] = {};
    lives_[node].number = number;
}

void Judge::shown(const registry::State& state) {
    const merkle::TreeHead head = state.head();
    const auto [first, is_first] = roots_.try_emplace(head.size, head.root);
    if (first->second != head.root) {
        accuse("two sealed roots of " + at("size", head.size) + ": " + to_hex(first->second) +
               " and " + to_hex(head.root));
    }
    const auto [same, is_new] = heights_.try_emplace(state.height, Head{head.size, head.root});
    if (same->second != Head{head.size, head.root}) {
        accuse("two states at " + at("height", state.height));
    }
}

void Judge::rolled_back(raft::NodeId node) {
    forgetful_.insert(node);
    seal_heard_.erase(node);
}

void Judge::said(const rpc::PeerEnvelope& envelope) {
    const raft::NodeId node = envelope.message.sender;
    const Platter& platter = platter_of_(node);
    if (const auto* const line = std::get_if<rpc::Cosignature>(&envelope.message.body)) {
        said_promise(node);
        return said_cosignature(node, *line);
    }
    const auto* const message = std::get_if<rpc::RaftMessage>(&envelope.message.body);
    if (message == nullptr) return;
    const raft::Term held = platter.vote ? platter.vote->term : 0;
    if (envelope.message.term > held) {
        accuse(at("node", node) + " spoke in " + at("term", envelope.message.term) +
               ", its disk holds " + at("term", held));
    }
    if (is_promise(message->body)) said_promise(node);
    if (std::holds_alternative<raft::VoteRequest>(message->body)) {
        const raft::Vote want{envelope.message.term, node};
        if (platter.vote != want) accuse(at("node", node) + " stood before its vote was durable");
    }
    if (const auto* const reply = std::get_if<raft::VoteReply>(&message->body)) {
        if (reply->vote) said_vote(node, *reply->vote);
    }
    if (const auto* const ack = std::get_if<raft::Ack>(&message->body)) said_ack(envelope, *ack);
}

void Judge::said_promise(raft::NodeId node) {
    const std::size_t heard = lives_[node].answered.size();
    if (heard + 1 < quorum_) {
        accuse(at("node", node) + " promised after " + at("answers:", heard) +
               " to its first question");
    }
}

void Judge::said_vote(raft::NodeId node, const raft::SignedVote& vote) {
    const raft::Term term = vote.ballot.term;
    const auto [first, is_first] = votes_.try_emplace({node, term}, vote.ballot.candidate);
    if (first->second != vote.ballot.candidate) {
        accuse(at("node", node) + " voted twice in " + at("term", term));
    }
    const raft::Vote want{term, vote.ballot.candidate};
    if (platter_of_(node).vote != want) {
        accuse(at("node", node) + " voted before its vote was durable");
    }
}

void Judge::said_ack(const rpc::PeerEnvelope& envelope, const raft::Ack& ack) {
    const raft::NodeId node = envelope.message.sender;
    if (!platter_of_(node).holds(ack.index, ack.chain)) {
        accuse(at("node", node) + " acknowledged " + at("entry", ack.index) +
               " before it was durable");
    }
    raft::Index& highest = acks_[{node, envelope.message.term}];
    highest = std::max(highest, ack.index);
    claims_[{ack.claim.size, ack.claim.root}].insert(node);
}

void Judge::said_cosignature(raft::NodeId node, const rpc::Cosignature& cosignature) {
    const std::uint64_t size = cosignature.size;
    Life& life = lives_[node];
    if (size < life.cosigned_size) {
        accuse(at("node", node) + " cosigned " + at("size", size) + " after " +
               at("size", life.cosigned_size));
    }
    life.cosigned_size = size;
    const Platter& platter = platter_of_(node);
    if (!platter.cosigned || platter.cosigned->size < size) {
        return accuse(at("node", node) + " cosigned " + at("size", size) +
                      " before its guard was durable");
    }
    if (platter.cosigned->size != size) return;
    const Head head{size, platter.cosigned->root};
    std::set<raft::NodeId>& cosigners = cosigners_[head];
    const bool is_sealed = cosigners.size() >= quorum_;
    cosigners.insert(node);
    if (size == 0 || is_sealed) return;
    std::set<raft::NodeId> claimants = claims_[head];
    claimants.insert(node);
    if (claimants.size() < quorum_) {
        accuse(at("node", node) + " cosigned " + at("size", size) + " upon " +
               at("equal claims:", claimants.size()));
    }
}

void Judge::heard(raft::NodeId node, const rpc::PeerMessage& message) {
    if (const auto* const memory = std::get_if<rpc::Memory>(&message.body)) {
        Life& life = lives_[node];
        if (memory->number == life.number) life.answered.insert(message.sender);
    }
    const auto* const raft = std::get_if<rpc::RaftMessage>(&message.body);
    if (raft != nullptr) heard_seals(node, raft->seals);
    const auto* const seal = std::get_if<rpc::Seal>(&message.body);
    if (seal != nullptr) heard_seals(node, {*seal});
    const auto* const entries = std::get_if<rpc::JournalEntries>(&message.body);
    if (entries != nullptr) heard_seals(node, entries->seals);
}

void Judge::heard_seals(raft::NodeId node, const std::vector<rpc::Seal>& seals) {
    raft::Index& highest = seal_heard_[node];
    for (const rpc::Seal& seal : seals)
        highest = std::max(highest, seal.index);
}

void Judge::wrote(raft::NodeId node, const storage::Turn& turn, ledger::TimeMs clock_ms) {
    Life& life = lives_[node];
    life.newest_ms = std::max(life.newest_ms, clock_ms);
    for (std::size_t i = 0; i < turn.entries.size(); ++i)
        wrote_entry(node, std::span(turn.entries).first(i), turn.entries[i]);
    if (turn.cosigned) wrote_guard(node, *turn.cosigned);
}

// The block before an entry of a turn, which may replace what is on the platter.
raft::Index Judge::block_before(const Platter& platter,
                                std::span<const raft::Entry> of_turn,
                                raft::Index index) {
    for (auto each = of_turn.rbegin(); each != of_turn.rend(); ++each)
        if (each->kind == raft::EntryKind::block) return each->id.index;
    if (!of_turn.empty()) index = of_turn.front().id.index;
    for (auto each = platter.entries.rbegin(); each != platter.entries.rend(); ++each)
        if (each->first < index && each->second.kind == raft::EntryKind::block) return each->first;
    return 0;
}

void Judge::wrote_entry(raft::NodeId node,
                        std::span<const raft::Entry> of_turn,
                        const raft::Entry& entry) {
    const auto [first, is_first] = chains_.try_emplace(entry.id, entry.chain);
    if (first->second != entry.chain) {
        accuse("two entries of " + at("term", entry.id.term) + " at " +
               at("index", entry.id.index));
    }
    const Platter& platter = platter_of_(node);
    const bool is_there = platter.holds(entry.id.index, entry.chain);
    auto gone = platter.entries.lower_bound(entry.id.index);
    for (; !is_there && gone != platter.entries.end(); ++gone) {
        const auto committed = committed_.find(gone->first);
        if (committed != committed_.end() && committed->second.chain == gone->second.chain) {
            accuse(at("node", node) + " replaced " + at("entry", gone->first) + ", committed");
        }
        if (platter.cosigned && platter.cosigned->index >= gone->first) {
            accuse(at("node", node) + " replaced " + at("entry", gone->first) + ", cosigned");
        }
    }
    // Who heals takes entries from anybody, and promises nothing by it.
    if (entry.kind != raft::EntryKind::block || forgetful_.contains(node)) return;
    const raft::Index before = block_before(platter, of_turn, entry.id.index);
    if (before > seal_heard_[node]) {
        accuse(at("node", node) + " took " + at("block", entry.id.index) + " without the seal of " +
               at("block", before));
    }
    const auto leader = leaders_.find(entry.id.term);
    const bool is_own = leader != leaders_.end() && leader->second == node;
    if (is_own || entry.id.index <= seal_heard_[node]) return;
    const auto block = registry::parse_block(*entry.payload);
    if (block && block->time > lives_[node].newest_ms + node::NetworkClock::ahead_max_ms) {
        accuse(at("node", node) + " took " + at("block", entry.id.index) + " from the future");
    }
}

void Judge::wrote_guard(raft::NodeId node, const storage::CosignedRecord& guard) {
    const auto [first, is_first] = guards_.try_emplace({node, guard.size}, guard.root);
    if (first->second != guard.root) {
        accuse(at("node", node) + " cosigns two roots of " + at("size", guard.size));
    }
    const Platter& platter = platter_of_(node);
    if (platter.cosigned && platter.cosigned->size > guard.size) {
        accuse(at("node", node) + " cosigns " + at("size", guard.size) + " after " +
               at("size", platter.cosigned->size));
    }
}

void Judge::stored(raft::NodeId node, const storage::SealedBlock& block) {
    raft::Index& highest = seal_heard_[node];
    highest = std::max(highest, block.id.index);
    for (const registry::BatchRecord& record : block.block->batches) {
        const auto [first, is_first] = records_.try_emplace({record.member, record.nonce}, record);
        if (first->second != record) {
            accuse("one batch stands twice, at positions " + std::to_string(first->second.first) +
                   " and " + std::to_string(record.first));
        }
    }
}

void Judge::published(raft::NodeId node, const node::ReplicaEffects::Publication& publication) {
    const auto parsed = note::parse_checkpoint(publication.checkpoint);
    if (!parsed) return accuse(at("node", node) + " published no checkpoint");
    // The log's own line is one of them.
    if (parsed->note.signatures.size() < quorum_ + 1) {
        accuse(at("node", node) + " published without a quorum");
    }
    const merkle::TreeHead& head = parsed->checkpoint.head;
    if (head != publication.state.head()) accuse(at("node", node) + " published another head");
    shown(publication.state);
    Life& life = lives_[node];
    if (head.size < life.published_size) accuse(at("node", node) + " published a smaller size");
    life.published_size = head.size;
}

void Judge::answered(const registry::BatchRecord& record) {
    const std::uint64_t end = record.first + 1 + record.count;
    if (end > sealed_size()) {
        accuse("a batch up to " + at("position", end) + " was answered, sealed are " +
               std::to_string(sealed_size()));
    }
    const auto stored = records_.find({record.member, record.nonce});
    if (stored == records_.end() || stored->second != record) {
        accuse("a batch was answered as the ledger does not hold it");
    }
    const auto [first, is_first] = answered_.try_emplace({record.member, record.nonce}, record);
    if (first->second != record) {
        accuse("one batch was answered with positions " + std::to_string(first->second.first) +
               " and " + std::to_string(record.first));
    }
}

void Judge::look(raft::NodeId node, const node::Replica& replica) {
    const raft::Status status = replica.status();
    Life& life = lives_[node];
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
        if (holds || forgetful_.contains(each)) ++durable;
        const auto ack = acks_.find({each, id.term});
        const bool said = ack != acks_.end() && ack->second >= id.index;
        if (said || (each == node && holds)) ++acknowledged;
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
        const auto found = store.find_batch(key.first, key.second);
        if (found && *found == record) continue;
        return accuse("a batch answered at position " + std::to_string(record.first) +
                      " is not there at " + at("node", node));
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
