// What a node does with submissions: to the replica, and back to who waits.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/ledger/act.h"
#include "node/node.h"
#include "node/submission.h"
#include "storage/crash_point.h"

namespace chancery::node {
namespace {

namespace asio = boost::asio;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t refusals_max = 10'000;
constexpr std::size_t waiting_max = 20'000;

Error has_stopped(const Error& halted) {
    return {Errc::unavailable, "this node has stopped: " + halted.detail};
}

}  // namespace

asio::awaitable<Result<rpc::BatchAnswer>> Node::submit(rpc::Submission submission) {
    const auto id = submission_id(submission.bulk);
    if (!id) co_return id.error();
    if (id->key.type != registry::ItemType::batch) {
        co_return Error{Errc::invalid, "an act, want a batch"};
    }
    const auto checked = check_contents(submission);
    if (!checked) co_return checked.error();
    PooledBatch batch;
    batch.bulk = std::make_shared<const Bytes>(std::move(submission.bulk));
    for (auto& [hash, bytes] : submission.contents) {
        batch.contents.push_back({hash, std::make_shared<const Bytes>(std::move(bytes))});
    }
    const auto waiting = hand_over(*id, std::move(batch), submission.wait);
    if (!waiting) co_return waiting.error();
    co_await (*waiting)->timer.async_wait(as_value);
    auto settled = settled_by(**waiting, id->expires);
    if (!settled) co_return settled.error();
    if (settled->sealed) co_return sealed_answer(*settled->sealed);
    rpc::BatchAnswer pending;
    pending.member = id->key.member;
    pending.nonce = id->key.name;
    pending.promise = std::move(settled->promise);
    co_return pending;
}

asio::awaitable<Result<rpc::ActAnswer>> Node::submit_act(rpc::ActSubmission submission) {
    const auto id = submission_id(submission.bytes);
    if (!id) co_return id.error();
    if (id->key.type != registry::ItemType::act) {
        co_return Error{Errc::invalid, "a batch, want an act"};
    }
    PooledBatch act;
    act.bulk = std::make_shared<const Bytes>(std::move(submission.bytes));
    const auto waiting = hand_over(*id, std::move(act), submission.wait);
    if (!waiting) co_return waiting.error();
    co_await (*waiting)->timer.async_wait(as_value);
    auto settled = settled_by(**waiting, id->expires);
    if (!settled) co_return settled.error();
    if (settled->sealed) co_return sealed_act(*settled->sealed);
    rpc::ActAnswer pending = act_answer(id->key);
    pending.promise = std::move(settled->promise);
    co_return pending;
}

Result<Node::Settled> Node::settled_by(const Waiting& waited, ledger::TimeMs expires) const {
    if (!waited.answer) return Settled{{}, promise_of(*waited.bytes, expires)};
    storage::crash_point(storage::CrashPoint::answer_made);
    if (!*waited.answer) return waited.answer->error();
    return Settled{**waited.answer, {}};
}

// Its timer ends with the answer, or without one when `wait` is over.
Result<std::shared_ptr<Node::Waiting>> Node::hand_over(const SubmissionId& id,
                                                       PooledBatch submission,
                                                       std::chrono::milliseconds wait) {
    if (halted_) return has_stopped(*halted_);
    if (waiting_.size() >= waiting_max) {
        metrics_.batch_answered("unavailable");
        return Error{Errc::unavailable, std::to_string(waiting_max) + " submissions wait"};
    }
    const Ticket ticket = ++last_ticket_;
    auto waiting = std::make_shared<Waiting>(lent_.http);
    waiting->key = id.key;
    waiting->bytes = submission.bulk;
    waiting->timer.expires_after(wait);
    waiting_.emplace(ticket, waiting);
    under_way_.insert(waiting->key);
    submission.ticket = ticket;
    driver_->submit(std::move(submission));
    return waiting;
}

// A reason that has to do with the others says who of them is missing.
std::string Node::explained(const std::string& why) const {
    if (why.empty() || links_ == nullptr) return why;
    const std::vector<rpc::PeerLinkStatus> peers = links_->status();
    std::size_t reachable = 1;
    std::string missing;
    for (const rpc::PeerLinkStatus& peer : peers) {
        if (peer.is_sending) {
            ++reachable;
        } else {
            missing += "; " + peer.name + ": " + (peer.why.empty() ? "no link yet" : peer.why);
        }
    }
    if (missing.empty()) return why;
    return why + ": " + std::to_string(reachable) + " of " + std::to_string(peers.size() + 1) +
           " members reachable, " + std::to_string(members_->quorum) + " needed" + missing;
}

void Node::take_answers(const std::vector<TicketAnswer>& answers) {
    for (const TicketAnswer& answer : answers) {
        const auto found = waiting_.find(answer.ticket);
        if (found == waiting_.end()) continue;
        const std::shared_ptr<Waiting> waiting = found->second;
        waiting_.erase(found);
        under_way_.erase(under_way_.find(waiting->key));
        if (answer.refusal) {
            const bool is_final = answer.refusal->code != Errc::unavailable;
            if (is_final) remember_refusal(waiting->key, *answer.refusal);
            metrics_.batch_answered(is_final ? "refused" : "unavailable");
            Error refusal = *answer.refusal;
            if (!is_final) refusal.detail = explained(refusal.detail);
            waiting->answer = std::move(refusal);
        } else {
            metrics_.batch_answered(answer.is_repeat ? "repeated" : "sealed");
            waiting->answer = answer;
        }
        waiting->timer.cancel();
    }
}

rpc::BatchAnswer Node::sealed_answer(const TicketAnswer& answer) const {
    CHECK(answer.record);
    rpc::BatchAnswer sealed;
    sealed.outcome = rpc::Outcome::sealed;
    sealed.member = answer.record->member;
    sealed.nonce = answer.record->nonce;
    sealed.is_repeat = answer.is_repeat;
    sealed.first = answer.record->first;
    sealed.count = answer.record->count;
    sealed.height = answer.record->height;
    sealed.time = answer.record->time;
    sealed.sealed_size = answer.sealed_size;
    return sealed;
}

rpc::ActAnswer Node::act_answer(const SubmissionKey& key) const {
    rpc::ActAnswer answer;
    answer.member = key.member;
    answer.sequence = Reader(ByteView(key.name).last(sizeof(answer.sequence))).u64();
    return answer;
}

rpc::ActAnswer Node::sealed_act(const TicketAnswer& answer) const {
    CHECK(answer.act);
    rpc::ActAnswer sealed;
    sealed.outcome = rpc::Outcome::sealed;
    sealed.member = answer.act->member;
    sealed.sequence = answer.act->sequence;
    sealed.is_repeat = answer.is_repeat;
    sealed.position = answer.act->position;
    sealed.height = answer.act->height;
    sealed.time = answer.act->time;
    sealed.sealed_size = answer.sealed_size;
    return sealed;
}

json::Value Node::promise_of(ByteView submission, ledger::TimeMs deadline) const {
    const Hash hash = sha256(submission);
    const Bytes message = promise_message(network_id_, hash, deadline);
    return json::Object{{"batch_sha256", to_hex(hash)},
                        {"deadline_ms", std::to_string(deadline)},
                        {"signature", to_hex(keys_.node.sign(message))}};
}

// Nobody answers them any more; who waits for this node to end would wait for its clients.
void Node::refuse_waiting(const Error& halted) {
    for (auto& [ticket, waiting] : std::exchange(waiting_, {})) {
        metrics_.batch_answered("unavailable");
        waiting->answer = has_stopped(halted);
        waiting->timer.cancel();
    }
    under_way_.clear();
}

void Node::remember_refusal(const SubmissionKey& key, const Error& refusal) {
    if (refusals_.insert_or_assign(key, refusal).second) refusal_order_.push_back(key);
    if (refusal_order_.size() <= refusals_max) return;
    refusals_.erase(refusal_order_.front());
    refusal_order_.pop_front();
}

// What the ledger does not hold is under way, or was refused, or was never here.
template <typename Answer>
Result<Answer> Node::unsealed(Answer answer,
                              const SubmissionKey& key,
                              std::string_view unknown) const {
    if (under_way_.contains(key)) return answer;
    const auto refused = refusals_.find(key);
    if (refused == refusals_.end()) return Error{Errc::not_found, std::string(unknown)};
    answer.outcome = rpc::Outcome::refused;
    answer.refusal = refused->second;
    return answer;
}

Result<rpc::BatchAnswer> Node::batch(ledger::MemberNumber member,
                                     const ledger::Nonce& nonce) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const auto record = data_->ledger->find_batch(member, nonce);
    if (!record) return record.error();
    if (*record && (*record)->first < (*shown)->size()) {
        TicketAnswer answer;
        answer.is_repeat = true;
        answer.record = **record;
        answer.sealed_size = (*shown)->size();
        return sealed_answer(answer);
    }
    rpc::BatchAnswer answer;
    answer.member = member;
    answer.nonce = nonce;
    return unsealed(std::move(answer),
                    batch_key(member, nonce),
                    "this node knows no batch of that member and nonce");
}

