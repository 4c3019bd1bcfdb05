#include "tests/simulation/judge.h"

#include <algorithm>

#include "consensus/registry/block.h"
#include "crypto/base/encoding.h"
#include "crypto/note/checkpoint.h"

namespace chancery::simulation {
namespace {

// Whoever says it binds itself.
bool is_promise(const raft::Body& body) {
    const auto* const reply = std::get_if<raft::VoteReply>(&body);
    return std::holds_alternative<raft::Ack>(body) ||
           std::holds_alternative<raft::VoteRequest>(body) || (reply != nullptr && reply->vote);
}

}  // namespace

void Platter::write(const storage::Turn& turn) {
    if (turn.sealed) unsynced = turn.sealed;
    if (!turn.must_sync) return;
    if (turn.vote) vote = turn.vote;
    for (const raft::Entry& entry : turn.entries) {
        entries.erase(entries.lower_bound(entry.id.index), entries.end());
        entries.emplace(entry.id.index, entry);
    }
    if (turn.cosigned && (!cosigned || turn.cosigned->size > cosigned->size)) {
        cosigned = turn.cosigned;
    }
    for (const storage::ExpectedSeal& seal : turn.expected)
        expected.insert(seal.size);
    sealed = unsynced;
    if (sealed) expected.erase(expected.begin(), expected.upper_bound(sealed->size));
}

std::size_t Platter::blocks_without_seal() const {
    const raft::Index from = std::max(base.id.index, sealed ? sealed->index : 0);
    const auto blocks = static_cast<std::size_t>(
        std::count_if(entries.upper_bound(from), entries.end(), [](const auto& each) {
            return each.second.kind == raft::EntryKind::block;
        }));
    return blocks - std::min(blocks, expected.size() + 1);
}

bool Platter::holds(raft::Index index, const Hash& chain) const {
    if (index <= base.id.index) return true;
    const auto entry = entries.find(index);
    return entry != entries.end() && entry->second.chain == chain;
}

Judge::Judge(std::uint32_t nodes, std::uint32_t quorum, PlatterOf platter_of)
    : nodes_(nodes), quorum_(quorum), platter_of_(std::move(platter_of)) {}

void Judge::distrust(std::set<raft::NodeId> liars, const ledger::Genesis& genesis) {
    liars_ = std::move(liars);
    members_ = std::make_shared<const ledger::Members>(ledger::members_from(genesis));
}

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
    // Of a vote that an older disk forgot only its candidate knows. As many may forget as may lie:
    // too few to elect two leaders.
    if (first->second != vote.ballot.candidate && !forgetful_.contains(node)) {
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
    has_line(node, node, cosignature.index);
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
    claimants.insert(liars_.begin(), liars_.end());
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
    const auto* const line = std::get_if<rpc::Cosignature>(&message.body);
    if (line != nullptr) has_line(node, message.sender, line->index);
}

// Who has a quorum's lines needs no seal from anybody. With liars: may_be_sealed().
void Judge::has_line(raft::NodeId node, raft::NodeId of, raft::Index index) {
    std::set<raft::NodeId>& lines = lines_[{node, index}];
    lines.insert(of);
    const bool is_sealed = liars_.empty() && lines.size() >= quorum_;
    if (is_sealed) seal_heard_[node] = std::max(seal_heard_[node], index);
}

void Judge::heard_seals(raft::NodeId node, const std::vector<rpc::Seal>& seals) {
    raft::Index& highest = seal_heard_[node];
    for (const rpc::Seal& seal : seals)
        highest = std::max(highest, place_of(seal));
}

// Where the block is that it seals; nobody's word counts where somebody may lie.
raft::Index Judge::place_of(const rpc::Seal& seal) const {
    if (liars_.empty()) return seal.index;
    const auto verified = node::verify_seal(seal.checkpoint, *members_);
    if (!verified) return 0;
    const merkle::TreeHead& head = verified->parsed.checkpoint.head;
    const auto place = places_.find({head.size, head.root});
    return place == places_.end() ? 0 : place->second;
}

// With liars, whose lines were not looked at: honest members cosigned that block, as many as a
// quorum with all liars in it needs. Who has their lines needs no seal from anybody.
bool Judge::may_be_sealed(raft::Index index) const {
    return !liars_.empty() && std::ranges::any_of(places_, [&](const auto& place) {
        const auto cosigners = cosigners_.find(place.first);
        return place.second == index && cosigners != cosigners_.end() &&
               cosigners->second.size() + liars_.size() >= quorum_;
    });
}

void Judge::saw_clock(raft::NodeId node, ledger::TimeMs clock_ms) {
    Life& life = lives_[node];
    life.newest_ms = std::max(life.newest_ms, clock_ms);
}

void Judge::wrote(raft::NodeId node, const storage::Turn& turn, ledger::TimeMs clock_ms) {
    if (is_liar(node)) return;
    saw_clock(node, clock_ms);
    for (std::size_t i = 0; i < turn.entries.size(); ++i)
        wrote_entry(node, std::span(turn.entries).first(i), turn.entries[i]);
    if (turn.cosigned) wrote_guard(node, *turn.cosigned);
}

// What let a block in must be there after any crash: who lags asks for it.
void Judge::wrote_all(raft::NodeId node) {
    const std::size_t blocks = is_liar(node) ? 0 : platter_of_(node).blocks_without_seal();
    if (blocks > 0)
        accuse(at("node", node) + " has " + std::to_string(blocks) +
               " blocks on its disk without the seals that let them in");
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
    if (first->second != entry.chain && liars_.empty()) {
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
    const bool heals = forgetful_.contains(node) || !lives_[node].is_whole;
    if (entry.kind != raft::EntryKind::block || heals) return;
    const raft::Index before = block_before(platter, of_turn, entry.id.index);
    if (before > seal_heard_[node] && !may_be_sealed(before)) {
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
    places_[{guard.size, guard.root}] = guard.index;
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
    if (is_liar(node)) return;
    raft::Index& highest = seal_heard_[node];
    highest = std::max(highest, block.id.index);
    for (const registry::BatchRecord& record : block.block->batches) {
        const auto [first, is_first] =
            records_.try_emplace(node::batch_key(record.member, record.nonce), record);
        if (first->second != record) {
            accuse("one batch stands twice, at positions " + std::to_string(first->second.first) +
                   " and " + std::to_string(record.first));
        }
    }
    for (const registry::ActRecord& act : block.block->acts) {
        const auto [first, is_first] =
            acts_.try_emplace(node::act_key(act.member, act.sequence), act);
        if (first->second != act) {
            accuse("one act stands twice, at positions " + std::to_string(first->second.position) +
                   " and " + std::to_string(act.position));
        }
    }
}

void Judge::published(raft::NodeId node, const node::ReplicaEffects::Publication& publication) {
    if (is_liar(node)) return;
    if (!liars_.empty()) {
        const auto verified = node::verify_seal(publication.note.checkpoint, *members_);
        if (!verified) {
            accuse(at("node", node) + " published what no quorum sealed");
        } else if (verified->seal != publication.note.seal) {
            accuse(at("node", node) + " published another count or time than its seal's");
        }
    }
    const auto parsed = note::parse_checkpoint(publication.note.checkpoint);
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

void Judge::answered(const registry::ActRecord& act) {
    if (act.position >= sealed_size()) {
        accuse("an act at " + at("position", act.position) + " was answered, sealed are " +
               std::to_string(sealed_size()));
    }
    const node::SubmissionKey key = node::act_key(act.member, act.sequence);
    answered_acts_.insert(key);
    const auto stored = acts_.find(key);
    if (stored == acts_.end() || stored->second != act) {
        accuse("an act was answered as the ledger does not hold it");
    }
}

void Judge::answered(const registry::BatchRecord& record) {
    const std::uint64_t end = record.first + 1 + record.count;
    if (end > sealed_size()) {
        accuse("a batch up to " + at("position", end) + " was answered, sealed are " +
               std::to_string(sealed_size()));
    }
    const node::SubmissionKey key = node::batch_key(record.member, record.nonce);
    const auto stored = records_.find(key);
    if (stored == records_.end() || stored->second != record) {
        accuse("a batch was answered as the ledger does not hold it");
    }
    const auto [first, is_first] = answered_.try_emplace(key, record);
    if (first->second != record) {
        accuse("one batch was answered with positions " + std::to_string(first->second.first) +
               " and " + std::to_string(record.first));
    }
}

}  // namespace chancery::simulation
