// The sealed ledger in RocksDB: one atomic write for each block, no write-ahead log.
//
// What is not flushed yet is in the journal: after a crash the database stands at the last flush,
// a whole block, and the journal's blocks are applied again. Commitments have a column family of
// their own that takes sorted runs only. A value that fails its check is Errc::corrupt, and so is
// one that must be there and is not; Errc::not_found never stands for damage.
// Source: PROTOCOL.md, Database; storage/key_layout.h has the bytes.
#pragma once

#include <memory>
#include <string>

#include "storage/ledger_store.h"

namespace chancery::storage {

struct DatabaseOptions {
    bool may_create = false;                           // Only a new member's first start may.
    std::size_t memtable_bytes = 64ULL * 1024 * 1024;  // Flushed when full.
    std::size_t block_cache_bytes = 64ULL * 1024 * 1024;
    std::size_t index_run_keys = 1'000'000;  // Commitments kept in memory before they become a run.
    bool flushes_at_close = true;            // False: closing loses what a crash would.
};

// `path`: a directory of the database's own. Errc::not_found: there is none, and may_create is
// false. Errc::corrupt: damaged, another network's, or of a newer format; it was left unchanged.
// Reads may run on any thread, writes and flushes on one.
Result<std::unique_ptr<LedgerStore>> open_ledger_database(const std::string& path,
                                                          const ledger::Genesis& genesis,
                                                          const DatabaseOptions& options);

}  // namespace chancery::storage
