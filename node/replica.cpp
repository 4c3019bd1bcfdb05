#include "node/replica.h"

#include <algorithm>
#include <iterator>

#include "consensus/raft/certificate.h"
#include "crypto/base/encoding.h"

namespace chancery::node {
namespace {

raft::Claim claim_of(const registry::AppliedBlock& block) {
    const merkle::TreeHead head = block.after.head();
    return {block.after.height, head.size, head.root};
}

std::uint64_t bytes_of_batch(const PooledBatch& batch) {
    std::uint64_t bytes = batch.bulk.size();
    for (const storage::StoredContent& content : batch.contents)
        bytes += content.bytes->size();
    return bytes;
}

// Sealed blocks that the core keeps in memory for peers that lag.
constexpr raft::Index entries_kept = 64;

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
                 const registry::LedgerView& view)
    : settings_(settings),
      identity_(std::move(identity)),
      view_(view),
      state_(std::move(restored.state)),
      core_(std::move(restored.core)),
      sealer_(identity_.sealer, restored.sealer) {
    next_turn_.must_sync = false;
    sealed_index_ = core_.status().sealed;
}

void Replica::start(ledger::TimeMs now_ms) {
    now_ms_ = now_ms;
    if (sealer_.checkpoint().empty()) {
        CHECK(state_.frontier.leaf_count() == 0);
        sealer_.begin({0, 0, identity_.network_id, state_.head(), state_.members});
    }
    settle();
}

void Replica::tick(ledger::TimeMs now_ms) {
    now_ms_ = now_ms;
    core_.tick();
    if (!pending_) sealer_.refresh(now_ms / 1'000, settings_.refresh_age_s);
    settle();
}

void Replica::receive(raft::NodeId from, const raft::Message& message) {
    core_.receive(from, message);
    settle();
}

std::string Replica::why_no_writes() const {
    if (is_halted_) return "this node has stopped";
    if (is_disk_low_) return "the disk is nearly full";
    if (sealer_.checkpoint().empty()) return "the empty log is not sealed yet";
    if (core_.status().role != raft::Role::leader) return "no leader is elected";
    return {};
}

Result<void> Replica::submit(PooledBatch batch, ledger::TimeMs now_ms) {
    now_ms_ = now_ms;
    const std::string why_not = why_no_writes();
    if (!why_not.empty()) return Error{Errc::unavailable, why_not};
    std::uint64_t bytes = batch.bulk.size();
    for (const storage::StoredContent& content : batch.contents)
        bytes += content.bytes->size();
    if (pool_bytes_ + bytes > settings_.pool_bytes_max) {
        return Error{Errc::unavailable,
                     std::to_string(pool_bytes_) + " bytes of submissions wait, at most " +
                         std::to_string(settings_.pool_bytes_max)};
    }
    pool_bytes_ += bytes;
    pool_.push_back(std::move(batch));
    settle();
    return {};
}

// Runs every consequence of the last event to its end.
void Replica::settle() {
    follow();
    propose_when_possible();
    follow();
    emit_turn();
}

void Replica::follow() {
    if (is_halted_) return;
    follow_core();
    follow_sealer();
}

void Replica::follow_core() {
    for (raft::Effects asked = core_.take_effects(); !asked.is_empty() && !is_halted_;
         asked = core_.take_effects()) {
        take_core_effects(std::move(asked));
    }
    agree_when_ready();
}

void Replica::take_core_effects(raft::Effects asked) {
    if (asked.sign_vote) sign_vote(*asked.sign_vote);
    if (asked.write) {
        has_next_turn_ = true;
        next_turn_.must_sync = true;
        next_awaited_.core_writes.push_back(asked.write->id);
        if (asked.write->vote) next_turn_.vote = asked.write->vote;
        std::ranges::move(asked.write->entries, std::back_inserter(next_turn_.entries));
    }
    std::ranges::move(asked.send, std::back_inserter(effects_.send));
    for (const raft::Entry& entry : asked.apply_speculatively)
        apply_proposed(entry);
    for (const raft::Entry& entry : asked.committed) {
        if (pending_ && pending_->id == entry.id) pending_->is_committed = true;
    }
    if (asked.role) {
        note_event(std::string(role_name(asked.role->role)),
                   {{"term", std::to_string(asked.role->term)}});
    }
    for (const raft::Evidence& evidence : asked.evidence) {
        effects_.events.push_back(
            {true,
             "contradiction",
             {{"from", std::to_string(evidence.from)},
              {"term", std::to_string(evidence.term)},
              {"kind", std::to_string(static_cast<std::uint64_t>(evidence.kind))}}});
    }
}

void Replica::sign_vote(const raft::Ballot& ballot) {
    raft::SignedVote vote;
    vote.ballot = ballot;
    vote.voter = identity_.member;
    vote.signature = identity_.node_key.sign(raft::vote_message(ballot));
    core_.vote_signed(vote);
}

// A block that this node did not propose in this life: judged before it is acknowledged.
void Replica::apply_proposed(const raft::Entry& entry) {
    if (is_halted_) return;
    if (pending_ && pending_->id == entry.id) return;
    auto applied = registry::apply_block(state_, view_, *entry.payload);
    if (!applied) return halt(applied.error());
    CHECK(!sealer_.is_sealing());
    Pending pending;
    pending.id = entry.id;
    pending.chain = entry.chain;
    pending.block = std::make_shared<const registry::AppliedBlock>(std::move(*applied));
    pending.proposed_ms = now_ms_;
    pending_ = std::move(pending);
    begin_sealing();
}

void Replica::begin_sealing() {
    const raft::Claim claim = claim_of(*pending_->block);
    sealer_.begin({claim.height,
                   pending_->id.index,
                   pending_->chain,
                   {claim.size, claim.root},
                   state_.members});
    core_.applied(pending_->id, claim);
}

// Committed is not enough to sign: a quorum must have derived the same from it.
void Replica::agree_when_ready() {
    if (!sealer_.is_sealing() || is_halted_) return;
    if (pending_ && !pending_->is_committed) return;
    const raft::Index index = pending_ ? pending_->id.index : 0;
    switch (core_.claims_of(index)) {
        case raft::Agreement::undecided:
            return;
        case raft::Agreement::agreed:
            return sealer_.agreed();
        case raft::Agreement::outvoted:
            return halt({Errc::corrupt,
                         "a quorum derived another ledger than this node from the same journal: "
                         "rebuild the database with chanceryd recover"});
        case raft::Agreement::impossible:
            return halt({Errc::corrupt,
                         "the members derived different ledgers from the same journal, and none "
                         "has a quorum: nothing was signed; compare the nodes' versions"});
    }
}

bool Replica::may_propose() const {
    if (is_halted_ || pending_ || sealer_.is_sealing()) return false;
    const raft::Status status = core_.status();
    return status.role == raft::Role::leader && status.committed == status.last.index &&
           status.last_block <= status.sealed;
}

void Replica::propose_when_possible() {
    if (!may_propose()) return;
    const bool is_stale =
        state_.height > 0 && now_ms_ >= state_.time + settings_.empty_block_age_ms;
    if (pool_.empty() && !is_stale) return;
    registry::BlockBuilder builder(state_, view_, now_ms_);
    registry::BlockWriter writer(std::max(now_ms_, state_.time));
    Pending pending;
    pending.proposed_ms = now_ms_;
    judge_pool(builder, writer, pending);
    if (is_halted_ || (builder.is_empty() && !is_stale)) return;
    pending.block = std::make_shared<const registry::AppliedBlock>(builder.finish());
    const auto id = core_.propose(std::make_shared<const Bytes>(writer.finish()));
    CHECK(id);  // may_propose() held, and nothing came between.
    pending.id = *id;
    pending.chain = *core_.journal().chain_at(id->index);
    for (const storage::StoredContent& content : pending.contents) {
        next_turn_.contents.push_back({content.hash, content.bytes});
    }
    pending_ = std::move(pending);
    begin_sealing();
}

void Replica::judge_pool(registry::BlockBuilder& builder,
                         registry::BlockWriter& writer,
                         Pending& pending) {
    while (!pool_.empty() && !is_halted_) {
        const std::size_t bytes = pool_.front().bulk.size();
        const bool is_first = writer.item_count() == 0;
        if (!is_first && writer.byte_count() + bytes > settings_.block_bytes_soft_max) return;
        PooledBatch batch = std::move(pool_.front());
        pool_.pop_front();
        const std::uint64_t pooled = bytes_of_batch(batch);
        if (!judge(batch, builder, writer, pending)) return;
        pool_bytes_ -= pooled;
    }
}

bool Replica::judge(PooledBatch& batch,
                    registry::BlockBuilder& builder,
                    registry::BlockWriter& writer,
                    Pending& pending) {
    using Outcome = registry::BlockBuilder::Outcome;
    const auto outcome = builder.add_batch(batch.bulk);
    if (!outcome) {
        halt(outcome.error());
        return false;
    }
    TicketAnswer answer;
    answer.ticket = batch.ticket;
    switch (outcome->kind) {
        case Outcome::Kind::refused:
            if (outcome->refusal->code == Errc::unavailable) {  // No room left in this block.
                pool_.push_front(std::move(batch));
                return false;
            }
            answer.refusal = outcome->refusal;
            effects_.answers.push_back(std::move(answer));
            return true;
        case Outcome::Kind::repeated:
            if (outcome->record->height <= state_.height) {
                answer.is_repeat = true;
                answer.record = outcome->record;
                answer.sealed_size = state_.frontier.leaf_count();
                effects_.answers.push_back(std::move(answer));
                return true;
            }
            pending.repeats.insert(batch.ticket);
            break;
        case Outcome::Kind::accepted:
            writer.add(registry::ItemType::batch, batch.bulk);
            std::ranges::move(batch.contents, std::back_inserter(pending.contents));
            break;
    }
    pending.tickets.emplace_back(batch.ticket, *outcome->record);
    return true;
}

void Replica::follow_sealer() {
    SealerEffects asked = sealer_.take_effects();
    if (asked.alarm) return halt({Errc::corrupt, *asked.alarm});
    if (asked.guard) {
        has_next_turn_ = true;
        next_turn_.must_sync = true;
        next_turn_.cosigned = std::move(asked.guard);
        next_awaited_.has_guard = true;
    }
    if (asked.refreshed) show_note(*asked.refreshed);
    if (!asked.sealed) return;
    if (!pending_) {  // Size 0.
        show_note(*asked.sealed);
        note_event("sealed", {{"height", "0"}, {"size", "0"}});
        return;
    }
    const merkle::TreeHead head = pending_->block->after.head();
    has_next_turn_ = true;
    next_turn_.sealed = storage::SealedRecord{
        pending_->block->after.height, pending_->id.index, head.size, head.root, *asked.sealed};
    next_awaited_.has_seal = true;
    effects_.store = storage::SealedBlock{
        pending_->block, pending_->id, pending_->chain, *asked.sealed, pending_->contents};
}

// A new note over the head that is stored already: into the journal, then before the world.
void Replica::show_note(const std::string& checkpoint) {
    const merkle::TreeHead head = state_.head();
    has_next_turn_ = true;
    next_turn_.sealed =
        storage::SealedRecord{state_.height, sealed_index_, head.size, head.root, checkpoint};
    next_awaited_.note = checkpoint;
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
    now_ms_ = now_ms;
    CHECK(in_flight_ && in_flight_->number == done);
    const Awaited finished = *std::exchange(in_flight_, std::nullopt);
    for (const std::uint64_t write : finished.core_writes)
        core_.durable(write);
    if (finished.has_guard) {
        if (pending_) core_.cosigned(pending_->id.index);
        sealer_.guarded(now_ms / 1'000);
    }
    if (finished.has_seal) pending_->is_seal_written = true;
    if (finished.note) {
        effects_.store_checkpoint = finished.note;
        effects_.publish = ReplicaEffects::Publication{state_, *finished.note};
    }
    publish_when_ready();
    settle();
}

void Replica::store_done(std::uint64_t height, ledger::TimeMs now_ms) {
    if (is_halted_) return;
    now_ms_ = now_ms;
    CHECK(pending_ && pending_->block->after.height == height);
    pending_->is_stored = true;
    publish_when_ready();
    settle();
}

void Replica::publish_when_ready() {
    if (!pending_ || !pending_->is_seal_written || !pending_->is_stored) return;
    Pending sealed = *std::exchange(pending_, std::nullopt);
    state_ = sealed.block->after;
    sealed_index_ = sealed.id.index;
    core_.sealed(sealed.id.index);
    if (sealed.id.index > entries_kept) core_.cut(sealed.id.index - entries_kept);
    const std::uint64_t size = state_.frontier.leaf_count();
    effects_.publish = ReplicaEffects::Publication{state_, sealer_.checkpoint()};
    for (const auto& [ticket, record] : sealed.tickets) {
        const bool is_repeat = sealed.repeats.contains(ticket);
        effects_.answers.push_back({ticket, is_repeat, record, size, std::nullopt});
    }
    note_event("sealed",
               {{"height", std::to_string(state_.height)},
                {"size", std::to_string(size)},
                {"batches", std::to_string(sealed.block->batches.size())},
                {"took_ms", std::to_string(now_ms_ - std::min(now_ms_, sealed.proposed_ms))}});
}

void Replica::note_event(std::string name, std::vector<std::pair<std::string, std::string>> facts) {
    effects_.events.push_back({false, std::move(name), std::move(facts)});
}

void Replica::halt(Error error) {
    is_halted_ = true;
    effects_.halt = std::move(error);
}

ReplicaEffects Replica::take_effects() { return std::exchange(effects_, {}); }

}  // namespace chancery::node
