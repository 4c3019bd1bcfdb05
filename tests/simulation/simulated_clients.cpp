// Clients: they submit, and ask again wherever anybody listens until they are answered.
#include "consensus/registry/batch.h"
#include "tests/simulation/simulated_network.h"
#include "tests/support/act_drafts.h"
#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

constexpr std::size_t clients_max = 40;
constexpr std::uint64_t acts_max = 100;  // Of a member.
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

// A member's next act, once its last was answered; nullopt if it is not.
std::optional<Bytes> SimulatedNetwork::new_act(ledger::MemberNumber member) {
    MemberActs& acts = acts_[member];
    if (acts.is_under_way || acts.last == acts_max) return std::nullopt;
    acts.is_under_way = true;
    ++acts.last;
    const std::string slug = test::slug_of(member);
    const auto key = test::ed25519_key(slug, "assertion " + std::to_string(acts.last));
    // The first key of the use is of genesis, so each act replaces the one of its own number.
    const auto added =
        test::new_ed25519_key(network_id_, member, key, static_cast<std::uint32_t>(acts.last));
    return test::signed_act(test::act_of(member, acts.last, added, far_ms), network_id_);
}

Bytes SimulatedNetwork::new_batch() {
    const std::uint64_t number = ++next_number_;
    registry::BatchDraft draft;
    draft.member = static_cast<ledger::MemberNumber>(random_.between(1, plan_.nodes));
    if (plan_.clients.acts > 0 && random_.chance(plan_.clients.acts)) {
        if (auto act = new_act(draft.member)) return *std::move(act);
    }
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
    if (!taken) answered(number, node::refusal_of(ticket, taken.error()));
    follow(number);
}

void SimulatedNetwork::answered(raft::NodeId number, const node::TicketAnswer& answer) {
    const auto asked = asked_.find({number, answer.ticket});
    if (asked == asked_.end()) return judge_.accuse("an answer that nobody waits for");
    Bytes bulk = std::move(asked->second);
    asked_.erase(asked);
    trace_.add(answer.record ? answer.record->first : ~answer.ticket);
    if (answer.record) return judge_.answered(*answer.record);
    if (answer.act) {
        MemberActs& acts = acts_[answer.act->member];
        if (answer.act->sequence == acts.last) acts.is_under_way = false;
        return judge_.answered(*answer.act);
    }
    // One that is cut off, under a leader that is too, may not have the act before.
    const bool is_early =
        ledger::act_in(bulk).has_value() && answer.refusal->code == Errc::conflict;
    if (answer.refusal->code != Errc::unavailable && !is_early) {
        return judge_.accuse("a good batch was refused: " + answer.refusal->detail);
    }
    to_ask_again_.push_back(std::move(bulk));
}

}  // namespace chancery::simulation
