// A replica as it goes on after the last life: core, sealer and seals from what the journal and the
// database hold.
#pragma once

#include <memory>

#include "node/recovery.h"
#include "node/replica.h"

namespace chancery::node {

struct ReplicaOrigin {
    const ledger::Genesis& genesis;
    const storage::Recovered& journal;
    const RecoveredLedger& ledger;
    const storage::LedgerStore& store;  // Must outlive the replica.
};

// `election_seed` draws election timeouts. Errc::corrupt if the journal contradicts itself.
Result<std::unique_ptr<Replica>> restore_replica(const ReplicaOrigin& origin,
                                                 const Replica::Settings& settings,
                                                 Replica::Identity identity,
                                                 std::uint64_t election_seed);

// By member number.
raft::NodeKeys node_keys_of(const ledger::Genesis& genesis);

}  // namespace chancery::node
