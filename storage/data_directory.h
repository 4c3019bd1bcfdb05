// A node's data directory: what lies in it, how it is made, opened, and given a new database.
//
//     lock        held while a process has the directory
//     node.json   {"format":"chancery-node/v1","network","node","epoch"}: whose it is; made last
//     genesis.json
//     fence       storage/fence.h
//     journal/    storage/journal.h
//     ledger/     storage/ledger_database.h
//     ledger.damaged-<n>/   a database that was set aside
//
// Making and opening are different acts. A directory that lost its journal or its fence does not
// open and is not made anew in silence: its node may have voted and cosigned, and would do so again
// otherwise. A folder "keys", which is the keystore's, may be there from the start.
#pragma once

#include <memory>
#include <string>

#include "storage/fence.h"
#include "storage/ledger_database.h"

namespace chancery::storage {

struct DataOptions {
    Journal::Options journal;
    DatabaseOptions database;  // may_create is ignored.
};

struct NodeName {
    raft::NodeId node = 0;
    std::uint32_t epoch = 1;
};

struct DataDirectory {
    std::unique_ptr<Disk> disk;  // Holds the lock; the journal and the fence write to it.
    ledger::Genesis genesis;
    JournalIdentity identity;
    Fence fence;
    Journal journal;
    Recovered recovered;
    std::unique_ptr<LedgerStore> ledger;
    // The ledger stands below the journal's base, so the journal alone cannot bring it up to date:
    // it must be filled from exported blocks or from other members before anything else.
    bool must_refill = false;
};

// Makes the directory if need be, and everything in it. Errc::conflict if it is a node's already
// or holds anything else.
Result<void> init_data_directory(const std::string& path,
                                 const ledger::Genesis& genesis,
                                 const NodeName& name,
                                 const DataOptions& options);

// Errc::not_found: never initialised. Errc::conflict: in use. Errc::corrupt: something is missing,
// damaged, another's or of a later format; the detail names the file, and nothing was changed.
Result<DataDirectory> open_data_directory(const std::string& path, const DataOptions& options);

// Sets the ledger database aside and makes an empty one; journal, fence and keys stay. Gives the
// path of what was set aside.
Result<std::string> rebuild_database(const std::string& path, const DataOptions& options);

}  // namespace chancery::storage
