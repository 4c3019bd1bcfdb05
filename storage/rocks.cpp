#include "storage/rocks.h"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/table.h>
#include <unistd.h>

#include "crypto/base/check.h"
#include "storage/rocks_log.h"
#include "storage/table_footer.h"

namespace chancery::storage::rocks {
namespace {

constexpr double filter_bits_per_key = 10;
constexpr std::uint64_t file_bytes = 64ULL * 1024 * 1024;

// Some file systems, tmpfs among them, refuse O_DIRECT.
bool takes_direct_io(const std::string& directory) {
    const std::string probe = directory + "/direct-io-probe";
    const int number = ::open(probe.c_str(), O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
    if (number >= 0) ::close(number);
    ::unlink(probe.c_str());
    return number >= 0;
}

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::BlockBasedTableOptions table;
    table.checksum = rocksdb::kXXH3;
    table.format_version = table_format_version;
    table.block_cache = cache;
    // Filters and indices stay in memory with the open tables.
    table.cache_index_and_filter_blocks = false;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits_per_key));
    table.detect_filter_construct_corruption = true;
    table.verify_compression = true;
    return table;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::ColumnFamilyOptions family;
    family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(cache)));
    family.target_file_size_base = file_bytes;
    family.level_compaction_dynamic_level_bytes = true;
    family.force_consistency_checks = true;
    family.paranoid_file_checks = false;  // Reads every new file back: the scrub's work.
    return family;
}

Result<void> want(bool claim, const std::string& setting) {
    if (claim) return {};
    return Error{Errc::io, "RocksDB does not run with " + setting + " as asked"};
}

}  // namespace

rocksdb::Slice slice_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView view_of(const rocksdb::Slice& slice) {
    return bytes_of(std::string_view(slice.data(), slice.size()));
}

Error error_of(const rocksdb::Status& status, const std::string& doing) {
    CHECK(!status.ok());
    const bool is_damage = status.IsCorruption() || status.IsNotFound() ||
                           status.IsInvalidArgument() || status.IsNotSupported() ||
                           status.IsPathNotFound();
    return Error{is_damage ? Errc::corrupt : Errc::io, doing + ": " + status.ToString()};
}

rocksdb::DBOptions database_options(const std::string& path,
                                    const DatabaseOptions& options,
                                    std::shared_ptr<rocksdb::EventListener> listener) {
    rocksdb::DBOptions database;
    database.create_if_missing = options.may_create;
    database.create_missing_column_families = options.may_create;
    database.error_if_exists = options.may_create;
    database.paranoid_checks = true;
    database.verify_sst_unique_id_in_manifest = true;
    database.write_dbid_to_manifest = true;
    database.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
    database.use_direct_io_for_flush_and_compaction = takes_direct_io(path);
    database.max_open_files = -1;
    // A failed write is the end of this process, never something to go on after.
    database.max_bgerror_resume_count = 0;
    database.avoid_flush_during_shutdown = !options.flushes_at_close;
    database.max_background_jobs = 2;
    database.max_subcompactions = 1;
    database.bytes_per_sync = 1024 * 1024;
    database.info_log = open_log(path);
    database.listeners.push_back(std::move(listener));
    return database;
}

rocksdb::ColumnFamilyOptions ledger_family_options(const DatabaseOptions& options,
                                                   const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::ColumnFamilyOptions family = family_options(cache);
    family.write_buffer_size = options.memtable_bytes;
    // Every new batch asks for a nonce that is not there.
    family.memtable_whole_key_filtering = true;
    family.memtable_prefix_bloom_size_ratio = 0.02;
    family.max_write_buffer_number = 3;
    // Entries of one kind differ in little but their hashes; tiles do not shrink and are kept
    // plain.
    family.compression = rocksdb::kLZ4Compression;
    // Files end where a kind of key ends, so that what only grows at its end moves down unread.
    family.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(1);
    return family;
}

rocksdb::ColumnFamilyOptions index_family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::ColumnFamilyOptions family = family_options(cache);
    family.compression = rocksdb::kNoCompression;
    // Runs arrive whole: they must not hold up the ledger's writes.
    family.level0_slowdown_writes_trigger = 64;
    family.level0_stop_writes_trigger = 128;
    family.max_bytes_for_level_base = 512ULL * 1024 * 1024;
    return family;
}

struct Wanted {
    bool holds;
    const char* setting;
};

Result<void> check_settings(const rocksdb::DBOptions& effective) {
    const std::initializer_list<Wanted> wanted = {
        {effective.paranoid_checks, "paranoid_checks"},
        {effective.verify_sst_unique_id_in_manifest, "verify_sst_unique_id_in_manifest"},
        {effective.max_bgerror_resume_count == 0, "max_bgerror_resume_count 0"},
        {!effective.atomic_flush, "atomic_flush off"},
        {!effective.allow_2pc, "allow_2pc off"},
        {!effective.two_write_queues, "two_write_queues off"},
        {!effective.manual_wal_flush, "manual_wal_flush off"},
        {!effective.unordered_write, "unordered_write off"},
        {!effective.best_efforts_recovery, "best_efforts_recovery off"},
        {!effective.allow_ingest_behind, "allow_ingest_behind off"},
        {effective.recycle_log_file_num == 0, "recycle_log_file_num 0"},
        {effective.max_open_files == -1, "max_open_files -1"},
        {effective.file_checksum_gen_factory != nullptr, "file checksums"},
    };
    for (const Wanted& each : wanted) {
        if (auto done = want(each.holds, each.setting); !done) return done;
    }
    return {};
}

Result<void> check_settings(const std::string& family,
                            const rocksdb::ColumnFamilyOptions& effective) {
    const auto* table = effective.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    if (auto done = want(table != nullptr, family + ": block-based tables"); !done) return done;
    const bool is_index = family == index_family;
    const std::initializer_list<Wanted> wanted = {
        {table->checksum == rocksdb::kXXH3, "checksum kXXH3"},
        {table->filter_policy != nullptr, "a filter"},
        {!table->cache_index_and_filter_blocks, "filters in memory"},
        {effective.force_consistency_checks, "force_consistency_checks"},
        {!effective.inplace_update_support, "inplace_update_support off"},
        {!effective.enable_blob_files, "blob files off"},
        {!is_index || effective.compression == rocksdb::kNoCompression, "no compression"},
        {effective.compaction_style == rocksdb::kCompactionStyleLevel, "levels"},
    };
    for (const Wanted& each : wanted) {
        if (auto done = want(each.holds, family + ": " + each.setting); !done) return done;
    }
    return {};
}

}  // namespace chancery::storage::rocks
