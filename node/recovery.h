// From a journal and a database as a crash left them to a state that goes on.
//
// The database holds the ledger up to some sealed block; the journal holds that block and what
// came after. Sealed blocks that the database lacks are judged again and stored; the unsealed rest
// is Raft's. Nothing here asks a clock or decides anything new.
#pragma once

#include "consensus/registry/registry.h"
#include "storage/journal.h"
#include "storage/ledger_store.h"

namespace chancery::node {

struct RecoveredLedger {
    registry::State state;       // Sealed and stored.
    std::string checkpoint;      // Over it; empty on a new network.
    raft::Index sealed = 0;      // Journal index of its last block.
    std::uint64_t replayed = 0;  // Blocks that the database lacked.
};

// The journal's entry at `index`; nullptr outside of it.
const raft::Entry* entry_at(const storage::Recovered& journal, raft::Index index);

// Stores what a block of the journal led to, under the journal's newest seal.
Result<void> store_block(registry::AppliedBlock block,
                         const raft::Entry& entry,
                         const storage::Recovered& journal,
                         storage::LedgerStore& store);

// Errc::corrupt if journal and database contradict each other or leave a gap; the detail says
// where and what to do.
Result<RecoveredLedger> recover_ledger(const storage::Recovered& journal,
                                       storage::LedgerStore& store);

// "size 7, root 00…", for messages.
std::string text_of(const merkle::TreeHead& head);

}  // namespace chancery::node
