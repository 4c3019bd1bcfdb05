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

class SimulatedNode {
public:
    SimulatedNode(const ledger::Genesis& genesis, ledger::MemberNumber member);

    ledger::MemberNumber member() const { return member_; }
    bool is_up() const { return replica_ != nullptr; }
    // Rises with each birth and death; what was begun in another life is void.
    std::uint64_t life() const { return life_; }
    node::Replica& replica() { return *replica_; }
    const node::Replica& replica() const { return *replica_; }
    storage::MemoryLedgerStore& store() { return store_; }
    const Platter& platter() const { return platter_; }

    // Errors are what the disk held: corrupt, or an own bug.
    Result<void> boot(ledger::TimeMs now_ms, std::uint64_t seed);
    void crash(std::uint64_t seed);

    Result<void> write(const storage::Turn& turn);

private:
    const ledger::Genesis& genesis_;
    ledger::MemberNumber member_;
    Hash network_id_;
    test::MemoryDisk disk_;
    storage::MemoryLedgerStore store_;
    std::optional<storage::Journal> journal_;
    std::unique_ptr<node::Replica> replica_;
    Platter platter_;
    std::uint64_t life_ = 0;
};

}  // namespace chancery::simulation
