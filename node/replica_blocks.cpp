// From the pool to the world: what becomes of one block.
#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/ledger/act.h"
#include "node/replica.h"

namespace chancery::node {
namespace {

raft::Claim claim_of(const registry::AppliedBlock& block) {
    const merkle::TreeHead head = block.after.head();
    return {block.after.height, head.size, head.root};
}

}  // namespace

// A block that this node did not propose in this life: judged before it is acknowledged.
void Replica::apply(const raft::Entry& entry) {
    CHECK(!pending_ && !sealer_.is_sealing());
    auto applied = registry::apply_block(state_, store_, *entry.payload, &signatures_);
    if (!applied) return halt(applied.error());
    const ledger::TimeMs block_ms = applied->after.time;
    const bool is_unsealed = shelf_.expected_of_size(applied->after.head().size) == nullptr;
    if (is_unsealed) is_clock_told_ = false;
    if (is_unsealed && entry.id.term == core_.term() &&
        block_ms + settings_.empty_block_age_ms < now_ms_) {
        effects_.events.push_back(
            {true, "late_block", {{"behind_ms", std::to_string(now_ms_ - block_ms)}}});
        core_.end_stickiness();
    }
    Pending pending;
    pending.id = entry.id;
    pending.chain = entry.chain;
    pending.payload_bytes = entry.payload->size();
    pending.block = std::make_shared<const registry::AppliedBlock>(std::move(*applied));
    pending.begun_ms = now_ms_;
    pending.contents = contents_.take(pending.block->contents);
    pending_ = std::move(pending);
    begin_sealing();
    adopt_expected();
}

void Replica::begin_sealing() {
    for (const storage::StoredContent& content : pending_->contents)
        next_turn_.contents.push_back({content.hash, content.bytes});
    const raft::Claim claim = claim_of(*pending_->block);
    sealer_.begin({claim.height,
                   pending_->id.index,
                   pending_->chain,
                   {claim.size, claim.root},
                   state_.members});
    core_.applied(pending_->id, claim);
}

// A seal that came before its block, or while it is under way: a quorum's word on this very head.
// On another root of the same size it is the word of a quorum against this node's own.
void Replica::adopt_expected() {
    if (!pending_ || is_halted_) return;
    const merkle::TreeHead head = pending_->block->after.head();
    const VerifiedSeal* const seal = shelf_.expected_of_size(head.size);
    if (seal == nullptr || !sealer_.is_sealing()) return;
    if (!sealer_.adopt(*seal)) doubt(*seal);
}

// Committed is not enough to sign: a quorum must have derived the same from it.
void Replica::agree_when_ready() {
    if (!sealer_.is_sealing() || is_halted_ || !is_whole()) return;
    if (pending_ && pending_->is_overruled) return;
    const raft::Index index = pending_ ? pending_->id.index : 0;
    if (core_.committed() < index) return;
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
    if (is_halted_ || pending_ || sealer_.is_sealing() || !is_whole()) return false;
    const raft::Status status = core_.status();
    return status.role == raft::Role::leader && status.committed == status.last.index &&
           status.last_block <= status.sealed && to_apply_.empty();
}

void Replica::propose_when_possible() {
    if (!may_propose()) return;
    const auto time = clock_.now(now_ms_, core_.configuration().quorum);
    if (!time) return;  // The next heartbeat's answers bring the clocks.
    const bool is_stale = state_.height > 0 && *time >= state_.time + settings_.empty_block_age_ms;
    if (pool_.is_empty() && !is_stale) return;
    registry::BlockBuilder builder(state_, store_, *time, &signatures_);
    registry::BlockWriter writer(std::max(*time, state_.time));
    judge_pool(builder, writer);
    if (is_halted_ || (builder.is_empty() && !is_stale)) return;
    Pending pending;
    pending.block = std::make_shared<const registry::AppliedBlock>(builder.finish());
    pending.begun_ms = now_ms_;
    auto payload = std::make_shared<const Bytes>(writer.finish());
    pending.payload_bytes = payload->size();
    pending.contents = contents_.take(pending.block->contents);
    const auto id = core_.propose(std::move(payload));
    CHECK(id);  // may_propose() held, and nothing came between.
    pending.id = *id;
    pending.chain = *core_.journal().chain_at(id->index);
    pending_ = std::move(pending);
    begin_sealing();
}

void Replica::judge_pool(registry::BlockBuilder& builder, registry::BlockWriter& writer) {
    while (!pool_.is_empty() && !is_halted_) {
        const auto [place, kept] = pool_.front();
        const std::size_t bytes = kept->batch.bulk->size();
        const bool is_first = writer.item_count() == 0;
        if (!is_first && writer.byte_count() + bytes > settings_.block_bytes_soft_max) return;
        if (!judge(place, builder, writer)) return;
    }
}

bool Replica::judge(Pool::Place place,
                    registry::BlockBuilder& builder,
                    registry::BlockWriter& writer) {
    using Outcome = registry::BlockBuilder::Outcome;
    const PooledBatch& batch = pool_.front().second->batch;
    const auto outcome = builder.add(*batch.bulk);
    if (!outcome) {
        halt(outcome.error());
        return false;
    }
    if (outcome->kind == Outcome::Kind::refused) {
        if (outcome->refusal->code == Errc::unavailable) return false;  // No room in this block.
        const PooledBatch refused = pool_.take(place);
        if (refused.origin == 0) {
            effects_.answers.push_back(refusal_of(refused.ticket, *outcome->refusal));
        } else {
            send(refused.origin, rpc::ForwardRefusal{refused.ticket, *outcome->refusal});
        }
        return true;
    }
    if (outcome->kind == Outcome::Kind::repeated && outcome->height() <= state_.height) {
        const PooledBatch repeated = pool_.take(place);
        if (repeated.origin == 0) {
            effects_.answers.push_back(repeated_answer(repeated.ticket, *outcome));
        }
        return true;
    }
    if (outcome->kind == Outcome::Kind::accepted) {
        if (const auto act = ledger::act_in(*batch.bulk)) {
            writer.add(registry::ItemType::act, *act);
        } else {
            writer.add(registry::ItemType::batch, *batch.bulk);
        }
        for (const storage::StoredContent& content : batch.contents)
            contents_.keep(content);
    }
    pool_.put_into_block(place, outcome->message());
    return true;
}

// Of the head that is stored.
void Replica::write_note(const std::string& checkpoint) {
    const merkle::TreeHead head = state_.head();
    has_next_turn_ = true;
    next_turn_.sealed =
        storage::SealedRecord{state_.height, sealed_index_, head.size, head.root, checkpoint};
}

// The database had the newest block with its seal before a crash kept that from the journal. Who
// lags needs it: from this node, and from this node when it is born again.
void Replica::make_up_for_lost_seal() {
    const raft::Journal& journal = core_.journal();
    if (journal.has(sealed_index_)) {
        shelf_.keep(sealed_index_, journal.at(sealed_index_).payload->size(), sealer_.checkpoint());
    }
    write_note(sealer_.checkpoint());
}

// A new note over the head that is stored: into the journal, then before the world.
void Replica::show_note(const SealedNote& note) {
    write_note(note.checkpoint);
    next_awaited_.note = note;
    shelf_.renew(sealed_index_, note.checkpoint);
}

// Every seal that may have let in what the next turn writes, unless it is in the journal, or goes
// there before, as that of a sealed block.
void Replica::write_expected() {
    std::uint64_t reach = state_.frontier.leaf_count();
    if (pending_ && pending_->seal) {
        const merkle::TreeHead own = pending_->block->after.head();
        if (pending_->is_seal_asked) {
            reach = own.size;
        } else if (!shelf_.is_expected(own)) {
            next_turn_.expected.push_back({own.size, *pending_->seal});
        }
    }
    std::ranges::move(shelf_.take_unwritten(reach), std::back_inserter(next_turn_.expected));
}

// A quorum of others may seal a block before this node's own disk has it.
void Replica::store_when_ready() {
    if (!pending_ || !pending_->seal || pending_->is_seal_asked || is_halted_) return;
    if (core_.status().durable < pending_->id.index) return;
    pending_->is_seal_asked = true;
    const merkle::TreeHead head = pending_->block->after.head();
    has_next_turn_ = true;
    next_turn_.sealed = storage::SealedRecord{
        pending_->block->after.height, pending_->id.index, head.size, head.root, *pending_->seal};
    next_awaited_.has_seal = true;
    effects_.store = storage::SealedBlock{
        pending_->block, pending_->id, pending_->chain, *pending_->seal, pending_->contents};
}

void Replica::publish_when_ready() {
    if (!pending_ || !pending_->is_seal_written || !pending_->is_stored) return;
    const Pending sealed = *std::exchange(pending_, std::nullopt);
    state_ = sealed.block->after;
    sealed_index_ = sealed.id.index;
    core_.sealed(sealed.id.index);
    shelf_.keep(sealed.id.index, sealed.payload_bytes, *sealed.seal);
    // This node's blocks never ended there.
    for (std::string& passed : shelf_.drop_expected_to(state_.head().size))
        contradictions_.sealed_otherwise(std::move(passed));
    if (const raft::Index cut = shelf_.cut_to(); cut > 0) core_.cut(cut);
    effects_.publish = ReplicaEffects::Publication{state_, sealer_.newest_note()};
    is_stale_told_ = false;
    answer_sealed(*sealed.block);
    if (core_.role() != raft::Role::leader) settle_unjudged();
    note_event("sealed",
               {{"height", std::to_string(state_.height)},
                {"size", std::to_string(state_.frontier.leaf_count())},
                {"batches", std::to_string(sealed.block->batches.size())},
                {"took_ms", std::to_string(now_ms_ - std::min(now_ms_, sealed.begun_ms))}});
}

void Replica::answer_sealed(const registry::AppliedBlock& block) {
    TicketAnswer sealed;
    sealed.sealed_size = state_.frontier.leaf_count();
    for (const registry::BatchRecord& record : block.batches) {
        sealed.record = record;
        answer_sealed(batch_key(record.member, record.nonce), sealed, record.message);
    }
    sealed.record.reset();
    for (const registry::ActRecord& act : block.acts) {
        sealed.act = act;
        answer_sealed(act_key(act.member, act.sequence), sealed, act.message);
    }
}

// This node's clients: who asked first for what was signed there, and who asked for it again. What
// else they gave under that key is judged anew.
void Replica::answer_sealed(const SubmissionKey& key,
                            const TicketAnswer& sealed,
                            const Hash& message) {
    bool is_repeat = false;
    for (Pool::Kept& kept : pool_.take_all(key)) {
        if (kept.batch.origin != 0) continue;
        if (kept.message != message) {
            settle_kept(std::move(kept));
            continue;
        }
        TicketAnswer answer = sealed;
        answer.ticket = kept.batch.ticket;
        answer.is_repeat = std::exchange(is_repeat, true);
        effects_.answers.push_back(std::move(answer));
    }
}

}  // namespace chancery::node
