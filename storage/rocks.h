// What this room's files share of RocksDB without its headers: how errors are named, and how the
// database is set up and checked to be so.
#pragma once

#include <memory>
#include <string>

#include "storage/ledger_database.h"

namespace rocksdb {
class Cache;
class DB;
class EventListener;
class Slice;
class Status;
struct ColumnFamilyOptions;
struct DBOptions;
}  // namespace rocksdb

namespace chancery::storage::rocks {

rocksdb::Slice slice_of(ByteView bytes);
ByteView view_of(const rocksdb::Slice& slice);

inline constexpr const char* index_family = "index";

// A failed status as an error: corrupt if the data fails its check or lacks what must be there,
// io otherwise. CHECKs that it failed.
Error error_of(const rocksdb::Status& status, const std::string& doing);

rocksdb::DBOptions database_options(const std::string& path,
                                    const DatabaseOptions& options,
                                    std::shared_ptr<rocksdb::EventListener> listener);
rocksdb::ColumnFamilyOptions ledger_family_options(const DatabaseOptions& options,
                                                   const std::shared_ptr<rocksdb::Cache>& cache);
rocksdb::ColumnFamilyOptions index_family_options(const std::shared_ptr<rocksdb::Cache>& cache);

// Errc::io, naming the setting, if the open database does not run as asked: a library may change
// what it is given without a word.
Result<void> check_settings(const rocksdb::DBOptions& effective);
Result<void> check_settings(const std::string& family,
                            const rocksdb::ColumnFamilyOptions& effective);

}  // namespace chancery::storage::rocks
