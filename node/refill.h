// A new ledger database for a node whose journal begins above it: what came before the journal's
// base is read from an exported log, the rest is the journal's.
//
//     export   [ 1 … base ][ base + 1 … sealed ][ … ]
//     journal              [ base + 1 … sealed ][ … ]
//                stored      compared, stored     hashed to the export's root
//
// Of the export nothing is believed: it must be of this network, every block of it up to the
// newest that this node knows as sealed is judged by the ledger's rules, all of it must lead to
// the root of its checkpoint, and that must be sealed by the network's own members. Where the
// journal has the same block, or this node sealed or cosigned that size, both must agree.
#pragma once

#include <functional>

#include "node/audit/log_source.h"
#include "node/recovery.h"
#include "storage/data_directory.h"

namespace chancery::node {

struct RefillPlan {
    const storage::OwnRecords& records;
    audit::LogSource& source;
    storage::LedgerStore& store;  // Empty, and thrown away if this fails.
    std::function<void(std::uint64_t done, std::uint64_t size)> progress;  // May be empty.
};

struct Refilled {
    RecoveredLedger ledger;
    std::uint64_t blocks_from_export = 0;
    std::uint64_t contents_missing = 0;  // Published, and not kept by the source.
};

// Memory: one block and 32 bytes for each 256 entries. Errc::corrupt for an export that is not
// what it claims to be or contradicts this node, or shows that the journal lost what it signed;
// Errc::invalid for one that is good but does not reach the journal's base; else the source's or
// the store's errors.
Result<Refilled> refill_ledger(const RefillPlan& plan);

}  // namespace chancery::node
