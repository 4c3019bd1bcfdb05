// Reading the ledger database: on any thread, each answer from one moment.

#include <memory>

#include <rocksdb/db.h>

#include "crypto/base/check.h"
#include "storage/rocks.h"
#include "storage/rocks_ledger.h"

namespace chancery::storage {
namespace {

Bytes copy_of(const rocksdb::Slice& slice) {
    const ByteView view = rocks::view_of(slice);
    return {view.begin(), view.end()};
}

std::string key_of(const merkle::TileId& id) {
    return id.is_bundle ? keys_of::bundle(id.index) : keys_of::tile(id.level, id.index);
}

// No status stands beyond the positions that a block's state entry covers, where the tree would
// take it for our own mistake.
bool is_chunk_within(std::uint64_t index, const merkle::Chunk& chunk, std::uint64_t positions) {
    if (index >= merkle::chunk_count(positions)) return false;
    const std::uint64_t first = index * merkle::positions_per_chunk;
    for (std::uint64_t position = positions; position < first + merkle::positions_per_chunk;
         ++position) {
        if (merkle::status_in(chunk, position) != 0) return false;
    }
    return true;
}

}  // namespace

Result<std::optional<Bytes>> RocksLedger::get(const std::string& key,
                                              const rocksdb::Snapshot* snapshot) const {
    rocksdb::ReadOptions how;
    how.snapshot = snapshot;
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = database_->Get(how, families_[0], key, &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    if (!status.ok()) return rocks::error_of(status, "read the ledger");
    return std::optional<Bytes>(copy_of(value));
}

Result<Bytes> RocksLedger::must_get(const std::string& key, const std::string& what) const {
    auto value = get(key);
    if (!value) return value.error();
    if (!*value) return Error{Errc::corrupt, what + " is missing"};
    return std::move(**value);
}

Result<void> RocksLedger::find_piece(const merkle::TileId& id,
                                     rocksdb::PinnableSlice& stored) const {
    const rocksdb::Status status =
        database_->Get(rocksdb::ReadOptions(), families_[0], key_of(id), &stored);
    if (status.IsNotFound()) {
        return Error{Errc::corrupt, merkle::tile_path(id) + " is missing"};
    }
    if (!status.ok()) return rocks::error_of(status, merkle::tile_path(id));
    return {};
}

Result<Bytes> RocksLedger::piece(const merkle::TileId& id) const {
    rocksdb::PinnableSlice stored;
    if (auto done = find_piece(id, stored); !done) return done.error();
    return front_of_piece(id, rocks::view_of(stored));
}

Result<std::optional<values_of::Head>> RocksLedger::head(const rocksdb::Snapshot* snapshot) const {
    const auto value = get(keys_of::head(), snapshot);
    if (!value) return value.error();
    if (!*value) return std::optional<values_of::Head>();
    auto parsed = values_of::parse_head(**value);
    if (!parsed) return parsed.error();
    return std::optional<values_of::Head>(std::move(*parsed));
}

Result<StoredState> RocksLedger::load() const {
    const auto release = [this](const rocksdb::Snapshot* taken) {
        database_->ReleaseSnapshot(taken);
    };
    const std::unique_ptr<const rocksdb::Snapshot, decltype(release)> snapshot(
        database_->GetSnapshot(), release);
    StoredState stored;
    stored.state = first_state_;
    const auto checkpoint = get(keys_of::checkpoint(), snapshot.get());
    if (!checkpoint) return checkpoint.error();
    if (*checkpoint) stored.checkpoint = text_of(**checkpoint);
    auto found = head(snapshot.get());
    if (!found) return found.error();
    stored.chain = network_;
    if (!*found) return stored;

    stored.state.height = (*found)->height;
    stored.state.time = (*found)->time;
    stored.state.frontier = std::move((*found)->frontier);
    stored.id = (*found)->id;
    stored.chain = (*found)->chain;
    if (auto done = read_members(stored, snapshot.get()); !done) return done.error();
    if (auto done = read_status(stored, snapshot.get()); !done) return done.error();
    return stored;
}

Result<void> RocksLedger::read_members(StoredState& stored,
                                       const rocksdb::Snapshot* snapshot) const {
    const auto members = get(keys_of::members(), snapshot);
    if (!members) return members.error();
    if (!*members) return {};  // No act ever changed them.
    auto parsed = values_of::parse_members(**members);
    if (!parsed) return parsed.error();
    registry::Governance governance = *first_state_.governance;
    for (const ledger::Member& member : parsed->members) {
        const auto last = last_sequence(member.number, snapshot);
        if (!last) return last.error();
        if (*last != 0) governance.sequences[member.number] = *last;
    }
    stored.state.members = std::make_shared<const ledger::Members>(std::move(*parsed));
    stored.state.governance = std::make_shared<const registry::Governance>(std::move(governance));
    return {};
}

Result<std::uint64_t> RocksLedger::last_sequence(ledger::MemberNumber member,
                                                 const rocksdb::Snapshot* snapshot) const {
    const keys_of::KeyRange range = keys_of::all_acts(member);
    const rocksdb::Slice begin = range.first;
    const rocksdb::Slice end = range.end;
    rocksdb::ReadOptions how;
    how.snapshot = snapshot;
    how.iterate_lower_bound = &begin;
    how.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> each(database_->NewIterator(how, families_[0]));
    each->SeekToLast();
    if (!each->status().ok()) return rocks::error_of(each->status(), "read the acts");
    if (!each->Valid()) return std::uint64_t{0};
    Reader key(rocks::view_of(each->key()).subspan(1));
    key.u32();
    const std::uint64_t sequence = key.u64();
    if (!key.finished()) return Error{Errc::corrupt, "an act under another key"};
    return sequence;
}

Result<void> RocksLedger::read_status(StoredState& stored,
                                      const rocksdb::Snapshot* snapshot) const {
    const keys_of::KeyRange range = keys_of::all_chunks();
    const rocksdb::Slice end = range.end;
    rocksdb::ReadOptions how;
    how.snapshot = snapshot;
    how.iterate_upper_bound = &end;
    const std::uint64_t size = stored.state.frontier.leaf_count();
    const std::uint64_t positions = size == 0 ? 0 : size - 1;
    std::vector<merkle::StatusTree::StoredChunk> chunks;
    const std::unique_ptr<rocksdb::Iterator> each(database_->NewIterator(how, families_[0]));
    for (each->Seek(range.first); each->Valid(); each->Next()) {
        Reader key(rocks::view_of(each->key()).subspan(1));
        const std::uint64_t index = key.u64();
        Reader value(rocks::view_of(each->value()));
        const auto chunk = value.array<merkle::chunk_bytes>();
        if (!key.finished() || !value.finished() || !is_chunk_within(index, chunk, positions)) {
            return Error{Errc::corrupt, "status chunk " + std::to_string(index) + " does not fit"};
        }
        if (chunk != merkle::Chunk{}) chunks.push_back({index, chunk});
    }
    if (!each->status().ok()) return rocks::error_of(each->status(), "read the status chunks");
    stored.state.status.restore(chunks);
    return {};
}

Result<Bytes> RocksLedger::tile(const merkle::TileId& id) const {
    const std::uint32_t width = merkle::tile_width_at(id.level, id.index, size_);
    if (id.width == 0 || width < id.width) {
        return Error{
            Errc::not_found,
            merkle::tile_path(id) + ": the log has " + std::to_string(width) + " of these yet"};
    }
    return piece(id);
}

Result<std::optional<Bytes>> RocksLedger::content(const Hash& hash) const {
    return get(keys_of::content(hash));
}

Result<std::vector<LedgerStore::MembersStep>> RocksLedger::members_steps() const {
    const keys_of::KeyRange range = keys_of::all_members_steps();
    const rocksdb::Slice end = range.end;
    rocksdb::ReadOptions how;
    how.iterate_upper_bound = &end;
    std::vector<MembersStep> steps;
    const std::unique_ptr<rocksdb::Iterator> each(database_->NewIterator(how, families_[0]));
    for (each->Seek(range.first); each->Valid(); each->Next()) {
        Reader key(rocks::view_of(each->key()).subspan(1));
        const std::uint64_t size = key.u64();
        if (!key.finished()) return Error{Errc::corrupt, "a members step under another key"};
        auto step = values_of::parse_members_step(rocks::view_of(each->value()), size);
        if (!step) return step.error();
        steps.push_back(std::move(*step));
    }
    if (!each->status().ok()) return rocks::error_of(each->status(), "read the members steps");
    return steps;
}

Result<std::uint64_t> RocksLedger::size_at(std::uint64_t height) const {
    if (height == 0) return std::uint64_t{0};
    const auto value = get(keys_of::height(height));
    if (!value) return value.error();
    if (*value) return values_of::parse_number(**value);
    const auto newest = head(nullptr);
    if (!newest) return newest.error();
    const std::uint64_t newest_height = *newest ? (*newest)->height : 0;
    if (height <= newest_height) {
        return Error{Errc::corrupt, "the size at height " + std::to_string(height) + " is missing"};
    }
    return Error{
        Errc::not_found,
        "height " + std::to_string(height) + ", the newest is " + std::to_string(newest_height)};
}

Result<std::vector<std::optional<ledger::Position>>> RocksLedger::find_commitments(
    ledger::MemberNumber member, std::span<const Hash> commitments) const {
    return index_->find(member, commitments, size_);
}

Result<Bytes> RocksLedger::entry(ledger::Position position) const {
    // One of a block that is just being written may be asked for: what names it was written with
    // it.
    const auto place = static_cast<std::uint32_t>(position % merkle::tile_width);
    rocksdb::PinnableSlice bundle;
    const merkle::TileId id{.is_bundle = true, .index = position / merkle::tile_width};
    if (auto done = find_piece(id, bundle); !done) return done.error();
    const auto entry = entry_in_bundle(rocks::view_of(bundle), place);
    if (!entry) {
        return Error{Errc::corrupt, merkle::tile_path(id) + ": " + entry.error().detail};
    }
    return Bytes(entry->begin(), entry->end());
}

Result<std::optional<ledger::Position>> RocksLedger::get_position(const std::string& key) const {
    const auto value = get(key);
    if (!value) return value.error();
    if (!*value) return std::optional<ledger::Position>();
    const auto parsed = values_of::parse_number(**value);
    if (!parsed) return parsed.error();
    return std::optional<ledger::Position>(*parsed);
}

Result<std::optional<ledger::Position>> RocksLedger::newest_status(
    ledger::Position position) const {
    return get_position(keys_of::newest_status(position));
}

Result<std::optional<ledger::Position>> RocksLedger::newest_publication(
    ledger::MemberNumber member, ledger::PublicationType type, const Hash& name) const {
    return get_position(keys_of::publication(member, type, name));
}

Result<std::optional<registry::ActRecord>> RocksLedger::find_act(ledger::MemberNumber member,
                                                                 std::uint64_t sequence) const {
    const auto value = get(keys_of::act(member, sequence));
    if (!value) return value.error();
    if (!*value) return std::optional<registry::ActRecord>();
    const auto parsed = values_of::parse_act(**value, member, sequence);
    if (!parsed) return parsed.error();
    return std::optional<registry::ActRecord>(*parsed);
}

Result<std::vector<ledger::Position>> RocksLedger::publications(
    const PublicationRange& range) const {
    const auto key_at = [&range](ledger::Position position) {
        return keys_of::publication_at(range.member, range.type, position);
    };
    const std::string last = key_at(ledger::no_position);
    const rocksdb::Slice end = last;
    rocksdb::ReadOptions how;
    how.iterate_upper_bound = &end;
    std::vector<ledger::Position> found;
    const std::unique_ptr<rocksdb::Iterator> each(database_->NewIterator(how, families_[0]));
    for (each->Seek(key_at(range.first)); each->Valid() && found.size() < range.count_max;
         each->Next()) {
        const ByteView key = rocks::view_of(each->key());
        if (key.size() != last.size())
            return Error{Errc::corrupt, "a publication under a key of another length"};
        found.push_back(Reader(key.last(sizeof(ledger::Position))).u64());
    }
    if (!each->status().ok()) return rocks::error_of(each->status(), "read the publications");
    return found;
}

Result<std::optional<registry::BatchRecord>> RocksLedger::find_batch(
    ledger::MemberNumber member, const ledger::Nonce& nonce) const {
    const auto value = get(keys_of::batch(member, nonce));
    if (!value) return value.error();
    if (!*value) return std::optional<registry::BatchRecord>();
    const auto parsed = values_of::parse_batch(**value, member, nonce);
    if (!parsed) return parsed.error();
    return std::optional<registry::BatchRecord>(*parsed);
}

// Reads one tile a level: the hashes left of where the tree ended, no path.
Result<Hash> RocksLedger::root_at(std::uint64_t size) const {
    CHECK(size > 0);
    const auto subtree_root = [&](merkle::Range subtree) -> Result<Hash> {
        const merkle::TileSlice slice = merkle::slice_of(subtree);
        const std::uint32_t end = slice.first + slice.count;
        const merkle::TileId id{.level = slice.level, .index = slice.index, .width = end};
        const Result<Bytes> stored = piece(id);
        if (!stored) return stored.error();
        const auto hashes = merkle::parse_tile(*stored, end);
        if (!hashes) return hashes.error();
        return merkle::root_of(std::span(*hashes).subspan(slice.first, slice.count));
    };
    const merkle::Range all{.begin = 0, .end = size};
    const auto root = merkle::fetch_path(std::span(&all, 1), subtree_root);
    if (!root) return root.error();
    return root->front();
}

}  // namespace chancery::storage
