#include "storage/rocks_ledger.h"

#include <filesystem>
#include <map>
#include <system_error>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/write_batch.h>

#include "crypto/base/check.h"
#include "storage/rocks.h"
#include "storage/table_footer.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t protection_bytes = 8;  // Of each key and value on their way to the memtable.
constexpr std::size_t ledger_family = 0;
constexpr std::size_t commitment_family = 1;

rocksdb::WriteBatch new_batch() { return rocksdb::WriteBatch(0, 0, protection_bytes, 0); }

// RocksDB's own diary of an open that only looks.
class Silent final : public rocksdb::Logger {
public:
    using rocksdb::Logger::Logv;
    void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

bool is_there(const std::string& path) {
    std::error_code code;
    return fs::exists(path + "/CURRENT", code);
}

// The format and the network, read without changing anything.
Result<void> look_at_format(const std::string& path, const Hash& network) {
    rocksdb::Options options;
    options.info_log = std::make_shared<Silent>();
    options.max_open_files = 16;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* opened = nullptr;
    rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
        options, path, {{rocksdb::kDefaultColumnFamilyName, options}}, &families, &opened);
    if (!status.ok()) return rocks::error_of(status, path);
    const std::unique_ptr<rocksdb::DB> database(opened);
    std::string value;
    status = database->Get(rocksdb::ReadOptions(), families[0], keys_of::format(), &value);
    const rocksdb::Status closed = database->DestroyColumnFamilyHandle(families[0]);
    if (!closed.ok()) return rocks::error_of(closed, path);
    if (status.IsNotFound()) return Error{Errc::corrupt, path + ": the format key is missing"};
    if (!status.ok()) return rocks::error_of(status, path);
    if (auto done = values_of::check_format(bytes_of(value), network); !done) {
        return Error{Errc::corrupt, path + ": " + done.error().detail};
    }
    return {};
}

Result<std::string> empty_scratch(const std::string& path) {
    std::string scratch = path + "/runs";
    std::error_code code;
    fs::remove_all(scratch, code);
    if (!code) fs::create_directory(scratch, code);
    if (code) return Error{Errc::io, scratch + ": " + code.message()};
    return scratch;
}

}  // namespace

// Learns from RocksDB's threads which writes are in tables that the manifest names.
class RocksLedger::FlushWatch final : public rocksdb::EventListener {
public:
    void OnFlushCompleted(rocksdb::DB* /*database*/, const rocksdb::FlushJobInfo& info) override {
        if (info.cf_name != rocksdb::kDefaultColumnFamilyName) return;
        const std::lock_guard lock(mutex_);
        flushed_sequence_ = std::max(flushed_sequence_, info.largest_seqno);
        advance();
    }

    void begin_at(std::uint64_t height) {
        const std::lock_guard lock(mutex_);
        flushed_height_ = height;
    }
    // Everything up to `height` has sequence numbers up to `sequence`.
    void wrote(std::uint64_t sequence, std::uint64_t height) {
        const std::lock_guard lock(mutex_);
        waiting_[sequence] = height;
        advance();
    }
    void flushed(std::uint64_t height) {
        const std::lock_guard lock(mutex_);
        flushed_height_ = std::max(flushed_height_, height);
    }
    std::uint64_t flushed_height() const {
        const std::lock_guard lock(mutex_);
        return flushed_height_;
    }

private:
    void advance() {
        while (!waiting_.empty() && waiting_.begin()->first <= flushed_sequence_) {
            flushed_height_ = std::max(flushed_height_, waiting_.begin()->second);
            waiting_.erase(waiting_.begin());
        }
    }

    mutable std::mutex mutex_;
    rocksdb::SequenceNumber flushed_sequence_ = 0;
    std::uint64_t flushed_height_ = 0;
    std::map<rocksdb::SequenceNumber, std::uint64_t> waiting_;
};

RocksLedger::RocksLedger(const ledger::Genesis& genesis)
    : network_(ledger::network_id(genesis)),
      first_state_(registry::initial_state(genesis)),
      watch_(std::make_shared<FlushWatch>()) {}

RocksLedger::~RocksLedger() {
    index_.reset();
    for (rocksdb::ColumnFamilyHandle* family : families_) {
        database_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    }
    if (database_) database_->Close().PermitUncheckedError();
}

