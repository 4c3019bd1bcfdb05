#include "consensus/raft/core.h"

#include <algorithm>
#include <string>

#include "consensus/raft/invariants.h"

namespace chancery::raft {
namespace {

constexpr std::size_t held_messages_max = 1024;

// Entries that a disk held, judged as a peer's would be, but for signatures.
Result<Journal> restore_journal(const Settings& settings, const Restored& restored) {
    if (auto ok = check_configuration(restored.base_configuration); !ok) return ok.error();
    Journal journal(restored.base, restored.base_configuration);
    for (const Entry& entry : restored.entries) {
        const EntryContext context{.network = settings.network,
                                   .epoch = settings.epoch,
                                   .previous = {journal.last(), journal.last_chain()},
                                   .configuration = &journal.configuration()};
        if (auto ok = check_entry(entry, context); !ok) return ok.error();
        journal.append(entry);
    }
    return journal;
}

bool has_certificate(const Message& message) {
    if (const auto* append = std::get_if<Append>(&message.body)) {
        return append->certificate.has_value();
    }
    if (const auto* heartbeat = std::get_if<Heartbeat>(&message.body)) {
        return heartbeat->certificate.has_value();
    }
    return false;
}

// Who opened `term`, if the journal's newest no-op did.
std::optional<NodeId> leader_in(const Journal& journal, Term term) {
    for (Index i = journal.last().index; journal.has(i) && journal.at(i).id.term == term; --i) {
        if (journal.at(i).kind != EntryKind::no_op) continue;
        return decode_certificate(*journal.at(i).payload)->ballot.candidate;
    }
    return std::nullopt;
}

}  // namespace

Result<Core> Core::start(const Settings& settings, const Restored& restored, std::uint64_t seed) {
    Result<Journal> journal = restore_journal(settings, restored);
    if (!journal) return Error{Errc::corrupt, "journal: " + journal.error().detail};
    const EntryId last = journal->last();
    if (restored.vote.term < last.term) {
        return Error{Errc::corrupt,
                     "journal: vote of term " + std::to_string(restored.vote.term) +
                         ", want at least " + std::to_string(last.term)};
    }
    if (restored.sealed > last.index || restored.cosigned > last.index) {
        return Error{Errc::corrupt,
                     "journal ends at " + std::to_string(last.index) +
                         ", before what is sealed or cosigned"};
    }
    Core core;
    core.settings_ = settings;
    core.journal_ = std::move(*journal);
    core.vote_ = restored.vote;
    core.random_ = seed;
    core.durable_ = last.index;
    core.sealed_ = restored.sealed;
    core.cosigned_ = restored.cosigned;
    core.committed_ = std::max(restored.base.id.index, restored.sealed);
    core.claims_[restored.sealed] = restored.claim;
    core.leader_ = leader_in(core.journal_, core.vote_.term);
    if (core.leader_ == settings.self) core.leader_.reset();
    for (const Entry& entry : restored.entries) {
        if (entry.kind == EntryKind::block && entry.id.index > restored.sealed) {
            core.effects_.apply_speculatively.push_back(entry);
        }
    }
    core.draw_timeout();
    core.note_role();
    core.effects_.role.reset();
    Invariants(core).check(core);
    return core;
}

void Core::tick() {
    const Invariants before(*this);
    if (leading() != nullptr) {
        tick_leader();
    } else {
        tick_follower();
    }
    finish_event();
    before.check(*this);
}

void Core::receive(NodeId from, const Message& message) {
    if (from == settings_.self || message.network != settings_.network) return;
    if (message.epoch != settings_.epoch || refuses_term(message)) return;
    const Invariants before(*this);
    dispatch(from, message);
    finish_event();
    before.check(*this);
}

bool Core::refuses_term(const Message& message) const {
    if (message.term <= vote_.term) return false;
    return message.term - vote_.term > term_leap_max && !has_certificate(message);
}

void Core::dispatch(NodeId from, const Message& message) {
    if (Leader* leader = leading(); leader != nullptr && message.term == vote_.term) {
        leader->heard.insert(from);
    }
    const Term term = message.term;
    std::visit([&](const auto& body) { on(from, term, body); }, message.body);
}

void Core::connected(NodeId peer) {
    const Invariants before(*this);
    if (Leader* leader = leading()) {
        if (const auto found = leader->peers.find(peer); found != leader->peers.end()) {
            found->second.restart(leader->beat);
        }
    }
    send_own_ack(peer);
    finish_event();
    before.check(*this);
}

void Core::contact(NodeId peer) {
    if (leader_ == peer) hear_leader();
}

void Core::durable(std::uint64_t write_id) {
    const Invariants before(*this);
    CHECK(write_id < next_write_);
    while (!outstanding_.empty() && outstanding_.front().id <= write_id) {
        durable_ = std::max(durable_, outstanding_.front().durable_to);
        outstanding_.erase(outstanding_.begin());
    }
    if (!term_is_durable_ && write_id >= term_write_) {
        term_is_durable_ = true;
        for (Envelope& envelope : held_)
            effects_.send.push_back(std::move(envelope));
        held_.clear();
        if (ballot_waits_) effects_.sign_vote = ballot_;
        ballot_waits_ = false;
    }
    finish_event();
    before.check(*this);
}

void Core::applied(EntryId block, const Claim& claim) {
    const Invariants before(*this);
    const bool is_ours = journal_.has(block.index) && journal_.at(block.index).id == block;
    if (is_ours && block.index > sealed_) {
        CHECK(journal_.at(block.index).kind == EntryKind::block);
        claims_[block.index] = claim;
    }
    finish_event();
    before.check(*this);
}

void Core::sealed(Index index) {
    if (index <= sealed_) return;
    const Invariants before(*this);
    CHECK(claims_.contains(index));
    sealed_ = index;
    claims_.erase(claims_.begin(), claims_.find(index));
    finish_event();
    before.check(*this);
}

void Core::cosigned(Index index) {
    if (index <= cosigned_) return;
    const Invariants before(*this);
    CHECK(index <= committed_);
    CHECK(index <= sealed_ || claims_.contains(index));
    cosigned_ = index;
    before.check(*this);
}

void Core::set_may_vote(bool may_vote) { settings_.may_vote = may_vote; }

void Core::end_stickiness() { stickiness_ended_ = true; }

void Core::recall_vote(const Vote& vote) {
    const Invariants before(*this);
    if (vote.term > vote_.term) adopt_term(vote.term);
    if (vote.term == vote_.term && !vote_.candidate && vote.candidate) {
        vote_.candidate = vote.candidate;
        pending_.vote = vote_;
        term_write_ = next_write_;
        term_is_durable_ = false;
    }
    finish_event();
    before.check(*this);
}

// Where `entries` end, if they could follow this journal's entry at `before`.
Result<Base> Core::check_following(Index before, const std::vector<Entry>& entries) const {
    Configuration active = journal_.configuration_at(before);
    Base previous{*journal_.id_at(before), *journal_.chain_at(before)};
    for (const Entry& entry : entries) {
        const EntryContext context{.network = settings_.network,
                                   .epoch = settings_.epoch,
                                   .previous = previous,
                                   .configuration = &active};
        if (auto ok = check_entry(entry, context); !ok) return ok.error();
        if (entry.kind == EntryKind::configuration) active = *decode_configuration(*entry.payload);
        previous = {entry.id, entry.chain};
    }
    return previous;
}

Result<void> Core::refill(const std::vector<Entry>& entries) {
    if (role() == Role::leader || role() == Role::candidate) {
        return Error{Errc::unavailable, "who leads or stands keeps the head that it was voted for"};
    }
    const Invariants before(*this);
    const auto end = check_following(journal_.last().index, entries);
    if (!end) return end.error();
    if (end->id.term > vote_.term) adopt_term(end->id.term);
    for (const Entry& entry : entries)
        append_of_another(entry);
    finish_event();
    before.check(*this);
    return {};
}

Result<void> Core::overrule(const std::vector<Entry>& entries) {
    if (leading() != nullptr) return Error{Errc::unavailable, "a leader only appends"};
    if (entries.empty() || entries.front().id.index == 0) {
        return Error{Errc::invalid, "no entries to put in their place"};
    }
    const Index place = entries.front().id.index - 1;
    if (place < std::max({committed_, cosigned_, sealed_}) || !journal_.id_at(place)) {
        return Error{Errc::invalid,
                     "entries after " + std::to_string(place) +
                         " stand in the place of what is committed or cosigned"};
    }
    const auto end = check_following(place, entries);
    if (!end) return end.error();
    become_follower();  // Who stands does so upon a head.
    truncate_journal_after(place);
    // What it acknowledged there is void; so is what its leader and it were thought to share.
    acknowledged_.erase(settings_.self);
    taken_ = std::min(taken_, place);
    const Invariants before(*this);
    if (end->id.term > vote_.term) adopt_term(end->id.term);
    for (const Entry& entry : entries)
        append_of_another(entry);
    finish_event();
    before.check(*this);
    return {};
}

std::optional<Core::HeardAck> Core::newest_ack(NodeId node) const {
    const auto found = acknowledged_.find(node);
    if (found == acknowledged_.end() || found->second.newest.index == 0) return std::nullopt;
    const Position& newest = found->second.newest;
    return HeardAck{newest.term, newest.index, newest.chain, newest.claim};
}

Index Core::sealed_shown_by(NodeId node) const {
    const auto found = acknowledged_.find(node);
    return found == acknowledged_.end() ? 0 : found->second.sealed;
}

void Core::cut(Index index) { journal_.cut(std::min({index, sealed_, committed_})); }

Effects Core::take_effects() {
    if (pending_.vote || !pending_.entries.empty()) {
        pending_.id = next_write_++;
        const Index last = pending_.entries.empty() ? 0 : pending_.entries.back().id.index;
        outstanding_.push_back({.id = pending_.id, .durable_to = last});
        effects_.write = std::move(pending_);
        pending_ = {};
    }
    Effects taken = std::move(effects_);
    effects_ = {};
    return taken;
}

bool Core::hears_leader() const {
    return leading() != nullptr || (leader_ && ticks_since_leader_ < settings_.election_ticks);
}

Role Core::role() const { return static_cast<Role>(role_.index()); }

Status Core::status() const {
    Status status{.role = role(),
                  .term = vote_.term,
                  .leader = leader_,
                  .last = journal_.last(),
                  .taken = taken_,
                  .durable = durable_,
                  .committed = committed_,
                  .sealed = sealed_,
                  .cosigned = cosigned_,
                  .last_block = journal_.last_block(),
                  .peers = {}};
    if (const Leader* leader = leading()) {
        for (const auto& [node, progress] : leader->peers) {
            status.peers.push_back({.node = node,
                                    .match = progress.match(),
                                    .next = progress.next(),
                                    .is_probing = progress.is_probing(),
                                    .needs_older = !journal_.id_at(progress.next() - 1)});
        }
    }
    return status;
}

// The vote goes with the term: a new term has none yet.
void Core::adopt_term(Term term) {
    CHECK(term > vote_.term);
    vote_ = {.term = term, .candidate = std::nullopt};
    pending_.vote = vote_;
    term_write_ = next_write_;
    term_is_durable_ = false;
    held_.clear();  // Spoken in the old term: as if lost.
    ballot_.reset();
    signed_vote_.reset();
    ballot_waits_ = false;
    leader_.reset();
    taken_ = 0;
    stickiness_ended_ = false;
    become_follower();
}

void Core::become_follower() { role_ = Follower{}; }

void Core::step_down() {
    leader_.reset();
    ticks_since_contact_ = 0;
    draw_timeout();
    become_follower();
}

void Core::send(NodeId to, Body body) {
    if (to == settings_.self) return;
    Envelope envelope{.to = to,
                      .message = {.network = settings_.network,
                                  .epoch = settings_.epoch,
                                  .term = vote_.term,
                                  .body = std::move(body)}};
    if (term_is_durable_) {
        effects_.send.push_back(std::move(envelope));
    } else if (held_.size() < held_messages_max) {
        held_.push_back(std::move(envelope));
    }
}

void Core::append_to_journal(Entry entry) {
    pending_.entries.push_back(entry);
    journal_.append(std::move(entry));
}

void Core::append_of_another(const Entry& entry) {
    if (entry.kind == EntryKind::block) effects_.apply_speculatively.push_back(entry);
    append_to_journal(entry);
}

void Core::truncate_journal_after(Index index) {
    CHECK(index >= std::max({committed_, cosigned_, sealed_}));
    journal_.truncate_after(index);
    const auto is_cut = [index](const Entry& entry) { return entry.id.index > index; };
    std::erase_if(pending_.entries, is_cut);
    std::erase_if(effects_.apply_speculatively, is_cut);
    for (Outstanding& write : outstanding_)
        write.durable_to = std::min(write.durable_to, index);
    durable_ = std::min(durable_, index);
    claims_.erase(claims_.upper_bound(index), claims_.end());
}

void Core::finish_event() {
    acknowledge();
    advance_commit();
    // Raft thesis §4.2.2: a leader that is no voter any more leads until that is committed.
    const bool is_removed =
        !configuration().is_voter(settings_.self) && journal_.configuration_index() <= committed_;
    if (leading() != nullptr && is_removed) step_down();
    replicate();
    note_role();
}

void Core::note_role() {
    const bool is_led = role() == Role::follower || role() == Role::leader;
    const RoleChange now{
        .role = role(), .term = vote_.term, .leader = is_led ? leader_ : std::nullopt};
    if (now == announced_) return;
    announced_ = now;
    effects_.role = now;
}

}  // namespace chancery::raft
