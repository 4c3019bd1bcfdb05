// What peers say, and what is said to them.
#include <algorithm>
#include <utility>

#include "consensus/registry/block.h"
#include "crypto/hash/sha256.h"
#include "node/replica.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t ticks_per_repeat = 5;
constexpr std::uint64_t ticks_per_question = 2;

// What a node that may not promise anything yet keeps to itself.
bool is_promise(const raft::Body& body) {
    const auto* const reply = std::get_if<raft::VoteReply>(&body);
    return std::holds_alternative<raft::Ack>(body) || (reply != nullptr && reply->vote);
}

const raft::Certificate* certificate_of(const raft::Body& body) {
    if (const auto* const append = std::get_if<raft::Append>(&body)) {
        return append->certificate ? &*append->certificate : nullptr;
    }
    const auto* const heartbeat = std::get_if<raft::Heartbeat>(&body);
    return heartbeat != nullptr && heartbeat->certificate ? &*heartbeat->certificate : nullptr;
}

}  // namespace

void Replica::send(raft::NodeId to, rpc::PeerBody body) {
    if (to == identity_.member) return;
    rpc::PeerEnvelope envelope;
    envelope.to = to;
    envelope.message.network = identity_.network_id;
    envelope.message.epoch = core_.settings().epoch;
    envelope.message.sender = identity_.member;
    envelope.message.term = core_.term();
    envelope.message.body = std::move(body);
    effects_.send.push_back(std::move(envelope));
}

void Replica::send_to_all(const rpc::PeerBody& body) {
    for (const raft::NodeId node : core_.configuration().members())
        send(node, body);
}

// The core's messages with what travels beside them.
void Replica::send_core_message(raft::Envelope envelope) {
    if (!is_whole() && is_promise(envelope.message.body)) return;
    rpc::RaftMessage message{std::move(envelope.message.body), {}};
    if (auto* const reply = std::get_if<raft::HeartbeatReply>(&message.body)) {
        reply->clock_ms = now_ms_;
    }
    if (const auto* const append = std::get_if<raft::Append>(&message.body)) {
        message.seals = shelf_.beside(*append);
        const raft::Index last = append->previous.index + append->entries.size();
        const bool has_pending =
            pending_ && pending_->id.index > append->previous.index && pending_->id.index <= last;
        if (has_pending) {
            for (const storage::StoredContent& content : pending_->contents)
                send(envelope.to, rpc::Content{content.bytes});
        }
    }
    send(envelope.to, std::move(message));
    effects_.send.back().message.term = envelope.message.term;
}

void Replica::receive(raft::NodeId from, const rpc::PeerMessage& message, ledger::TimeMs now_ms) {
    if (is_halted_ || from != message.sender) return;
    if (message.network != identity_.network_id) return;
    if (message.epoch != core_.settings().epoch) return;
    set_now(now_ms);
    std::visit([&](const auto& body) { on(from, message.term, body); }, message.body);
    settle();
}

void Replica::on(raft::NodeId from, raft::Term term, const rpc::RaftMessage& message) {
    heard_votes(message.body, from);
    if (start_check_.phase() == StartCheck::Phase::asking) return;
    raft::Message out{identity_.network_id, core_.settings().epoch, term, message.body};
    std::optional<raft::Index> future;
    if (auto* const append = std::get_if<raft::Append>(&out.body)) {
        take_seals(message.seals);
        look_at_seals(from, message.seals);
        const raft::Index vouched = vouched_to(append->previous.index, append->entries);
        append->sealed = std::min(append->sealed, vouched);
        future = cut_future(*append);
    }
    if (const auto* const reply = std::get_if<raft::HeartbeatReply>(&out.body)) {
        if (core_.configuration().is_voter(from)) clock_.heard(from, reply->clock_ms, now_ms_);
    }
    core_.receive(from, out);
    // Who asks the others for another leader may be led by this one still.
    const bool is_leading = std::holds_alternative<raft::Append>(message.body) ||
                            std::holds_alternative<raft::Heartbeat>(message.body);
    if (is_leading && from == core_.leader() && term == core_.term()) led_ms_ = now_ms_;
    heard_of_journal(from, message.body);
    if (!future || core_.leader() != from) return;
    core_.refused_for_clock(from, *future);
    if (std::exchange(is_clock_told_, true)) return;
    effects_.events.push_back({true,
                               "block_ahead_of_clock",
                               {{"leader", std::to_string(from)},
                                {"index", std::to_string(*future)},
                                {"clock_ms", std::to_string(now_ms_)}}});
}

// Whoever leads shows by whom it was elected; whoever votes, whom it chose.
void Replica::heard_votes(const raft::Body& body, raft::NodeId from) {
    const auto heard = [this](const raft::SignedVote& vote) {
        raft::Vote& newest = votes_[vote.voter];
        if (vote.ballot.term > newest.term) newest = {vote.ballot.term, vote.ballot.candidate};
        contradictions_.heard_vote(vote);
    };
    if (const auto* const reply = std::get_if<raft::VoteReply>(&body)) {
        if (reply->vote && reply->vote->voter == from) heard(*reply->vote);
    }
    if (const raft::Certificate* const certificate = certificate_of(body)) {
        for (const auto& [voter, signature] : certificate->votes)
            heard({certificate->ballot, voter, signature});
    }
}

// Cuts off what is too far ahead of this node's clock; what is sealed asks no clock.
std::optional<raft::Index> Replica::cut_future(raft::Append& append) const {
    for (auto entry = append.entries.begin(); entry != append.entries.end(); ++entry) {
        if (entry->kind != raft::EntryKind::block || entry->id.index <= append.sealed) continue;
        if (!entry->payload) return std::nullopt;  // The core refuses it.
        const auto block = registry::parse_block(*entry->payload);
        if (!block || block->time <= now_ms_ + NetworkClock::ahead_max_ms) continue;
        const raft::Index index = entry->id.index;
        append.entries.erase(entry, append.entries.end());
        return index;
    }
    return std::nullopt;
}

