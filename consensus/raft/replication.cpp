// The leader's side: its own entries, and who is sent what.
#include <algorithm>
#include <string>

#include "consensus/raft/core.h"
#include "consensus/raft/invariants.h"

namespace chancery::raft {
namespace {

constexpr std::uint64_t entry_overhead_bytes = 64;

Error refusal_to_propose(const char* reason) { return Error{Errc::unavailable, reason}; }

}  // namespace

Core::Leader* Core::leading() { return std::get_if<Leader>(&role_); }
const Core::Leader* Core::leading() const { return std::get_if<Leader>(&role_); }

EntryId Core::append_own(EntryKind kind, std::shared_ptr<const Bytes> payload) {
    const EntryId id{.term = vote_.term, .index = journal_.last().index + 1};
    const Hash chain = chain_hash(journal_.last_chain(), id, kind, *payload);
    append_to_journal({.id = id, .kind = kind, .payload = std::move(payload), .chain = chain});
    taken_ = id.index;
    return id;
}

Result<void> Core::check_may_propose() const {
    const Leader* leader = leading();
    if (leader == nullptr) return refusal_to_propose("this node does not lead");
    if (committed_ < leader->no_op) return refusal_to_propose("the term is not yet confirmed");
    return {};
}

Result<EntryId> Core::propose(std::shared_ptr<const Bytes> block) {
    if (auto ok = check_may_propose(); !ok) return ok.error();
    if (journal_.last_block() > sealed_) {
        return refusal_to_propose("the block before is not yet sealed");
    }
    if (block->size() > payload_bytes_max) {
        return Error{Errc::invalid,
                     "block of " + std::to_string(block->size()) + " bytes, want at most " +
                         std::to_string(payload_bytes_max)};
    }
    const Invariants before(*this);
    const EntryId id = append_own(EntryKind::block, std::move(block));
    leading()->ticks_without_commit = 0;
    leading()->clock_refusals.clear();
    finish_event();
    before.check(*this);
    return id;
}

Result<EntryId> Core::propose_configuration(const Configuration& next) {
    if (auto ok = check_may_propose(); !ok) return ok.error();
    if (journal_.configuration_index() > committed_) {
        return refusal_to_propose("the configuration before is not yet committed");
    }
    if (auto ok = check_successor(configuration(), next); !ok) return ok.error();
    const Invariants before(*this);
    const Bytes payload = encode_configuration(next);
    const EntryId id = append_own(EntryKind::configuration, std::make_shared<const Bytes>(payload));
    finish_event();
    before.check(*this);
    return id;
}

void Core::replicate() {
    Leader* leader = leading();
    if (leader == nullptr) return;
    const std::vector<NodeId> members = configuration().members();
    std::erase_if(leader->peers, [&](const auto& peer) {
        return !std::ranges::binary_search(members, peer.first);
    });
    for (const NodeId member : members) {
        if (member == settings_.self) continue;
        Progress& progress = leader->peers.try_emplace(member, leader->no_op).first->second;
        send_appends(member, progress);
    }
}

void Core::send_appends(NodeId peer, Progress& progress) {
    while (progress.next() <= journal_.last().index && progress.may_send(settings_.window)) {
        // What was cut, a peer gets from the public log.
        if (!journal_.id_at(progress.next() - 1)) return;
        Append append = next_append(peer, progress);
        std::uint64_t bytes = 0;
        for (const Entry& entry : append.entries) {
            bytes += entry.payload->size() + entry_overhead_bytes;
        }
        progress.sent(append.entries.back().id.index, bytes, leading()->beat);
        send(peer, std::move(append));
    }
}

Append Core::next_append(NodeId peer, const Progress& progress) const {
    const Index before = progress.next() - 1;
    Append append{.previous = *journal_.id_at(before),
                  .previous_chain = *journal_.chain_at(before),
                  .entries = {},
                  .sealed = sealed_,
                  .certificate = certificate_for(peer)};
    // A peer whose journal parts from this one replaces its suffix by one append or not at all:
    // then the append goes on until it reaches a no-op that entitles the peer to.
    bool reaches = progress.must_exceed() == 0;
    std::uint64_t bytes = 0;
    for (Index i = progress.next(); journal_.has(i); ++i) {
        const Entry& entry = journal_.at(i);
        const std::uint64_t entry_bytes = entry.payload->size() + entry_overhead_bytes;
        const bool is_full = bytes + entry_bytes > settings_.append_bytes_max;
        if (!append.entries.empty() && is_full && reaches) break;
        bytes += entry_bytes;
        append.entries.push_back(entry);
        if (entry.kind == EntryKind::no_op && entry.id.term > progress.must_exceed()) {
            reaches = true;
        }
    }
    return append;
}

std::optional<Append> Core::older_append(NodeId peer,
                                         const Base& previous,
                                         std::vector<Entry> entries) const {
    if (leading() == nullptr || entries.empty()) return std::nullopt;
    const Index last = entries.back().id.index;
    return Append{.previous = previous.id,
                  .previous_chain = previous.chain,
                  .entries = std::move(entries),
                  .sealed = std::min(sealed_, last),
                  .certificate = certificate_for(peer)};
}

std::optional<Certificate> Core::certificate_for(NodeId peer) const {
    const Leader& leader = *leading();
    const auto found = leader.peers.find(peer);
    if (found != leader.peers.end() && found->second.answers(leader.beat)) return std::nullopt;
    return leader.certificate;
}

void Core::send_heartbeats() {
    ++leading()->beat;
    for (const NodeId member : configuration().members()) {
        send(member,
             Heartbeat{.head = journal_.last(),
                       .chain = journal_.last_chain(),
                       .beat = leading()->beat,
                       .certificate = certificate_for(member)});
    }
    repeat_own_ack();
}

void Core::on(NodeId from, Term term, const HeartbeatReply& reply) {
    if (term > vote_.term) peer_is_ahead(from, term);
    Leader* leader = leading();
    if (leader == nullptr || term != vote_.term) return;
    const auto found = leader->peers.find(from);
    if (found == leader->peers.end()) return;
    found->second.heard(std::min(reply.taken, journal_.last().index), reply.beat);
}

void Core::on(NodeId from, Term term, const Refusal& refusal) {
    if (term > vote_.term) peer_is_ahead(from, term);
    Leader* leader = leading();
    if (leader == nullptr || term != vote_.term) return;
    const auto found = leader->peers.find(from);
    if (found == leader->peers.end()) return;
    Progress& progress = found->second;
    if (refusal.reason == Refusal::Reason::clock) {
        if (refusal.previous != journal_.last_block()) return;
        leader->clock_refusals.insert(from);
        if (tally(configuration(), {}, leader->clock_refusals) == Tally::lost) {
            step_down();
            return;
        }
        if (progress.refused(refusal.previous - 1, refusal.previous - 1)) progress.pause();
        return;
    }
    Index guess = std::min(refusal.guess.index, journal_.last().index);
    const bool is_mismatch = refusal.reason == Refusal::Reason::mismatch;
    if (is_mismatch && refusal.previous > 0) {
        guess = std::min(journal_.agreement_guess(refusal.guess).index, refusal.previous - 1);
    }
    if (!progress.refused(refusal.previous, guess)) return;
    const bool asked_before = progress.must_exceed() == refusal.last.term;
    progress.set_must_exceed(refusal.last.term);
    // What it lacks may have been cut: others hand that over. Said again at once, the same append
    // would meet the same refusal, and on links that repeat messages more of both each time.
    const bool has_it = guess >= journal_.base().id.index;
    const bool can_help_now =
        (is_mismatch && has_it) || (refusal.reason == Refusal::Reason::partial && !asked_before);
    if (!can_help_now) progress.pause();
}

}  // namespace chancery::raft
