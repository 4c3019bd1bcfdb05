#include "node/replica.h"

#include <algorithm>
#include <iterator>

#include "consensus/raft/certificate.h"

namespace chancery::node {
namespace {

// Between two events, of which there are ten a second: more is no time that passed.
constexpr ledger::TimeMs clock_back_ms = 1'000;
constexpr ledger::TimeMs clock_ahead_ms = 5'000;

}  // namespace

std::string_view role_name(raft::Role role) {
    switch (role) {
        case raft::Role::follower:
            return "follower";
        case raft::Role::pre_candidate:
        case raft::Role::candidate:
            return "candidate";
        case raft::Role::leader:
            return "leader";
    }
    CHECK(false);
    return {};
}

Replica::Replica(const Settings& settings,
                 Identity identity,
                 Restored restored,
                 const storage::LedgerStore& store)
    : settings_(settings),
      identity_(std::move(identity)),
      store_(store),
      state_(std::move(restored.state)),
      core_(std::move(restored.core)),
      sealer_(identity_.sealer, restored.sealer),
      start_check_(core_.configuration(), identity_.member, identity_.life),
      shelf_(settings.shelf),
      pool_(settings.pool_bytes_max) {
    next_turn_.must_sync = false;
    sealed_index_ = core_.status().sealed;
    const raft::Journal& journal = core_.journal();
    for (rpc::Seal& seal : restored.seals) {
        if (seal.index > sealed_index_ || !journal.has(seal.index)) continue;
        shelf_.keep(seal.index, journal.at(seal.index).payload->size(), std::move(seal.checkpoint));
    }
    if (sealed_index_ == 0 && !sealer_.checkpoint().empty()) {
        shelf_.keep(0, 0, sealer_.checkpoint());
    }
    const bool is_kept = !restored.seals.empty() && restored.seals.back().index >= sealed_index_;
    if (sealed_index_ > 0 && !is_kept) make_up_for_lost_seal();
    for (const std::string& checkpoint : restored.expected) {
        const auto seal = verify_seal(checkpoint, *state_.members);
        if (seal && seal->parsed.checkpoint.head.size > state_.frontier.leaf_count())
            shelf_.expect(*seal, true);
    }
    if (const raft::Index cut = shelf_.cut_to(); cut > 0) core_.cut(cut);
    for (raft::Index i = journal.last().index; journal.has(i); --i) {
        if (journal.at(i).kind != raft::EntryKind::no_op) continue;
        const auto certificate = raft::decode_certificate(*journal.at(i).payload);
        CHECK(certificate);  // The core read it already.
        for (const auto& [voter, signature] : certificate->votes)
            votes_[voter] = {certificate->ballot.term, certificate->ballot.candidate};
        break;
    }
}

void Replica::start(ledger::TimeMs now_ms) {
    now_ms_ = now_ms;
    led_ms_ = now_ms;
    if (sealer_.checkpoint().empty()) {
        CHECK(state_.frontier.leaf_count() == 0);
        sealer_.begin({0, 0, identity_.network_id, state_.head(), state_.members});
        if (shelf_.expected_beyond(0) > 0) sealer_.pass_over_empty();
    }
    ask_peers();
    settle();
}

void Replica::tick(ledger::TimeMs now_ms) {
    if (is_halted_) return;
    set_now(now_ms);
    ++ticks_;
    look_at_start();
    if (start_check_.phase() != StartCheck::Phase::done) ask_peers();
    if (start_check_.phase() == StartCheck::Phase::asking) return settle();
    core_.tick();
    if (is_whole()) {
        if (!pending_) sealer_.refresh(now_ms / 1'000, settings_.refresh_age_s);
        repeat_state();
        fetch_blocks();
        catch_up_peers();
    }
    watch_batches();
    settle();
}

// What was noted by a clock that has jumped since, or by one that stood still with this node, is
// worth nothing: above all how far the others' clocks were from it.
void Replica::set_now(ledger::TimeMs now_ms) {
    const bool is_jump = now_ms + clock_back_ms < now_ms_ || now_ms > now_ms_ + clock_ahead_ms;
    now_ms_ = now_ms;
    if (!is_jump) return;
    clock_.forget();
    led_ms_ = now_ms;
    catch_ups_.clear();
    pool_.forget_forwarding();
    if (pending_) pending_->begun_ms = now_ms;
}

void Replica::connected(raft::NodeId peer) {
    if (is_halted_) return;
    if (peer == core_.leader()) pool_.forget_forwarding();
    if (!is_whole()) {
        send(peer, rpc::MemoryRequest{start_check_.number()});
    } else if (const auto line = sealer_.own_line()) {
        send(peer, *line);
    }
    if (start_check_.phase() != StartCheck::Phase::asking) core_.connected(peer);
    settle();
}

void Replica::contact(raft::NodeId peer) {
    if (start_check_.phase() != StartCheck::Phase::asking) core_.contact(peer);
}

std::string Replica::why_no_writes() const {
    if (is_halted_) return "this node has stopped";
    if (is_disk_low_) return "the disk is nearly full";
    if (!is_whole()) return start_check_.text();
    if (sealer_.checkpoint().empty()) return "the empty log is not sealed yet";
    if (!is_led() && now_ms_ > led_ms_ + settings_.election_grace_ms) {
        return "no leader is elected";
    }
    return {};
}

// Who stands for election has lost its leader, though it knows who it was.
bool Replica::is_led() const {
    const raft::Role role = core_.role();
    return core_.leader() && (role == raft::Role::follower || role == raft::Role::leader);
}

// Runs every consequence of the last event to its end.
void Replica::settle() {
    look_at_start();
    follow();
    propose_when_possible();
    follow();
    forward_batches();
    emit_turn();
}

void Replica::follow() {
    if (is_halted_) return;
    follow_core();
    follow_sealer();
    store_when_ready();
}

void Replica::follow_core() {
    for (raft::Effects asked = core_.take_effects(); !asked.is_empty() && !is_halted_;
         asked = core_.take_effects()) {
        take_core_effects(std::move(asked));
    }
    if (leader_ != core_.leader()) {
        leader_ = core_.leader();
        pool_.forget_forwarding();
        if (leader_ != identity_.member) {
            pool_.drop_forwarded();
            // The next leader does not answer for a batch that is on the ledger already.
            settle_unjudged();
        }
        clock_.forget();
        catch_ups_.clear();
    }
    if (is_led()) led_ms_ = now_ms_;
    agree_when_ready();
}

void Replica::take_core_effects(raft::Effects asked) {
    if (asked.sign_vote) sign_vote(*asked.sign_vote);
    if (asked.write) {
        has_next_turn_ = true;
        next_turn_.must_sync = true;
        next_awaited_.core_writes.push_back(asked.write->id);
        if (asked.write->vote) next_turn_.vote = asked.write->vote;
        if (!asked.write->entries.empty()) write_expected();
        std::ranges::move(asked.write->entries, std::back_inserter(next_turn_.entries));
    }
    for (raft::Envelope& envelope : asked.send)
        send_core_message(std::move(envelope));
    std::ranges::move(asked.apply_speculatively, std::back_inserter(to_apply_));
    drop_replaced();
    if (asked.role) {
        std::vector<std::pair<std::string, std::string>> facts{
            {"term", std::to_string(asked.role->term)}};
        if (asked.role->leader) facts.emplace_back("leader", std::to_string(*asked.role->leader));
        note_event(std::string(role_name(asked.role->role)), std::move(facts));
    }
    for (raft::Evidence& evidence : asked.evidence)
        contradictions_.heard(std::move(evidence));
}

// A leader of a newer term replaced a part of the journal: what hung on it waits again.
void Replica::drop_replaced() {
    const raft::Journal& journal = core_.journal();
    std::erase_if(to_apply_, [&](const raft::Entry& entry) {
        return !journal.agrees(entry.id.index, entry.chain);
    });
    // A cut moves the base, and what is sealed with it; never what is pending.
    if (!pending_ || journal.agrees(pending_->id.index, pending_->chain)) return;
    CHECK(!pending_->seal);
    for (const storage::StoredContent& content : pending_->contents)
        contents_.keep(content);
    pending_.reset();
    sealer_.abandon();
    pool_.return_block();
}

void Replica::sign_vote(const raft::Ballot& ballot) {
    raft::SignedVote vote;
    vote.ballot = ballot;
    vote.voter = identity_.member;
    vote.signature = identity_.node_key.sign(raft::vote_message(ballot));
    core_.vote_signed(vote);
}

// From asking to recovering to whole; a promise that only others remember is put back first.
void Replica::look_at_start() {
    if (is_whole() || is_halted_) return;
    const StartCheck::Phase before = start_check_.phase();
    start_check_.look(core_, sealer_);
    if (start_check_.phase() == StartCheck::Phase::recovering) {
        if (const auto vote = start_check_.lost_vote(core_)) core_.recall_vote(*vote);
        const auto lost = start_check_.lost_cosignature(core_, sealer_);
        // A guard that a peer made up would forbid this node's own ledger for ever.
        const bool is_derived =
            lost && pending_ && pending_->id.index == lost->index &&
            pending_->block->after.head() == merkle::TreeHead{lost->size, lost->root};
        if (is_derived) {
            const storage::CosignedRecord record{lost->height,
                                                 lost->index,
                                                 lost->chain,
                                                 state_.members->origin,
                                                 lost->size,
                                                 lost->root};
            const auto recalled = sealer_.recall_guard(record);
            if (!recalled) return halt(recalled.error());
            has_next_turn_ = true;
            next_turn_.must_sync = true;
            next_turn_.cosigned = record;
        }
        start_check_.look(core_, sealer_);
    }
    if (start_check_.phase() == before) return;
    if (start_check_.phase() == StartCheck::Phase::recovering) {
        core_.set_may_vote(false);
        effects_.events.push_back({true, "recovering", {{"why", start_check_.text()}}});
        return;
    }
    if (before == StartCheck::Phase::recovering) note_event("recovered", {});
    core_.set_may_vote(core_.configuration().is_voter(identity_.member));
    for (const raft::NodeId node : core_.configuration().members())
        core_.connected(node);
}

void Replica::follow_sealer() {
    SealerEffects asked = sealer_.take_effects();
    for (const SealerEffects::StrangeLine& strange : asked.strange)
        look_at_line(strange);
    if (asked.alarm) return halt({Errc::corrupt, *asked.alarm});
    if (asked.guard) {
        has_next_turn_ = true;
        next_turn_.must_sync = true;
        next_awaited_.guard = asked.guard->index;
        next_turn_.cosigned = std::move(asked.guard);
    }
    if (asked.own_line) send_to_all(*asked.own_line);
    if (asked.refreshed) show_note(*asked.refreshed);
    if (!asked.sealed) return;
    if (!pending_) {  // Size 0.
        shelf_.keep(0, 0, asked.sealed->checkpoint);
        show_note(*asked.sealed);
        note_event("sealed", {{"height", "0"}, {"size", "0"}});
        return;
    }
    pending_->seal = std::move(asked.sealed->checkpoint);
}

void Replica::emit_turn() {
    if (!has_next_turn_ || in_flight_ || is_halted_) return;
    in_flight_ = std::exchange(next_awaited_, {});
    in_flight_->number = ++turns_;
    effects_.turn = ReplicaEffects::JournalTurn{in_flight_->number, std::exchange(next_turn_, {})};
    next_turn_.must_sync = false;
    has_next_turn_ = false;
}

void Replica::journal_done(std::uint64_t done, ledger::TimeMs now_ms) {
    if (is_halted_) return;
    set_now(now_ms);
    CHECK(in_flight_ && in_flight_->number == done);
    const Awaited finished = *std::exchange(in_flight_, std::nullopt);
    for (const std::uint64_t write : finished.core_writes)
        core_.durable(write);
    if (finished.guard) {
        if (*finished.guard > 0) core_.cosigned(*finished.guard);
        sealer_.guarded(now_ms / 1'000);
    }
    if (finished.has_seal) pending_->is_seal_written = true;
    if (finished.note) {
        effects_.store_checkpoint = finished.note->checkpoint;
        effects_.publish = ReplicaEffects::Publication{state_, *finished.note};
    }
    publish_when_ready();
    settle();
}

void Replica::store_done(std::uint64_t height, ledger::TimeMs now_ms) {
    if (is_halted_) return;
    set_now(now_ms);
    CHECK(pending_ && pending_->block->after.height == height);
    pending_->is_stored = true;
    publish_when_ready();
    settle();
}

bool Replica::has_work() const {
    return !to_apply_.empty() && !pending_ && !sealer_.is_sealing() && !is_halted_;
}

void Replica::work() {
    if (!has_work()) return;
    const raft::Entry entry = std::move(to_apply_.front());
    to_apply_.pop_front();
    apply(entry);
    settle();
}

void Replica::note_event(std::string name, std::vector<std::pair<std::string, std::string>> facts) {
    effects_.events.push_back({false, std::move(name), std::move(facts)});
}

void Replica::halt(Error error) {
    is_halted_ = true;
    effects_.halt = std::move(error);
}

ReplicaEffects Replica::take_effects() {
    effects_.evidence = contradictions_.take();
    for (const Contradiction& contradiction : effects_.evidence) {
        auto facts = facts_of(contradiction);
        if (!facts.empty()) effects_.events.push_back({true, "contradiction", std::move(facts)});
    }
    return std::exchange(effects_, {});
}

}  // namespace chancery::node
