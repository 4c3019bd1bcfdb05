// One node in the simulation: the real replica, journal and registry over a disk and a store in
// memory. It lives, dies and is born again with what its disk kept.
#pragma once

#include <memory>
#include <optional>

#include "node/restored_replica.h"
#include "storage/memory_ledger_store.h"
#include "tests/simulation/judge.h"
#include "tests/support/memory_disk.h"

namespace chancery::simulation {

enum class Death : std::uint8_t {
    kill,        // The process ends; what it wrote is there.
    power_loss,  // What was not synced is there or not, sector by sector.
    torn_turn,   // The same, in the middle of the journal's turn.
};

class SimulatedNode {
public:
    SimulatedNode(const ledger::Genesis& genesis, ledger::MemberNumber member);

    ledger::MemberNumber member() const { return member_; }
    bool is_up() const { return replica_ != nullptr; }
    // Rises with each birth and death; what was begun in another life is void.
    std::uint64_t life() const { return life_; }
    node::Replica& replica() { return *replica_; }
    const node::Replica& replica() const { return *replica_; }
    storage::MemoryLedgerStore& store() { return *store_; }
    const Platter& platter() const { return platter_; }

    // Errors are what the disk held: corrupt, or an own bug. `number` is this life's.
    Result<void> boot(ledger::TimeMs now_ms,
                      std::uint64_t number,
                      const node::Replica::Settings& settings);
    void die(Death death, std::uint64_t seed);

    // The journal's turn, from the replica's effects; finished, torn or forgotten.
    void begin_turn(node::ReplicaEffects::JournalTurn turn) { turn_ = std::move(turn); }
    const storage::Turn& turn() const { return turn_->turn; }
    // Its number. Any error: the process must end.
    Result<std::uint64_t> finish_turn();
    // Out of the journal's files, for a peer that lags.
    Result<storage::JournalPiece> read_older(raft::Index after);
    // The next write or sync fails.
    void break_disk_once() { disk_->fail_once_at(disk_->operation_count()); }

    // The disk as it is now, for later: an image of a virtual machine.
    void keep_image() { image_ = disk_->copy(); }
    bool has_image() const { return image_ != nullptr; }
    // Of a node that is down: the image in place of the disk, the database gone.
    void restore_image();
    void lose_database();

private:
    const ledger::Genesis& genesis_;
    ledger::MemberNumber member_;
    Hash network_id_;
    std::unique_ptr<test::MemoryDisk> disk_ = std::make_unique<test::MemoryDisk>();
    std::unique_ptr<test::MemoryDisk> image_;
    std::unique_ptr<storage::MemoryLedgerStore> store_;
    std::optional<storage::Journal> journal_;
    std::optional<node::ReplicaEffects::JournalTurn> turn_;
    std::unique_ptr<node::Replica> replica_;
    Platter platter_;
    std::uint64_t life_ = 0;
};

}  // namespace chancery::simulation