Result<std::unique_ptr<LedgerStore>> RocksLedger::open(const std::string& path,
                                                       const ledger::Genesis& genesis,
                                                       const DatabaseOptions& options) {
    const bool exists = is_there(path);
    if (exists && options.may_create) return Error{Errc::conflict, path + ": there is one already"};
    if (!exists && !options.may_create) return Error{Errc::not_found, path + ": no database there"};
    auto opened = std::make_unique<RocksLedger>(genesis);
    if (exists) {
        if (auto done = check_table_footers(path); !done) return done.error();
        if (auto done = look_at_format(path, opened->network_); !done) return done.error();
    } else {
        std::error_code code;
        fs::create_directories(path, code);
        if (code) return Error{Errc::io, path + ": " + code.message()};
    }
    if (auto done = opened->open_files(path, options); !done) return done.error();
    if (auto done = opened->take_up(path, options); !done) return done.error();
    return std::unique_ptr<LedgerStore>(std::move(opened));
}

Result<void> RocksLedger::open_files(const std::string& path, const DatabaseOptions& options) {
    cache_ = rocksdb::NewLRUCache(options.block_cache_bytes);
    const rocksdb::DBOptions wanted = rocks::database_options(path, options, watch_);
    const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
        {rocksdb::kDefaultColumnFamilyName, rocks::ledger_family_options(options, cache_)},
        {rocks::index_family, rocks::index_family_options(cache_)},
    };
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(wanted, path, families, &families_, &opened);
    if (!status.ok()) return rocks::error_of(status, path);
    database_.reset(opened);
    if (auto done = rocks::check_settings(database_->GetDBOptions()); !done) return done;
    for (rocksdb::ColumnFamilyHandle* family : families_) {
        const rocksdb::Options effective = database_->GetOptions(family);
        if (auto done = rocks::check_settings(family->GetName(), effective); !done) return done;
    }
    if (!options.may_create) return {};
    rocksdb::WriteBatch batch = new_batch();
    if (!batch.Put(keys_of::format(), rocks::slice_of(values_of::format(network_))).ok()) {
        return Error{Errc::io, path + ": the format key does not fit"};
    }
    if (auto done = commit(batch); !done) return done;
    const auto flushed = flush();
    if (!flushed) return flushed.error();
    return {};
}

Result<void> RocksLedger::take_up(const std::string& path, const DatabaseOptions& options) {
    const auto stored = head(nullptr);
    if (!stored) return stored.error();
    std::uint64_t size = 0;
    if (*stored) {
        height_ = (*stored)->height;
        size = (*stored)->frontier.leaf_count();
    }
    auto edge = RightEdge::load(size, [this](const merkle::TileId& id) { return piece(id); });
    if (!edge) return edge.error();
    edge_ = std::move(*edge);
    size_ = size;
    watch_->begin_at(height_);

    const auto stored_watermark = get(keys_of::watermark());
    if (!stored_watermark) return stored_watermark.error();
    std::uint64_t watermark = 0;
    if (*stored_watermark) {
        const auto parsed = values_of::parse_number(**stored_watermark);
        if (!parsed) return parsed.error();
        watermark = *parsed;
    }
    if (watermark > size) return Error{Errc::corrupt, path + ": the watermark is beyond the log"};
    const auto scratch = empty_scratch(path);
    if (!scratch) return scratch.error();
    CommitmentIndex::Place place;
    place.database = database_.get();
    place.family = families_[commitment_family];
    place.scratch = *scratch;
    place.run_keys = options.index_run_keys;
    index_ = std::make_unique<CommitmentIndex>(std::move(place), watermark);
    return read_commitments_again(watermark, size);
}

Result<void> RocksLedger::read_commitments_again(std::uint64_t from, std::uint64_t size) {
    for (std::uint64_t begin = from; begin < size;) {
        const std::uint64_t index = begin / merkle::tile_width;
        const std::uint64_t first = index * merkle::tile_width;
        const std::uint64_t end = std::min(size, first + merkle::tile_width);
        const auto width = static_cast<std::uint32_t>(end - first);
        const auto bytes = piece({.is_bundle = true, .index = index, .width = width});
        if (!bytes) return bytes.error();
        const auto entries = merkle::parse_bundle(*bytes, width);
        if (!entries) return entries.error();
        std::vector<registry::NewCommitment> found;
        for (std::uint64_t position = begin; position < end; ++position) {
            const auto entry = ledger::decode((*entries)[position - first]);
            if (!entry) return Error{Errc::corrupt, entry.error().detail};
            const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
            if (credential == nullptr) continue;
            found.push_back({credential->commitment, credential->member, position});
        }
        if (auto done = index_->add(found, end); !done) return done;
        begin = end;
    }
    return {};
}