// What place its sender gives a seal counts for nothing: it is found again by the head it is over.
void Replica::take_seals(const std::vector<rpc::Seal>& seals) {
    for (const rpc::Seal& seal : seals)
        take_seal(seal);
    adopt_expected();
}

void Replica::take_seal(const rpc::Seal& seal) {
    const auto parsed = note::parse_checkpoint(seal.checkpoint);
    if (!parsed || parsed->checkpoint.origin != state_.members->origin) return;
    const merkle::TreeHead& head = parsed->checkpoint.head;
    const bool is_first = sealer_.is_sealing() && !pending_;  // Size 0 is under way.
    if (!is_first && head.size <= sealer_.sealed_size()) return;
    if (pending_ && pending_->seal && head == pending_->block->after.head()) return;
    if (shelf_.is_expected(head)) return;
    if (seal.checkpoint.size() > seal_bytes_max(*state_.members)) return;
    auto verified = verify_seal(seal.checkpoint, *state_.members);
    if (!verified) return;
    if (is_first && head.size == 0) {
        sealer_.adopt(*verified);
        return;
    }
    if (is_first) sealer_.pass_over_empty();
    shelf_.expect(*verified);
}

// The last block that seals vouch for, on this journal up to `previous` and then `entries`. The
// pending block's head is known, and only a seal over it will do. What follows has no head yet; but
// each block makes the log larger and exists only when the one before is sealed, so seals of so
// many sizes are at least so many blocks on.
raft::Index Replica::vouched_to(raft::Index previous,
                                const std::vector<raft::Entry>& entries) const {
    raft::Index reach = sealed_index_;
    std::uint64_t size = state_.head().size;
    if (pending_) {
        const merkle::TreeHead own = pending_->block->after.head();
        const VerifiedSeal* const seal = shelf_.expected_of_size(own.size);
        const bool is_adopted = seal != nullptr && seal->parsed.checkpoint.head == own;
        if (!pending_->seal && !is_adopted) return reach;
        reach = pending_->id.index;
        size = own.size;
    }
    std::size_t seals = shelf_.expected_beyond(size);
    const auto pass = [&](const raft::Entry& entry) {
        if (entry.kind != raft::EntryKind::block || entry.id.index <= reach || seals == 0) return;
        reach = entry.id.index;
        --seals;
    };
    const raft::Journal& journal = core_.journal();
    for (raft::Index i = reach + 1; seals > 0 && journal.has(i) && i <= previous; ++i)
        pass(journal.at(i));
    for (const raft::Entry& entry : entries)
        pass(entry);
    return reach;
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::Cosignature& cosignature) {
    sealer_.cosignature(from, cosignature.size, cosignature.line);
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::Seal& seal) {
    take_seals({seal});
    look_at_seals(from, {seal});
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::MemoryRequest& request) {
    send(from, memory_of(from, request.number, core_, sealer_, votes_));
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::Memory& memory) {
    start_check_.answered(from, memory);
}

void Replica::on(raft::NodeId /*from*/, raft::Term /*term*/, const rpc::Content& content) {
    const Hash hash = sha256(*content.bytes);
    if (!contents_.is_wanted(hash)) return contents_.keep({hash, content.bytes});
    contents_.arrived(hash);
    effects_.store_contents.push_back({hash, content.bytes});
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::ContentRequest& request) {
    auto content = store_.content(request.hash);
    if (!content) return halt(content.error());
    if (*content) send(from, rpc::Content{std::make_shared<const Bytes>(std::move(**content))});
}

// What was said is said again until it can have been heard.
void Replica::repeat_state() {
    if (ticks_ % ticks_per_repeat != 0) return;
    const auto line = sealer_.own_line();
    // Nobody can show that size 0 is sealed, nor has its line over it in a later life.
    const bool is_empty = sealed_index_ == 0;
    const raft::Index noted = pending_ && pending_->seal ? pending_->id.index : sealed_index_;
    const bool has_empty_seal = is_empty && !sealer_.checkpoint().empty();
    std::vector<raft::NodeId> others;
    for (const raft::NodeId node : core_.configuration().members()) {
        if (node == identity_.member) continue;
        others.push_back(node);
        const raft::Index shown = core_.sealed_shown_by(node);
        if (line && (line->index > shown || is_empty)) send(node, *line);
        if (shown < sealed_index_ || has_empty_seal) {
            send(node, rpc::Seal{noted, sealer_.checkpoint()});
        }
    }
    if (others.empty() || contents_.wanted().empty()) return;
    const raft::NodeId asked = others[++asked_peers_ % others.size()];
    send(asked, rpc::ContentRequest{*contents_.wanted().begin()});
}

void Replica::ask_peers() {
    if (ticks_ % ticks_per_question == 0) {
        for (const raft::NodeId node : start_check_.unanswered())
            send(node, rpc::MemoryRequest{start_check_.number()});
    }
    // A leader believes that this node still has what it once acknowledged.
    const bool needs_entries = start_check_.phase() == StartCheck::Phase::recovering;
    if (!needs_entries || ticks_ % ticks_per_repeat != 0) return;
    const std::vector<raft::NodeId> members = core_.configuration().members();
    const raft::NodeId asked = members[++asked_peers_ % members.size()];
    send(asked, rpc::JournalRequest{core_.status().last.index, core_.journal().last_chain()});
    if (wants_blocks_of(asked)) ask_for_blocks(asked);
}

}  // namespace chancery::node
