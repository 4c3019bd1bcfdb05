// Which changes of the members a trust file shows: all that a verifier needs to get from genesis to
// today, and of the others the newest, as far as there is room.
//
// A step may leave out what lies between, unless that changed who seals: its own seal is checked
// under the object before it. So no member can make the file longer than verifiers read.
// Source: PROTOCOL.md, Proofs and verdicts (Trust).
#pragma once

#include <vector>

#include "storage/ledger_store.h"

namespace chancery::node {

// `all` oldest first, as the store has them; `before` is the object of genesis. `bytes_max` counts
// the objects that are shown beyond those that must be.
std::vector<storage::LedgerStore::MembersStep> steps_to_show(
    const ledger::Members& before,
    std::vector<storage::LedgerStore::MembersStep> all,
    std::size_t bytes_max);

}  // namespace chancery::node
