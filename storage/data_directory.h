// A node's data directory: what lies in it, how it is made, opened, and given a new database.
//
//     lock        held while a process has the directory
//     node.json   {"format":"chancery-node/v1","network","node","epoch"}: whose it is; made last
//     genesis.json
//     fence       storage/fence.h
//     journal/    storage/journal.h
//     ledger/     storage/ledger_database.h
//     evidence/   node/evidence_keeper.h
//     ledger.damaged-<n>/   a database that was set aside
//     ledger.new/           one being built to take its place; whoever begins to build removes it
//     ledger.rebuilt/       the same, whole; opening puts it in place if nothing stands there
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

// What only this node can know, and no other can give back.
struct OwnRecords {
    std::unique_ptr<Disk> disk;  // Holds the lock; the journal and the fence write to it.
    ledger::Genesis genesis;
    JournalIdentity identity;
    Fence fence;
    Journal journal;
    Recovered recovered;
};

struct DataDirectory : OwnRecords {
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

// The same without the database, which may be missing or damaged.
Result<OwnRecords> open_own_records(const std::string& path, const DataOptions& options);

// A new ledger database that is filled beside the old one and takes its place when it is whole.
//
//     ledger.new ─ filled, closed ─> ledger.rebuilt ─┐
//     ledger ──────────────────────> ledger.damaged-n │ ─> ledger
//
// Until then, and after a crash at any step, a start finds either the old database or the new one.
class DatabaseRebuild {
public:
    // `disk`: the open directory `path`, which must outlive this. What an earlier one left is
    // removed.
    static Result<DatabaseRebuild> begin(Disk& disk,
                                         const std::string& path,
                                         const ledger::Genesis& genesis,
                                         const DatabaseOptions& options);

    DatabaseRebuild(DatabaseRebuild&&) noexcept = default;
    DatabaseRebuild& operator=(DatabaseRebuild&&) = delete;
    ~DatabaseRebuild();  // Unless finished, what was built is removed.

    LedgerStore& ledger() { return *ledger_; }

    // Flushes, closes and swaps. Gives the path of what was set aside; empty if nothing was there.
    // Spent afterwards.
    Result<std::string> finish();

private:
    DatabaseRebuild(Disk& disk, std::string path, std::unique_ptr<LedgerStore> ledger)
        : disk_(&disk), path_(std::move(path)), ledger_(std::move(ledger)) {}

    Disk* disk_;
    std::string path_;
    std::unique_ptr<LedgerStore> ledger_;
};

}  // namespace chancery::storage
