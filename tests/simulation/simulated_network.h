// A whole network on one thread: real replicas, a virtual clock, disks and links that misbehave as
// the seed says. The same seed gives the same run, everywhere.
//
//     safety    faults of all kinds while clients submit; the judge looks after every event
//     liveness  faults end, a quorum's members (the core) are born again, the others stay dead for
//               ever; the core must agree on everything within 30 s
//
// Members may lie, as many as the network withstands: then the core is all the others.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/fork_finder.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/simulated_node.h"
#include "tests/simulation/trace.h"
#include "tests/support/liar.h"

namespace chancery::simulation {

// Who submits: one after another while there are faults, and again until all are answered.
struct Clients {
    Micros gap_max = 100'000;   // From one to the next while faults last; 0: nobody asks.
    std::size_t different = 0;  // So many batches, then these again; 0: each is a new one.
    Micros late = 0;            // One more, so long after the faults ended; 0: nobody.
    std::uint32_t acts = 0;     // Of a million submissions, so many are acts.
};

struct Plan {
    std::uint32_t nodes = 4;
    std::uint64_t seed = 1;
    Micros safety_us = 20'000'000;
    Micros liveness_us = 30'000'000;
    std::optional<Faults> faults;  // Drawn from the seed unless given.
    std::uint32_t liars = 0;       // At most as many as the network withstands.
    std::set<test::Lie> lies;      // Drawn from the seed unless given.
    Clients clients;
    bool heals_whole = false;  // Every member is born again, not a quorum of them.
    bool renews_links = true;  // When faults end: what was lost on them is said again.
    bool is_told = false;      // Every event on stderr.
};

// Nodes and length drawn from the seed.
Plan draw_plan(std::uint64_t seed);
// The same with `liars` liars, among four members or seven.
Plan draw_plan_with_liars(std::uint64_t seed, std::uint32_t liars);
// Where crashes, cuts, losses and slow disks are many times as frequent, and come together.
Plan draw_harsh_plan(std::uint64_t seed);

struct Report {
    std::uint64_t events = 0;
    std::uint64_t answers = 0;
    std::uint64_t acts = 0;  // Of them.
    std::uint64_t terms = 0;
    std::uint64_t crashes = 0;
    std::uint64_t lies = 0;   // Messages that a liar changed or added.
    std::uint64_t forks = 0;  // Proofs against a liar that honest nodes found.
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
    using Link = std::pair<raft::NodeId, raft::NodeId>;  // From, to.

    // simulated_network.cpp: the loop, and what replicas ask for.
    SimulatedNode& node(raft::NodeId number) { return *nodes_[number - 1]; }
    ledger::TimeMs clock_of(raft::NodeId number) const;
    bool is_paused(raft::NodeId number) const { return paused_until_[number - 1] > now(); }
    Micros now() const { return schedule_.now(); }
    void step_to(Micros end);
    void schedule_tick(raft::NodeId number, Micros delay);
    void tick(raft::NodeId number);
    void follow(raft::NodeId number);
    void follow_once(raft::NodeId number);
    void tell_events(raft::NodeId number, const std::vector<node::Event>& events);
    void send(rpc::PeerEnvelope envelope);
    void transmit(rpc::PeerEnvelope envelope);
    void deliver(const rpc::PeerEnvelope& envelope, std::uint64_t link);
    void hand_over(const rpc::PeerEnvelope& envelope);
    Micros disk_time(raft::NodeId number, Micros least);
    void write_turn(raft::NodeId number, node::ReplicaEffects::JournalTurn turn);
    void finish_turn(raft::NodeId number, std::uint64_t life);
    void store_block(raft::NodeId number, const storage::SealedBlock& block);
    void finish_block(raft::NodeId number,
                      std::uint64_t life,
                      const std::shared_ptr<const storage::SealedBlock>& block);
    void read_older(raft::NodeId number, const node::ReplicaEffects::OlderWanted& wanted);
    void tell(const std::string& what);

    // simulated_world.cpp: births, deaths, links, faults, healing.
    void boot(raft::NodeId number);
    void crash(raft::NodeId number, Death death);
    void damage_disk(raft::NodeId number);
    void misbehave(raft::NodeId number);
    void misbehave_links(raft::NodeId number);
    void replay();
    void connect(raft::NodeId from, raft::NodeId to);
    void cut(raft::NodeId from, raft::NodeId to, Micros until);
    bool is_cut(raft::NodeId from, raft::NodeId to) const;
    void choose_core();
    void heal();
    bool is_healed();
    std::string where_all_stand();

    // simulated_liars.cpp
    void choose_liars();
    bool is_liar(raft::NodeId number) const { return liars_.contains(number); }
    bool tells(test::Lie lie) const;
    bool is_healing_promised() const;
    void lie(const rpc::PeerEnvelope& envelope);
    void liar_hears(const rpc::PeerEnvelope& envelope);
    void keep_evidence(raft::NodeId number, const std::vector<node::Contradiction>& evidence);
    void look_at_forks(raft::NodeId number, const std::vector<node::FoundFork>& forks);
    node::OwnLog own_log(raft::NodeId number);

    // simulated_clients.cpp
    void schedule_client();
    void schedule_late_client();
    Bytes next_batch();
    Bytes new_batch();
    std::optional<Bytes> new_act(ledger::MemberNumber member);
    void submit(Bytes bulk);
    void answered(raft::NodeId number, const node::TicketAnswer& answer);

    Plan plan_;
    Random random_;
    Faults faults_;
    ledger::Genesis genesis_;
    Hash network_id_{};
    raft::NodeKeys keys_;
    node::Replica::Settings settings_;
    Schedule schedule_;
    std::vector<std::unique_ptr<SimulatedNode>> nodes_;
    std::vector<std::int64_t> clock_off_ms_;
    std::vector<Micros> paused_until_;
    std::map<Link, Micros> cut_until_;
    std::map<Link, Micros> last_arrival_;  // Links keep order.
    std::map<Link, std::uint64_t> link_life_;
    std::deque<rpc::PeerEnvelope> heard_;  // What may come again.
    std::set<raft::NodeId> core_;          // Who is healed; all before.
    std::set<raft::NodeId> rolled_back_;
    std::map<std::pair<raft::NodeId, node::Ticket>, Bytes> asked_;
    std::deque<Bytes> to_ask_again_;
    std::vector<Bytes> batches_;  // That are asked for again.
    std::uint64_t next_number_ = 0;
    struct MemberActs {
        std::uint64_t last = 0;  // The sequence of its newest.
        bool is_under_way = false;
    };
    std::map<ledger::MemberNumber, MemberActs> acts_;
    node::Ticket next_ticket_ = 0;
    bool is_healing_ = false;
    bool is_client_awaited_ = false;
    raft::Term term_at_heal_ = 0;
    std::map<raft::NodeId, test::Liar> liars_;
    std::map<raft::NodeId, node::ForkFinder> finders_;
    Judge judge_;
    Trace trace_;
    Report report_;
};

}  // namespace chancery::simulation
