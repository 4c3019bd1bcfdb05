// Births, deaths, links, faults, and the healing of a core.
#include <algorithm>

#include "tests/simulation/simulated_network.h"

namespace chancery::simulation {
namespace {

constexpr Micros redial_us = 100'000;

}  // namespace

void SimulatedNetwork::boot(raft::NodeId number) {
    const std::uint64_t life = random_.next();
    judge_.born(number, life);
    const auto booted = node(number).boot(clock_of(number), life, settings_);
    if (!booted) {
        return judge_.accuse("node " + std::to_string(number) +
                             " does not start: " + booted.error().detail);
    }
    tell("node " + std::to_string(number) + " starts");
    if (!is_liar(number)) judge_.shown(node(number).replica().state());
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
        const bool is_deaf = !node(to).is_up() || is_cut(from, to) || is_paused(from);
        if (is_deaf) return connect(from, to);
        node(from).replica().connected(to);
        follow(from);
    });
}

void SimulatedNetwork::crash(raft::NodeId number, Death death) {
    if (!node(number).is_up()) return;
    tell("node " + std::to_string(number) + " dies");
    node(number).die(death, random_.next());
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
    if (!is_healing_) damage_disk(number);
    schedule_.after(random_.between(10'000, 3'000'000), [this, number] {
        if (!node(number).is_up() && core_.contains(number)) boot(number);
    });
}

// An older disk makes a member forget what it promised: no more of them than may lie.
void SimulatedNetwork::damage_disk(raft::NodeId number) {
    const std::size_t liars_max = (plan_.nodes - 1) / 3;
    const bool may_forget =
        rolled_back_.contains(number) || rolled_back_.size() + liars_.size() < liars_max;
    if (node(number).has_image() && may_forget && random_.chance(faults_.roll_back)) {
        tell("node " + std::to_string(number) + " is given the disk of earlier");
        node(number).restore_image();
        rolled_back_.insert(number);
        judge_.rolled_back(number);
    } else if (random_.chance(faults_.lose_database)) {
        node(number).lose_database();
    }
}