Result<rpc::ActAnswer> Node::act(ledger::MemberNumber member, std::uint64_t sequence) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const auto record = data_->ledger->find_act(member, sequence);
    if (!record) return record.error();
    if (*record && (*record)->position < (*shown)->size()) {
        TicketAnswer answer;
        answer.is_repeat = true;
        answer.act = **record;
        answer.sealed_size = (*shown)->size();
        return sealed_act(answer);
    }
    const SubmissionKey key = act_key(member, sequence);
    return unsealed(act_answer(key), key, "this node knows no act of that member and sequence");
}

Result<rpc::ActsAnswer> Node::acts(ledger::MemberNumber member,
                                   std::uint64_t after,
                                   std::uint32_t limit) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const auto& sequences = (*shown)->state.governance->sequences;
    const auto last = sequences.find(member);
    rpc::ActsAnswer answer;
    answer.last = last == sequences.end() ? 0 : last->second;
    const std::uint64_t end =
        after >= answer.last ? after : after + std::min<std::uint64_t>(limit, answer.last - after);
    for (std::uint64_t sequence = after + 1; sequence <= end; ++sequence) {
        const auto record = data_->ledger->find_act(member, sequence);
        if (!record) return record.error();
        if (!*record)
            return Error{Errc::corrupt, "act " + std::to_string(sequence) + " is missing"};
        const auto entry = data_->ledger->entry((*record)->position);
        if (!entry) return entry.error();
        auto act = listed_act(**record, *entry);
        if (!act) return act.error();
        answer.acts.push_back(std::move(*act));
    }
    return answer;
}

}  // namespace chancery::node
