// Clients' and peers' batches: kept until sealed, judged early, handed to whoever leads.
#include <utility>

#include "node/replica.h"
#include "node/submission.h"

namespace chancery::node {

Result<void> Replica::submit(PooledBatch batch, ledger::TimeMs now_ms) {
    set_now(now_ms);
    const std::string why_not = why_no_writes();
    if (!why_not.empty()) return Error{Errc::unavailable, why_not};
    const auto has_room = pool_.check_room(batch);
    if (!has_room) return has_room.error();
    const auto id = submission_id(*batch.bulk);
    if (!id) return id.error();
    take_in(std::move(batch), *id);
    settle();
    return {};
}

// Who leads judges a batch with its block; who follows answers a client what it can, forwards the
// rest, and of what a peer tells it remembers what is any good.
void Replica::take_in(PooledBatch batch, const SubmissionId& id) {
    Pool::Kept kept;
    kept.batch = std::move(batch);
    kept.key = id.key;
    kept.expires = id.expires;
    kept.since_ms = now_ms_;
    if (core_.role() == raft::Role::leader) {
        pool_.add(std::move(kept));
    } else {
        settle_kept(std::move(kept));
    }
}

// Upon the sealed state, in a block of this time or the newest's: refused, repeated, or (nullopt)
// good so far, or not to be told yet.
std::optional<TicketAnswer> Replica::judge_alone(Pool::Kept& kept,
                                                 ledger::TimeMs time,
                                                 bool is_refused_by_leader) {
    using Outcome = registry::BlockBuilder::Outcome;
    if (is_store_ahead()) return std::nullopt;
    registry::BlockBuilder builder(state_, store_, time, &signatures_);
    const auto outcome = builder.add(*kept.batch.bulk);
    if (!outcome) {
        halt(outcome.error());
        return std::nullopt;
    }
    if (outcome->kind != Outcome::Kind::refused) kept.message = outcome->message();
    switch (outcome->kind) {
        case Outcome::Kind::accepted:
            return std::nullopt;
        case Outcome::Kind::refused:
            if (outcome->is_early && !is_refused_by_leader) return std::nullopt;
            return refusal_of(kept.batch.ticket, *outcome->refusal);
        case Outcome::Kind::repeated:
            break;
    }
    return repeated_answer(kept.batch.ticket, *outcome);
}

TicketAnswer Replica::repeated_answer(Ticket ticket,
                                      const registry::BlockBuilder::Outcome& outcome) const {
    TicketAnswer answer;
    answer.ticket = ticket;
    answer.is_repeat = true;
    answer.record = outcome.record;
    answer.act = outcome.act;
    answer.sealed_size = state_.frontier.leaf_count();
    return answer;
}

// The block that is being stored may be seen in part: a batch's commitments and not its nonce.
bool Replica::is_store_ahead() const { return pending_ && pending_->is_seal_asked; }

void Replica::settle_unjudged() {
    for (Pool::Kept& kept : pool_.take_unjudged())
        settle_kept(std::move(kept));
}

// Answered if it can be; else it waits in the pool. Whether it is in force is for the leader's
// block to say, not for this node's clock: it is judged as at the last moment at which it may be.
void Replica::settle_kept(Pool::Kept kept) {
    auto answer = judge_alone(kept, kept.expires);
    if (!answer) {
        pool_.add(std::move(kept));
    } else if (kept.batch.origin == 0) {
        effects_.answers.push_back(std::move(*answer));
    }
}

void Replica::send_batch(raft::NodeId to, const PooledBatch& batch) {
    for (const storage::StoredContent& content : batch.contents)
        send(to, rpc::Content{content.bytes});
    send(to, rpc::ForwardedBatch{batch.ticket, batch.bulk});
}

void Replica::forward_batches() {
    const auto leader = core_.leader();
    if (!leader || leader == identity_.member || is_halted_) return;
    while (const Pool::Kept* const kept =
               pool_.next_to_forward(now_ms_, settings_.forward_bytes_max)) {
        send_batch(*leader, kept->batch);
    }
}

// What waits too long: expired, lost on its way, or held back by whoever leads.
void Replica::watch_batches() {
    const auto before = [this](std::uint64_t age_ms) {
        return now_ms_ > age_ms ? now_ms_ - age_ms : 0;
    };
    if (ticks_ % 10 == 0) {
        for (Pool::Kept& kept : pool_.take_expired(state_.time))
            settle_kept(std::move(kept));
        pool_.forget_forwarding_before(before(settings_.forward_again_ms));
        const Pool::Kept* const kept =
            pool_.next_to_spread(before(settings_.spread_age_ms), now_ms_);
        for (const raft::NodeId node : core_.configuration().members()) {
            const bool is_other = node != identity_.member && node != core_.leader();
            if (kept != nullptr && is_other) send_batch(node, kept->batch);
        }
    }
    const auto oldest = pool_.oldest_ms();
    const bool is_held_back = oldest && *oldest < before(settings_.patience_ms);
    const bool is_stuck = pending_ && pending_->begun_ms < before(settings_.patience_ms);
    if (is_held_back || is_stuck) core_.end_stickiness();
    const std::uint64_t age = settings_.empty_block_age_ms + NetworkClock::ahead_max_ms;
    if (state_.height == 0 || state_.time >= before(age)) return;
    core_.end_stickiness();  // Its leader owes an empty block.
    if (!std::exchange(is_stale_told_, true)) {
        effects_.events.push_back({true, "no_block_for_an_hour", {}});
    }
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::ForwardedBatch& forwarded) {
    PooledBatch batch{forwarded.ticket, forwarded.bulk, {}, from};
    const auto id = submission_id(*batch.bulk);
    if (!id || !is_whole()) return;
    const auto has_room = pool_.check_room(batch);
    if (has_room) return take_in(std::move(batch), *id);
    if (core_.role() != raft::Role::leader) return;
    send(from, rpc::ForwardRefusal{forwarded.ticket, has_room.error()});
}

// A leader that has no room is believed; for any other reason this node finds out for itself, and
// a batch that it holds to be good stays until it is sealed.
void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::ForwardRefusal& refusal) {
    const auto place = pool_.find(refusal.ticket);
    if (!place || from != core_.leader() || pool_.at(*place).is_in_block) return;
    if (refusal.refusal.code == Errc::unavailable) {
        const PooledBatch batch = pool_.take(*place);
        effects_.answers.push_back(refusal_of(batch.ticket, refusal.refusal));
        return;
    }
    if (is_store_ahead()) return pool_.forget_judgement(*place);
    Pool::Kept kept = pool_.at(*place);
    auto answer = judge_alone(kept, kept.expires, true);
    // Then it is about the time: believed if this node's clock says so, too.
    if (!answer) answer = judge_alone(kept, now_ms_, true);
    if (!answer) return;
    pool_.take(*place);
    effects_.answers.push_back(std::move(*answer));
}

}  // namespace chancery::node