void RocksLedger::put_block(rocksdb::WriteBatch& batch,
                            const SealedBlock& sealed,
                            const std::vector<Piece>& pieces) const {
    const auto put = [&](const std::string& key, ByteView value) {
        // A batch refuses only what exceeds 4 GiB.
        CHECK(batch.Put(key, rocks::slice_of(value)).ok());
    };
    const registry::AppliedBlock& block = *sealed.block;
    const registry::State& after = block.after;
    for (const Piece& piece : pieces) {
        put(piece.id.is_bundle ? keys_of::bundle(piece.id.index)
                               : keys_of::tile(piece.id.level, piece.id.index),
            piece.bytes);
    }
    std::uint64_t last_chunk = ledger::no_position;
    for (const registry::NewStatus& status : block.statuses) {
        put(keys_of::newest_status(status.credential), values_of::number(status.entry));
        const std::uint64_t chunk = status.credential / merkle::positions_per_chunk;
        if (chunk != last_chunk) put(keys_of::chunk(chunk), after.status.chunk(chunk));
        last_chunk = chunk;
    }
    for (const registry::BatchRecord& record : block.batches)
        put(keys_of::batch(record.member, record.nonce), values_of::batch(record));
    for (const registry::NewPublication& each : block.publications) {
        put(keys_of::publication(each.member, each.type, each.name), values_of::number(each.entry));
        put(keys_of::publication_at(each.member, each.type, each.entry), {});
    }
    for (const registry::ActRecord& act : block.acts)
        put(keys_of::act(act.member, act.sequence), values_of::act(act));
    for (const StoredContent& content : sealed.contents)
        put(keys_of::content(content.hash), *content.bytes);
    if (block.members_changed) {
        put(keys_of::members(), values_of::members(*after.members));
        put(keys_of::members_step(after.frontier.leaf_count()),
            values_of::members_step(sealed.checkpoint, *after.members));
    }
    put(keys_of::height(after.height), values_of::number(after.frontier.leaf_count()));
    put(keys_of::checkpoint(), bytes_of(sealed.checkpoint));
    put(keys_of::watermark(), values_of::number(index_->watermark()));
    put(keys_of::head(),
        values_of::head({after.height, after.time, sealed.id, sealed.chain, after.frontier}));
}

Result<void> RocksLedger::commit(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions how;
    how.disableWAL = true;
    how.protection_bytes_per_key = protection_bytes;
    const rocksdb::Status status = database_->Write(how, &batch);
    if (status.ok()) return {};
    has_failed_ = true;
    return rocks::error_of(status, "write the ledger");
}

Result<void> RocksLedger::write(const SealedBlock& sealed) {
    if (has_failed_) return Error{Errc::io, "the ledger database failed before"};
    const registry::AppliedBlock& block = *sealed.block;
    const std::uint64_t size = block.after.frontier.leaf_count();
    CHECK(block.first == edge_.size() && block.after.height == height_ + 1);
    CHECK(size == block.first + block.entries.count());

    RightEdge edge = edge_;
    const std::vector<Piece> pieces = edge.append(block.entries, block.leaves);
    rocksdb::WriteBatch batch = new_batch();
    put_block(batch, sealed, pieces);
    if (auto done = commit(batch); !done) return done;
    edge_ = std::move(edge);
    height_ = block.after.height;
    watch_->wrote(database_->GetLatestSequenceNumber(), height_);
    if (auto done = index_->add(block.commitments, size); !done) {
        has_failed_ = true;
        return done;
    }
    size_ = size;
    return {};
}

Result<void> RocksLedger::write_checkpoint(const std::string& checkpoint) {
    if (has_failed_) return Error{Errc::io, "the ledger database failed before"};
    rocksdb::WriteBatch batch = new_batch();
    CHECK(batch.Put(keys_of::checkpoint(), checkpoint).ok());
    return commit(batch);
}

Result<void> RocksLedger::write_content(const StoredContent& content) {
    if (has_failed_) return Error{Errc::io, "the ledger database failed before"};
    rocksdb::WriteBatch batch = new_batch();
    CHECK(batch.Put(keys_of::content(content.hash), rocks::slice_of(*content.bytes)).ok());
    return commit(batch);
}

Result<std::uint64_t> RocksLedger::flush() {
    if (has_failed_) return Error{Errc::io, "the ledger database failed before"};
    const rocksdb::Status status =
        database_->Flush(rocksdb::FlushOptions(), families_[ledger_family]);
    if (!status.ok()) {
        has_failed_ = true;
        return rocks::error_of(status, "flush the ledger");
    }
    watch_->flushed(height_);
    return watch_->flushed_height();
}

std::uint64_t RocksLedger::flushed_height() const { return watch_->flushed_height(); }

}  // namespace chancery::storage
