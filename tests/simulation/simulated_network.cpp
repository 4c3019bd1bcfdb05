#include "tests/simulation/simulated_network.h"

#include <cstdio>

#include "consensus/registry/batch.h"
#include "crypto/base/encoding.h"
#include "node/peer_gate.h"
#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

constexpr ledger::TimeMs epoch_ms = 1'767'225'600'000;
constexpr Micros tick_us = 100'000;
constexpr Micros redial_us = 100'000;
constexpr std::size_t clients_max = 40;

}  // namespace

Faults draw_faults(Random& random) {
    Faults faults;
    const auto some = [&random](std::uint32_t most) {
        return random.chance(500'000) ? static_cast<std::uint32_t>(random.between(1, most)) : 0;
    };
    faults.drop = some(50'000);
    faults.duplicate = some(50'000);
    faults.crash = some(20'000);
    faults.crash_all = some(2'000);
    faults.pause = some(20'000);
    faults.cut_link = some(20'000);
    faults.isolate = some(15'000);
    faults.delay_max = random.chance(500'000) ? 1'000 : random.between(1'000, 200'000);
    faults.disk_max = random.chance(500'000) ? 1'000 : random.between(1'000, 300'000);
    faults.clock_off_ms = random.chance(700'000) ? 0 : 20'000;
    return faults;
}

SimulatedNetwork::SimulatedNetwork(const Plan& plan)
    : plan_(plan),
      random_(plan.seed),
      faults_(plan.faults ? *plan.faults : draw_faults(random_)),
      genesis_(test::test_genesis(plan.nodes)),
      network_id_(ledger::network_id(genesis_)),
      paused_until_(plan.nodes, 0),
      judge_(genesis_.quorum) {
    for (ledger::MemberNumber member = 1; member <= plan.nodes; ++member) {
        nodes_.push_back(std::make_unique<SimulatedNode>(genesis_, member));
        const auto span = static_cast<std::uint64_t>(faults_.clock_off_ms);
        clock_off_ms_.push_back(static_cast<std::int64_t>(random_.between(0, 2 * span)) -
                                faults_.clock_off_ms);
    }
}

ledger::TimeMs SimulatedNetwork::clock_of(raft::NodeId number) const {
    const auto now = static_cast<std::int64_t>(epoch_ms + schedule_.now() / 1'000);
    return static_cast<ledger::TimeMs>(now + clock_off_ms_[number - 1]);
}

Report SimulatedNetwork::run() {
    for (raft::NodeId number = 1; number <= plan_.nodes; ++number) {
        boot(number);
        schedule_tick(number, random_.between(1, tick_us));
    }
    schedule_client();
    while (!judge_.verdict() && schedule_.step(plan_.safety_us))
        ++report_.events;
    if (!judge_.verdict()) heal();
    const Micros end = plan_.safety_us + plan_.liveness_us;
    while (!judge_.verdict() && !is_healed() && schedule_.step(end))
        ++report_.events;
    if (!judge_.verdict() && !is_healed()) {
        std::string where;
        for (const auto& each : nodes_) {
            const raft::Status status = each->replica().status();
            where += "; node " + std::to_string(each->member()) + ": " +
                     std::string(node::role_name(status.role)) + ", term " +
                     std::to_string(status.term) + ", last " + std::to_string(status.last.index) +
                     ", committed " + std::to_string(status.committed) + ", sealed " +
                     std::to_string(status.sealed) + ", height " +
                     std::to_string(each->replica().state().height) + " (" +
                     each->replica().why_no_writes() + ")";
        }
        judge_.accuse("not healed: " + std::to_string(asked_.size()) + " asked, " +
                      std::to_string(to_ask_again_.size()) + " to ask again" + where);
    }
    for (const auto& each : nodes_) {
        if (!judge_.verdict()) judge_.check_ledger(each->member(), each->store());
    }
    report_.healed_us = schedule_.now() - std::min(schedule_.now(), plan_.safety_us);
    report_.answers = judge_.answers();
    report_.terms = judge_.terms();
    report_.sealed_size = judge_.sealed_size();
    report_.violation = judge_.verdict();
    return report_;
}

void SimulatedNetwork::tell(const std::string& what) {
    if (!plan_.is_told) return;
    std::fprintf(
        stderr, "%9.3f ms  %s\n", static_cast<double>(schedule_.now()) / 1000, what.c_str());
}

void SimulatedNetwork::boot(raft::NodeId number) {
    const auto booted = node(number).boot(clock_of(number), random_.next());
    if (!booted) {
        return judge_.accuse("node " + std::to_string(number) +
                             " does not start: " + booted.error().detail);
    }
    tell("node " + std::to_string(number) + " starts");
    follow(number);
    for (raft::NodeId other = 1; other <= plan_.nodes; ++other) {
        if (other == number) continue;
        connect(number, other);
        connect(other, number);
    }
}

// A new link from one to the other: what was on its way is lost.
void SimulatedNetwork::connect(raft::NodeId from, raft::NodeId to) {
    const std::uint64_t link = ++link_life_[{from, to}];
    const std::uint64_t life = node(from).life();
    schedule_.after(random_.between(1'000, redial_us), [this, from, to, link, life] {
        if (link_life_[{from, to}] != link || node(from).life() != life) return;
        if (!node(from).is_up()) return;
        if (!node(to).is_up() || is_cut(from, to)) return connect(from, to);
        node(from).replica().connected(to);
        follow(from);
    });
}

void SimulatedNetwork::crash(raft::NodeId number) {
    if (!node(number).is_up()) return;
    tell("node " + std::to_string(number) + " crashes");
    node(number).crash(random_.next());
    ++report_.crashes;
    for (raft::NodeId other = 1; other <= plan_.nodes; ++other) {
        ++link_life_[{number, other}];
        ++link_life_[{other, number}];
    }
    for (auto asked = asked_.begin(); asked != asked_.end();) {
        if (asked->first.first == number) {
            to_ask_again_.push_back(std::move(asked->second));
            asked = asked_.erase(asked);
        } else {
            ++asked;
        }
    }
    schedule_.after(random_.between(10'000, 3'000'000), [this, number] {
        if (!node(number).is_up()) boot(number);
    });
}

void SimulatedNetwork::heal() {
    tell("faults end");
    is_healing_ = true;
    faults_ = {};
    cut_until_.clear();
    std::ranges::fill(paused_until_, 0);
    std::ranges::fill(clock_off_ms_, 0);
    for (raft::NodeId number = 1; number <= plan_.nodes; ++number) {
        if (!node(number).is_up()) boot(number);
    }
    for (raft::NodeId from = 1; from <= plan_.nodes; ++from) {
        for (raft::NodeId to = 1; to <= plan_.nodes; ++to) {
            if (from != to) connect(from, to);
        }
    }
}

bool SimulatedNetwork::is_healed() {
    if (!is_healing_ || !asked_.empty() || !to_ask_again_.empty()) return false;
    for (const auto& each : nodes_) {
        if (each->replica().state().height != nodes_.front()->replica().state().height) {
            return false;
        }
    }
    return judge_.sealed_size() == nodes_.front()->replica().state().frontier.leaf_count();
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
    if (paused_until_[number - 1] > schedule_.now()) return;
    node(number).replica().tick(clock_of(number));
    follow(number);
    // The database's own flush, now and then.
    if (random_.chance(50'000)) CHECK(node(number).store().flush());
}

void SimulatedNetwork::misbehave(raft::NodeId number) {
    if (random_.chance(faults_.crash)) crash(number);
    if (random_.chance(faults_.crash_all)) {
        for (raft::NodeId other = 1; other <= plan_.nodes; ++other)
            crash(other);
    }
    const Micros until = schedule_.now() + random_.between(50'000, 5'000'000);
    if (random_.chance(faults_.pause)) paused_until_[number - 1] = until;
    const auto other = static_cast<raft::NodeId>(random_.between(1, plan_.nodes));
    const auto cut = [&](raft::NodeId from, raft::NodeId to) {
        if (from == to) return;
        cut_until_[{from, to}] = until;
        connect(from, to);
    };
    if (random_.chance(faults_.cut_link)) cut(number, other);
    if (!random_.chance(faults_.isolate)) return;
    for (raft::NodeId each = 1; each <= plan_.nodes; ++each) {
        cut(number, each);
        cut(each, number);
    }
}

bool SimulatedNetwork::is_cut(raft::NodeId from, raft::NodeId to) const {
    const auto cut = cut_until_.find({from, to});
    return cut != cut_until_.end() && cut->second > schedule_.now();
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
    if (effects.halt) {
        return judge_.accuse("node " + std::to_string(number) + " halts: " + effects.halt->detail);
    }
    for (const node::Event& event : effects.events) {
        std::string line = "node " + std::to_string(number) + " " + event.name;
        for (const auto& [name, value] : event.facts)
            line += " " + name + "=" + value;
        tell(line);
        // All are honest here.
        if (event.name == "contradiction") judge_.accuse(line);
    }
    for (const rpc::PeerEnvelope& envelope : effects.send)
        send(envelope);
    if (effects.turn) write_turn(number, std::move(*effects.turn));
    if (effects.store) store_block(number, std::move(*effects.store));
    if (effects.store_checkpoint) {
        CHECK(node(number).store().write_checkpoint(*effects.store_checkpoint));
    }
    for (const storage::StoredContent& content : effects.store_contents)
        CHECK(node(number).store().write_content(content));
    if (effects.publish) judge_.published(number, effects.publish->checkpoint);
    for (const node::TicketAnswer& answer : effects.answers)
        answered(number, answer);
    judge_.look(number, node(number).replica());
}

void SimulatedNetwork::send(const rpc::PeerEnvelope& envelope) {
    const raft::NodeId from = envelope.message.sender;
    judge_.said(envelope, node(from).platter());
    if (is_cut(from, envelope.to) || random_.chance(faults_.drop)) return;
    const int copies = random_.chance(faults_.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        Micros& last = last_arrival_[{from, envelope.to}];
        last = std::max(last, schedule_.now() + random_.between(50, faults_.delay_max));
        const std::uint64_t link = link_life_[{from, envelope.to}];
        schedule_.after(last - schedule_.now(),
                        [this, envelope, link] { deliver(envelope, link); });
    }
}

void SimulatedNetwork::deliver(const rpc::PeerEnvelope& envelope, std::uint64_t link) {
    const raft::NodeId from = envelope.message.sender;
    const raft::NodeId to = envelope.to;
    if (!node(to).is_up() || link_life_[{from, to}] != link) return;
    if (paused_until_[to - 1] > schedule_.now()) {
        schedule_.after(paused_until_[to - 1] - schedule_.now(),
                        [this, envelope, link] { deliver(envelope, link); });
        return;
    }
    static const auto keys = [](const ledger::Genesis& genesis) {
        return node::node_keys_of(genesis);
    };
    const auto checked = node::check_signatures(envelope.message, keys(genesis_));
    if (!checked) return judge_.accuse("an honest node's signature: " + checked.error().detail);
    node(to).replica().receive(from, envelope.message, clock_of(to));
    follow(to);
}

void SimulatedNetwork::write_turn(raft::NodeId number, node::ReplicaEffects::JournalTurn turn) {
    if (plan_.planted == Planted::guard_not_written) turn.turn.cosigned.reset();
    const bool has_entries = !turn.turn.entries.empty();
    if (plan_.planted == Planted::vote_not_synced && turn.turn.vote && !has_entries) {
        turn.turn.must_sync = false;
    }
    if (plan_.planted == Planted::entry_not_synced && has_entries) turn.turn.must_sync = false;
    const Micros least = turn.turn.must_sync ? 200 : 20;
    const std::uint64_t life = node(number).life();
    schedule_.after(random_.between(least, least + faults_.disk_max),
                    [this, number, life, turn = std::move(turn)] {
                        if (node(number).life() != life) return;
                        const auto written = node(number).write(turn.turn);
                        if (!written) return judge_.accuse(written.error().detail);
                        node(number).replica().journal_done(turn.number, clock_of(number));
                        follow(number);
                    });
}

void SimulatedNetwork::store_block(raft::NodeId number, storage::SealedBlock block) {
    const std::uint64_t life = node(number).life();
    schedule_.after(
        random_.between(50, 50 + faults_.disk_max), [this, number, life, block = std::move(block)] {
            if (node(number).life() != life) return;
            CHECK(node(number).store().write(block));
            node(number).replica().store_done(block.block->after.height, clock_of(number));
            follow(number);
        });
}

void SimulatedNetwork::schedule_client() {
    schedule_.after(random_.between(5'000, 100'000), [this] {
        schedule_client();
        if (!to_ask_again_.empty()) {
            Bytes bulk = std::move(to_ask_again_.front());
            to_ask_again_.pop_front();
            return submit(std::move(bulk));
        }
        if (is_healing_ || asked_.size() >= clients_max) return;
        const std::uint64_t number = ++next_number_;
        registry::BatchDraft draft;
        draft.member = static_cast<ledger::MemberNumber>(random_.between(1, plan_.nodes));
        draft.key_number = 1;
        draft.nonce = test::nonce_of(number);
        draft.expires = epoch_ms + 3'600'000;
        std::vector<Hash> commitments;
        for (std::uint64_t i = 0; i < random_.between(1, 3); ++i)
            commitments.push_back(test::commitment_of(number * 10 + i));
        submit(*registry::make_bulk(draft,
                                    test::credential_bodies(commitments),
                                    network_id_,
                                    test::member_key(test::slug_of(draft.member), "issuer"),
                                    Hash{}));
    });
}

void SimulatedNetwork::submit(Bytes bulk) {
    const auto number = static_cast<raft::NodeId>(random_.between(1, plan_.nodes));
    if (!node(number).is_up() || paused_until_[number - 1] > schedule_.now()) {
        to_ask_again_.push_back(std::move(bulk));
        return;
    }
    const node::Ticket ticket = ++next_ticket_;
    asked_[{number, ticket}] = bulk;
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
    if (answer.record) return judge_.answered(*answer.record);
    if (answer.refusal->code != Errc::unavailable) {
        return judge_.accuse("a good batch was refused: " + answer.refusal->detail);
    }
    to_ask_again_.push_back(std::move(bulk));
}

}  // namespace chancery::simulation
