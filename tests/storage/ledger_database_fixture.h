// A ledger's database in a folder of its own, and blocks to write into it.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "storage/ledger_database.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {

inline std::unique_ptr<storage::LedgerStore> opened(const std::string& path,
                                                    storage::DatabaseOptions options) {
    auto store = storage::open_ledger_database(path, test::chancery_genesis(), options);
    EXPECT_TRUE(store) << store.error().detail;
    return store ? std::move(*store) : nullptr;
}

inline std::unique_ptr<storage::LedgerStore> created(const std::string& path,
                                                     storage::DatabaseOptions options) {
    options.may_create = true;
    return opened(path, options);
}

class LedgerDatabaseTest : public testing::Test {
protected:
    std::string path() const { return folder / "ledger"; }

    ScratchFolder folder;
    ledger::Genesis genesis = chancery_genesis();
    BlockMaker maker{genesis, 1};
};

}  // namespace chancery::test
