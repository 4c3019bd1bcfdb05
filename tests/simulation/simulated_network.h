// A whole network on one thread: real replicas, a virtual clock, disks and links that misbehave as
// the seed says. The same seed gives the same run, everywhere.
//
//     safety    faults of all kinds while clients submit; the judge looks after every event
//     liveness  faults end, everybody is born again; all must agree on everything within 30 s
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/schedule.h"
#include "tests/simulation/simulated_node.h"

namespace chancery::simulation {

// Rates are chances in a million, of each message or at each tick of a node.
struct Faults {
    std::uint32_t drop = 0;
    std::uint32_t duplicate = 0;
    std::uint32_t crash = 0;
    std::uint32_t crash_all = 0;
    std::uint32_t pause = 0;
    std::uint32_t cut_link = 0;  // One direction of one pair.
    std::uint32_t isolate = 0;   // One node from all.
    Micros delay_max = 2'000;
    Micros disk_max = 1'500;
    std::int64_t clock_off_ms = 0;  // Each clock is off by up to this.
};

// Each class of faults is on or off by a throw of the seed: mixed faults hide one another.
Faults draw_faults(Random& random);

// Mistakes made on purpose, to see whether the judge sees them.
enum class Planted : std::uint8_t {
    none,
    vote_not_synced,
    entry_not_synced,
    guard_not_written,
};

struct Plan {
    std::uint32_t nodes = 4;
    std::uint64_t seed = 1;
    Micros safety_us = 20'000'000;
    Micros liveness_us = 30'000'000;
    std::optional<Faults> faults;  // Drawn from the seed unless given.
    Planted planted = Planted::none;
    bool is_told = false;  // Every event on stderr.
};

struct Report {
    std::uint64_t events = 0;
    std::uint64_t answers = 0;
    std::uint64_t terms = 0;
    std::uint64_t crashes = 0;
    std::uint64_t sealed_size = 0;
    Hash trace{};  // Of the run; equal seeds give equal ones.
    std::optional<std::string> violation;
    Micros healed_us = 0;  // From the end of faults until all agreed.
};

class SimulatedNetwork {
public:
    explicit SimulatedNetwork(const Plan& plan);
    Report run();

private:
    struct Client {
        Bytes bulk;
        node::Ticket ticket = 0;
    };

    SimulatedNode& node(raft::NodeId number) { return *nodes_[number - 1]; }
    ledger::TimeMs clock_of(raft::NodeId number) const;
    void boot(raft::NodeId number);
    void crash(raft::NodeId number);
    void heal();
    bool is_healed();
    void schedule_tick(raft::NodeId number, Micros delay);
    void tick(raft::NodeId number);
    void misbehave(raft::NodeId number);
    void follow(raft::NodeId number);
    void follow_once(raft::NodeId number);
    void send(const rpc::PeerEnvelope& envelope);
    void deliver(const rpc::PeerEnvelope& envelope, std::uint64_t link);
    void write_turn(raft::NodeId number, node::ReplicaEffects::JournalTurn turn);
    void store_block(raft::NodeId number, storage::SealedBlock block);
    void schedule_client();
    void submit(Bytes bulk);
    void answered(raft::NodeId number, const node::TicketAnswer& answer);
    void connect(raft::NodeId from, raft::NodeId to);
    bool is_cut(raft::NodeId from, raft::NodeId to) const;
    void tell(const std::string& what);

    Plan plan_;
    Random random_;
    Faults faults_;
    ledger::Genesis genesis_;
    Hash network_id_{};
    Schedule schedule_;
    std::vector<std::unique_ptr<SimulatedNode>> nodes_;
    std::vector<std::int64_t> clock_off_ms_;
    std::vector<Micros> paused_until_;
    std::map<std::pair<raft::NodeId, raft::NodeId>, Micros> cut_until_;
    std::map<std::pair<raft::NodeId, raft::NodeId>, Micros> last_arrival_;  // Links keep order.
    std::map<std::pair<raft::NodeId, raft::NodeId>, std::uint64_t> link_life_;
    std::map<std::pair<raft::NodeId, node::Ticket>, Bytes> asked_;
    std::deque<Bytes> to_ask_again_;
    std::uint64_t next_number_ = 0;
    node::Ticket next_ticket_ = 0;
    bool is_healing_ = false;
    Micros healed_at_ = 0;
    Judge judge_;
    Report report_;
};

}  // namespace chancery::simulation
