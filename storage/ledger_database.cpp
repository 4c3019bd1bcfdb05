#include "storage/ledger_database.h"

#include "storage/rocks_ledger.h"

namespace chancery::storage {

Result<std::unique_ptr<LedgerStore>> open_ledger_database(const std::string& path,
                                                          const ledger::Genesis& genesis,
                                                          const DatabaseOptions& options) {
    return RocksLedger::open(path, genesis, options);
}

}  // namespace chancery::storage
