#include "tests/simulation/simulated_network.h"

#include <algorithm>
#include <cstdio>

#include "node/peer_gate.h"
#include "tests/simulation/planted.h"
#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

constexpr ledger::TimeMs epoch_ms = 1'767'225'600'000;
constexpr Micros tick_us = 100'000;
constexpr std::size_t heard_max = 256;
constexpr raft::Term terms_healed_max = 10;

}  // namespace

Plan draw_plan(std::uint64_t seed) {
    static constexpr std::uint32_t sizes[] = {1, 3, 4, 5, 7};
    Random random(seed ^ 0x5eed);
    Plan plan;
    plan.seed = seed;
    plan.nodes = sizes[random.next() % std::size(sizes)];
    plan.safety_us = random.between(1'000'000, 12'000'000);
    return plan;
}

Plan draw_plan_with_liars(std::uint64_t seed, std::uint32_t liars) {
    Plan plan = draw_plan(seed);
    plan.liars = liars;
    plan.nodes = liars > 1 || seed % 4 == 0 ? 7 : 4;
    return plan;
}

Plan draw_harsh_plan(std::uint64_t seed) {
    static constexpr std::uint32_t sizes[] = {3, 4, 5, 7};
    Random random(seed ^ 0xabcdef);
    Plan plan;
    plan.seed = seed;
    plan.nodes = sizes[random.next() % std::size(sizes)];
    plan.safety_us = random.between(2'000'000, 20'000'000);
    plan.renews_links = random.chance(500'000);
    plan.heals_whole = random.chance(200'000);
    plan.faults = draw_harsh_faults(random, plan.nodes);
    return plan;
}

SimulatedNetwork::SimulatedNetwork(const Plan& plan)
    : plan_(plan),
      random_(plan.seed),
      faults_(plan.faults ? *plan.faults : draw_faults(random_, plan.nodes)),
      genesis_(test::test_genesis(plan.nodes)),
      network_id_(ledger::network_id(genesis_)),
      keys_(node::node_keys_of(genesis_)),
      paused_until_(plan.nodes, 0),
      judge_(plan.nodes, genesis_.quorum, [this](raft::NodeId number) -> const Platter& {
          return node(number).platter();
      }) {
    if (random_.chance(200'000)) settings_.pool_bytes_max = random_.between(1'000, 8'000);
    if (random_.chance(300'000)) settings_.shelf.blocks = random_.between(1, 20);
    for (ledger::MemberNumber member = 1; member <= plan.nodes; ++member) {
        core_.insert(member);
        nodes_.push_back(std::make_unique<SimulatedNode>(genesis_, member));
        const auto span = static_cast<std::uint64_t>(faults_.clock_off_ms);
        clock_off_ms_.push_back(static_cast<std::int64_t>(random_.between(0, 2 * span)) -
                                faults_.clock_off_ms);
    }
    const bool may_one_lie = plan.nodes > genesis_.quorum && plan.liars == 0;
    if (!may_one_lie) faults_.wrong_claims = 0;
    if (plan.liars > 0) choose_liars();
}

ledger::TimeMs SimulatedNetwork::clock_of(raft::NodeId number) const {
    const auto true_ms = static_cast<std::int64_t>(epoch_ms + now() / 1'000);
    return static_cast<ledger::TimeMs>(true_ms + clock_off_ms_[number - 1]);
}

void SimulatedNetwork::step_to(Micros end) {
    while (!judge_.verdict() && !is_healed() && schedule_.step(end))
        ++report_.events;
}

Report SimulatedNetwork::run() {
    for (raft::NodeId number = 1; number <= plan_.nodes; ++number) {
        boot(number);
        schedule_tick(number, random_.between(1, tick_us));
    }
    if (plan_.clients.gap_max > 0) schedule_client();
    step_to(plan_.safety_us);
    if (!judge_.verdict()) heal();
    step_to(plan_.safety_us + plan_.liveness_us);
    if (!judge_.verdict() && !is_healed() && is_healing_promised()) {
        judge_.accuse("not healed: " + std::to_string(asked_.size()) + " asked, " +
                      std::to_string(to_ask_again_.size()) + " to ask again" + where_all_stand());
    }
    // A liar's word may have carried a term further by itself.
    if (liars_.empty() && judge_.newest_term() > term_at_heal_ + terms_healed_max) {
        judge_.accuse("healed only after " + std::to_string(judge_.newest_term() - term_at_heal_) +
                      " terms");
    }
    for (const raft::NodeId number : core_) {
        if (!judge_.verdict() && is_healed()) judge_.check_ledger(number, node(number).store());
    }
    report_.healed_us = now() - std::min(now(), plan_.safety_us);
    report_.answers = judge_.answers();
    report_.acts = judge_.acts();
    report_.terms = judge_.terms();
    report_.sealed_size = judge_.sealed_size();
    report_.violation = judge_.verdict();
    report_.trace = trace_.hash();
    return report_;
}

void SimulatedNetwork::tell(const std::string& what) {
    if (!plan_.is_told) return;
    std::fprintf(stderr, "%9.3f ms  %s\n", static_cast<double>(now()) / 1000, what.c_str());
}

void SimulatedNetwork::schedule_tick(raft::NodeId number, Micros delay) {
    schedule_.after(delay, [this, number] {
        schedule_tick(number, tick_us);
        if (!node(number).is_up()) return;
        if (!is_healing_) misbehave(number);
        if (node(number).is_up()) tick(number);
    });
}

void SimulatedNetwork::tick(raft::NodeId number) {
    if (is_paused(number)) return;
    node(number).replica().tick(clock_of(number));
    follow(number);
    // The database's own flush, now and then.
    if (node(number).is_up() && random_.chance(50'000)) CHECK(node(number).store().flush());
}

void SimulatedNetwork::follow(raft::NodeId number) {
    follow_once(number);
    while (node(number).is_up() && !judge_.verdict() && node(number).replica().has_work()) {
        node(number).replica().work();
        follow_once(number);
    }
}

void SimulatedNetwork::follow_once(raft::NodeId number) {
    node::ReplicaEffects effects = node(number).replica().take_effects();
    if (!effects.evidence.empty()) keep_evidence(number, effects.evidence);
    if (effects.halt && is_liar(number)) return crash(number, Death::kill);
    judge_.gave(number, effects);
    if (effects.halt) return;
    tell_events(number, effects.events);
    for (rpc::PeerEnvelope& envelope : effects.send)
        send(std::move(envelope));
    if (effects.turn) write_turn(number, std::move(*effects.turn));
    if (effects.store) store_block(number, *effects.store);
    if (effects.store_checkpoint) {
        CHECK(node(number).store().write_checkpoint(*effects.store_checkpoint));
    }
    for (const storage::StoredContent& content : effects.store_contents)
        CHECK(node(number).store().write_content(content));
    for (const node::ReplicaEffects::OlderWanted& wanted : effects.older)
        read_older(number, wanted);
    if (effects.publish) judge_.published(number, *effects.publish);
    for (const node::TicketAnswer& answer : effects.answers)
        answered(number, answer);
    judge_.look(number, node(number).replica());
    const raft::Status status = node(number).replica().status();
    trace_.add(now());
    trace_.add(number);
    trace_.add(status.term << 2 | static_cast<std::uint64_t>(status.role));
    trace_.add(status.last.index);
    trace_.add(status.committed);
    trace_.add(status.sealed);
}

void SimulatedNetwork::tell_events(raft::NodeId number, const std::vector<node::Event>& events) {
    for (const node::Event& event : events) {
        std::string line = "node " + std::to_string(number) + " " + event.name;
        for (const auto& [name, value] : event.facts)
            line += " " + name + "=" + value;
        tell(line);
    }
}

void SimulatedNetwork::send(rpc::PeerEnvelope envelope) {
    const raft::NodeId from = envelope.message.sender;
    if (from == faults_.wrong_claims) {
        auto* const message = std::get_if<rpc::RaftMessage>(&envelope.message.body);
        auto* const ack = message == nullptr ? nullptr : std::get_if<raft::Ack>(&message->body);
        if (ack != nullptr && ack->claim.size > 0) ack->claim.root[0] ^= 1;
    }
    if (is_liar(from)) return lie(envelope);
    judge_.said(envelope);
    transmit(std::move(envelope));
}

void SimulatedNetwork::transmit(rpc::PeerEnvelope envelope) {
    const raft::NodeId from = envelope.message.sender;
    trace_.add(envelope.to << 8 | envelope.message.body.index());
    trace_.add(envelope.message.term);
    if (is_cut(from, envelope.to) || random_.chance(faults_.drop)) return;
    if (random_.chance(faults_.lose_seal)) {
        auto* const message = std::get_if<rpc::RaftMessage>(&envelope.message.body);
        if (message != nullptr) message->seals.clear();
    }
    const int copies = random_.chance(faults_.duplicate) ? 2 : 1;
    const auto shared = std::make_shared<const rpc::PeerEnvelope>(std::move(envelope));
    for (int i = 0; i < copies; ++i) {
        Micros& last = last_arrival_[{from, shared->to}];
        last = std::max(last, now() + random_.between(50, faults_.delay_max));
        const std::uint64_t link = link_life_[{from, shared->to}];
        schedule_.after(last - now(), [this, shared, link] { deliver(*shared, link); });
    }
}

void SimulatedNetwork::deliver(const rpc::PeerEnvelope& envelope, std::uint64_t link) {
    const raft::NodeId to = envelope.to;
    if (!node(to).is_up() || link_life_[{envelope.message.sender, to}] != link) return;
    if (is_paused(to)) {
        schedule_.after(paused_until_[to - 1] - now(),
                        [this, envelope, link] { deliver(envelope, link); });
        return;
    }
    if (faults_.replay > 0) {
        heard_.push_back(envelope);
        if (heard_.size() > heard_max) heard_.pop_front();
    }
    hand_over(envelope);
}

void SimulatedNetwork::hand_over(const rpc::PeerEnvelope& envelope) {
    const auto checked = node::check_signatures(envelope.message, keys_);
    if (!checked && is_liar(envelope.message.sender)) return;
    if (!checked) return judge_.accuse("an honest node's signature: " + checked.error().detail);
    if (is_liar(envelope.to)) liar_hears(envelope);
    judge_.heard(envelope.to, envelope.message);
    judge_.saw_clock(envelope.to, clock_of(envelope.to));
    node(envelope.to)
        .replica()
        .receive(envelope.message.sender, envelope.message, clock_of(envelope.to));
    follow(envelope.to);
}

Micros SimulatedNetwork::disk_time(raft::NodeId number, Micros least) {
    const Micros time = random_.between(least, least + faults_.disk_max);
    return number == faults_.slow_disk ? 10 * time : time;
}

void SimulatedNetwork::write_turn(raft::NodeId number, node::ReplicaEffects::JournalTurn turn) {
    const bool has_entries = !turn.turn.entries.empty();
    if (is_planted(Planted::guard_not_written)) turn.turn.cosigned.reset();
    if (turn.turn.vote && !has_entries) {
        const bool has_candidate = turn.turn.vote->candidate.has_value();
        if (is_planted(Planted::vote_not_synced) && has_candidate) turn.turn.must_sync = false;
        if (is_planted(Planted::term_not_synced) && !has_candidate) turn.turn.must_sync = false;
    }
    if (is_planted(Planted::entry_not_synced) && has_entries) turn.turn.must_sync = false;
    const Micros time = disk_time(number, turn.turn.must_sync ? 200 : 20);
    judge_.wrote(number, turn.turn, clock_of(number));
    node(number).begin_turn(std::move(turn));
    schedule_.after(time,
                    [this, number, life = node(number).life()] { finish_turn(number, life); });
}

void SimulatedNetwork::finish_turn(raft::NodeId number, std::uint64_t life) {
    if (node(number).life() != life) return;
    if (is_paused(number)) {
        schedule_.after(paused_until_[number - 1] - now(),
                        [this, number, life] { finish_turn(number, life); });
        return;
    }
    const auto written = node(number).finish_turn();
    if (written) judge_.wrote_all(number);
    if (!written) return crash(number, random_.chance(500'000) ? Death::kill : Death::power_loss);
    node(number).replica().journal_done(*written, clock_of(number));
    follow(number);
}

void SimulatedNetwork::store_block(raft::NodeId number, const storage::SealedBlock& block) {
    judge_.stored(number, block);
    node(number).store().show_in_part(block);
    const auto shared = std::make_shared<const storage::SealedBlock>(block);
    schedule_.after(disk_time(number, 50), [this, number, life = node(number).life(), shared] {
        finish_block(number, life, shared);
    });
}

void SimulatedNetwork::finish_block(raft::NodeId number,
                                    std::uint64_t life,
                                    const std::shared_ptr<const storage::SealedBlock>& block) {
    if (node(number).life() != life) return;
    if (is_paused(number)) {
        schedule_.after(paused_until_[number - 1] - now(),
                        [this, number, life, block] { finish_block(number, life, block); });
        return;
    }
    CHECK(node(number).store().write(*block));
    node(number).replica().store_done(block->block->after.height, clock_of(number));
    follow(number);
}

void SimulatedNetwork::read_older(raft::NodeId number,
                                  const node::ReplicaEffects::OlderWanted& wanted) {
    const std::uint64_t life = node(number).life();
    schedule_.after(disk_time(number, 100), [this, number, life, wanted] {
        if (node(number).life() != life || is_paused(number)) return;
        auto piece = node(number).read_older(wanted.after);
        if (!piece && piece.error().code != Errc::not_found) {
            return judge_.accuse("the journal's files: " + piece.error().detail);
        }
        node(number).replica().older_read(wanted, piece ? *piece : storage::JournalPiece{});
        follow(number);
    });
}

}  // namespace chancery::simulation
