// Clients: they submit, and ask again wherever anybody listens until they are answered.
#include "consensus/registry/batch.h"
#include "tests/simulation/simulated_network.h"
#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

constexpr std::size_t clients_max = 40;
constexpr Micros gap_min = 5'000;
constexpr Micros gap_to_ask_again = 100'000;          // Once the faults ended.
constexpr ledger::TimeMs far_ms = 1'767'229'200'000;  // An hour after a run begins.

}  // namespace

void SimulatedNetwork::schedule_client() {
    const Micros gap_max = is_healing_ ? gap_to_ask_again : plan_.clients.gap_max;
    schedule_.after(random_.between(gap_min, gap_max), [this] {
        schedule_client();
        if (!to_ask_again_.empty()) {
            Bytes bulk = std::move(to_ask_again_.front());
            to_ask_again_.pop_front();
            return submit(std::move(bulk));
        }
        if (!is_healing_ && asked_.size() < clients_max) submit(next_batch());
    });
}

// Nothing was submitted for a while, and no member is kept busy by what it holds.
void SimulatedNetwork::schedule_late_client() {
    is_client_awaited_ = true;
    schedule_.after(plan_.clients.late, [this] {
        is_client_awaited_ = false;
        to_ask_again_.push_back(next_batch());
        if (plan_.clients.gap_max == 0) schedule_client();
    });
}

Bytes SimulatedNetwork::next_batch() {
    const std::size_t different = plan_.clients.different;
    if (different == 0) return new_batch();
    if (batches_.size() < different) return batches_.emplace_back(new_batch());
    return batches_[random_.next() % different];
}

Bytes SimulatedNetwork::new_batch() {
    const std::uint64_t number = ++next_number_;
    registry::BatchDraft draft;
    draft.member = static_cast<ledger::MemberNumber>(random_.between(1, plan_.nodes));
    draft.key_number = 1;
    draft.nonce = test::nonce_of(number);
    draft.expires = far_ms;
    std::vector<Hash> commitments;
    for (std::uint64_t i = 0; i < random_.between(1, 3); ++i)
        commitments.push_back(test::commitment_of(number * 10 + i));
    return *registry::make_bulk(draft,
                                test::credential_bodies(commitments),
                                network_id_,
                                test::member_key(test::slug_of(draft.member), "issuer"),
                                Hash{});
}

void SimulatedNetwork::submit(Bytes bulk) {
    const auto number = static_cast<raft::NodeId>(random_.between(1, plan_.nodes));
    if (!node(number).is_up() || is_paused(number) || is_liar(number)) {
        to_ask_again_.push_back(std::move(bulk));
        return;
    }
    const node::Ticket ticket = ++next_ticket_;
    asked_[{number, ticket}] = bulk;
    // Impatient ones ask another node meanwhile: one batch, two ways.
    if (random_.chance(50'000)) to_ask_again_.push_back(bulk);
    const auto taken = node(number).replica().submit(
        {ticket, std::make_shared<const Bytes>(std::move(bulk)), {}}, clock_of(number));
    if (!taken) answered(number, {ticket, false, {}, 0, taken.error()});
    follow(number);
}

void SimulatedNetwork::answered(raft::NodeId number, const node::TicketAnswer& answer) {
    const auto asked = asked_.find({number, answer.ticket});
    if (asked == asked_.end()) return judge_.accuse("an answer that nobody waits for");
    Bytes bulk = std::move(asked->second);
    asked_.erase(asked);
    trace_.add(answer.record ? answer.record->first : ~answer.ticket);
    if (answer.record) return judge_.answered(*answer.record);
    if (answer.refusal->code != Errc::unavailable) {
        return judge_.accuse("a good batch was refused: " + answer.refusal->detail);
    }
    to_ask_again_.push_back(std::move(bulk));
}

}  // namespace chancery::simulation