void SimulatedNetwork::misbehave(raft::NodeId number) {
    const auto draw_death = [this] { return static_cast<Death>(random_.next() % 3); };
    if (random_.chance(faults_.crash)) crash(number, draw_death());
    if (random_.chance(faults_.crash_all)) {
        for (raft::NodeId other = 1; other <= plan_.nodes; ++other)
            crash(other, draw_death());
    }
    if (random_.chance(faults_.io_error) && node(number).is_up()) node(number).break_disk_once();
    if (faults_.roll_back > 0 && node(number).is_up() && random_.chance(10'000)) {
        node(number).keep_image();
    }
    if (random_.chance(faults_.pause)) {
        paused_until_[number - 1] = now() + random_.between(50'000, faults_.away_max);
    }
    if (random_.chance(faults_.clock_jump)) {
        clock_off_ms_[number - 1] = static_cast<std::int64_t>(random_.between(0, 60'000)) - 30'000;
    }
    misbehave_links(number);
    if (random_.chance(faults_.replay)) replay();
}

void SimulatedNetwork::misbehave_links(raft::NodeId number) {
    const Micros until = now() + random_.between(50'000, faults_.away_max);
    const auto other = static_cast<raft::NodeId>(random_.between(1, plan_.nodes));
    if (random_.chance(faults_.cut_link)) cut(number, other, until);
    if (random_.chance(faults_.flap)) {
        for (Micros begin = 0; begin < until - now(); begin += 300'000) {
            schedule_.after(begin, [this, number, other] {
                if (is_healing_) return;
                cut(number, other, now() + 150'000);
                cut(other, number, now() + 150'000);
            });
        }
    }
    if (random_.chance(faults_.isolate)) {
        for (raft::NodeId each = 1; each <= plan_.nodes; ++each) {
            cut(number, each, until);
            cut(each, number, until);
        }
    }
    if (!random_.chance(faults_.split)) return;
    const std::uint64_t groups = random_.next();
    for (raft::NodeId from = 1; from <= plan_.nodes; ++from) {
        for (raft::NodeId to = 1; to <= plan_.nodes; ++to) {
            if ((groups >> from & 1) != (groups >> to & 1)) cut(from, to, until);
        }
    }
}

void SimulatedNetwork::cut(raft::NodeId from, raft::NodeId to, Micros until) {
    if (from == to) return;
    cut_until_[{from, to}] = until;
    connect(from, to);
}

bool SimulatedNetwork::is_cut(raft::NodeId from, raft::NodeId to) const {
    const auto found = cut_until_.find({from, to});
    return found != cut_until_.end() && found->second > now();
}

// An old packet, perhaps of another life of either end.
void SimulatedNetwork::replay() {
    if (heard_.empty()) return;
    const rpc::PeerEnvelope again = heard_[random_.next() % heard_.size()];
    if (node(again.to).is_up() && !is_paused(again.to)) hand_over(again);
}

// Who forgot what it promised has failed already, and what it forgot may be held by anybody.
void SimulatedNetwork::choose_core() {
    for (const auto& [number, liar] : liars_)
        core_.erase(number);
    if (plan_.heals_whole) return;
    while (rolled_back_.empty() && liars_.empty() && core_.size() > genesis_.quorum)
        core_.erase(static_cast<raft::NodeId>(random_.between(1, plan_.nodes)));
}

void SimulatedNetwork::heal() {
    choose_core();
    tell("faults end, " + std::to_string(core_.size()) + " members heal");
    is_healing_ = true;
    faults_ = {};
    term_at_heal_ = judge_.newest_term();
    cut_until_.clear();
    std::ranges::fill(paused_until_, 0);
    std::ranges::fill(clock_off_ms_, 0);
    for (raft::NodeId number = 1; number <= plan_.nodes; ++number) {
        if (!core_.contains(number)) crash(number, Death::power_loss);
        // A liar's answer to a node's first question stays with it for that life.
        if (core_.contains(number) && tells(test::Lie::false_memory)) crash(number, Death::kill);
    }
    for (const raft::NodeId number : core_) {
        if (!node(number).is_up()) boot(number);
    }
    for (const raft::NodeId from : core_) {
        for (const raft::NodeId to : core_) {
            if (from != to && plan_.renews_links) connect(from, to);
        }
    }
    if (plan_.clients.late > 0) schedule_late_client();
}

bool SimulatedNetwork::is_healed() {
    if (!is_healing_ || is_client_awaited_) return false;
    if (!asked_.empty() || !to_ask_again_.empty()) return false;
    for (const raft::NodeId number : core_) {
        if (!node(number).is_up() || !node(number).replica().why_not_whole().empty()) return false;
        const node::Replica& replica = node(number).replica();
        if (replica.state().frontier.leaf_count() != judge_.sealed_size()) return false;
        // One alone in a newer term sends its clients to others.
        if (replica.status().leader && !replica.why_no_writes().empty()) return false;
    }
    return true;
}

std::string SimulatedNetwork::where_all_stand() {
    std::string where;
    for (const auto& [place, bulk] : asked_)
        where += "; asked at " + std::to_string(place.first);
    for (const raft::NodeId number : core_) {
        if (!node(number).is_up()) continue;
        const node::Replica& replica = node(number).replica();
        const raft::Status status = replica.status();
        where += "; node " + std::to_string(number) + ": " +
                 std::string(node::role_name(status.role)) + ", term " +
                 std::to_string(status.term) + ", last " + std::to_string(status.last.index) +
                 ", committed " + std::to_string(status.committed) + ", sealed " +
                 std::to_string(status.sealed) + ", height " +
                 std::to_string(replica.state().height) + " (" + replica.why_no_writes() + ")";
    }
    return where;
}

}  // namespace chancery::simulation
