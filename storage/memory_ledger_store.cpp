#include "storage/memory_ledger_store.h"

#include <mutex>

#include "crypto/base/check.h"

namespace chancery::storage {

MemoryLedgerStore::MemoryLedgerStore(const ledger::Genesis& genesis)
    : first_state_(registry::initial_state(genesis)),
      network_(ledger::network_id(genesis)),
      now_(empty()) {}

MemoryLedgerStore::Derived MemoryLedgerStore::empty() const {
    Derived derived;
    derived.stored.state = first_state_;
    derived.stored.chain = network_;
    derived.sizes.push_back(0);
    return derived;
}

void MemoryLedgerStore::add_registered(Derived& derived, const registry::AppliedBlock& block) {
    for (const registry::NewCommitment& each : block.commitments)
        derived.commitments[{each.member, each.commitment}] = each.position;
    for (const registry::NewStatus& each : block.statuses)
        derived.newest_status[each.credential] = each.entry;
    for (const registry::NewPublication& each : block.publications) {
        derived.publications[{each.member, each.type, each.name}] = each.entry;
        derived.every_publication.insert({each.member, each.type, each.entry});
    }
}

void MemoryLedgerStore::add(Derived& derived, const SealedBlock& sealed) {
    const registry::AppliedBlock& block = *sealed.block;
    CHECK(block.first == derived.entries.size());
    CHECK(block.after.height == derived.stored.state.height + 1);
    for (std::size_t i = 0; i < block.entries.count(); ++i) {
        const ByteView entry = block.entries.entry(i);
        derived.entries.emplace_back(entry.begin(), entry.end());
    }
    derived.leaves.insert(derived.leaves.end(), block.leaves.begin(), block.leaves.end());
    CHECK(derived.leaves.size() == derived.entries.size());
    CHECK(derived.leaves.size() == block.after.frontier.leaf_count());
    derived.sizes.push_back(derived.entries.size());
    add_registered(derived, block);
    for (const registry::BatchRecord& each : block.batches)
        derived.batches[{each.member, each.nonce}] = each;
    for (const registry::ActRecord& each : block.acts)
        derived.acts[{each.member, each.sequence}] = each;
    for (const StoredContent& each : sealed.contents)
        derived.contents[each.hash] = each.bytes;
    if (block.members_changed) {
        derived.members_steps.push_back(
            {sealed.checkpoint, derived.entries.size(), *block.after.members});
    }
    derived.stored = {block.after, sealed.id, sealed.chain, sealed.checkpoint};
}

void MemoryLedgerStore::show_in_part(const SealedBlock& block) {
    const std::unique_lock lock(mutex_);
    add_registered(now_, *block.block);
}

void MemoryLedgerStore::lose_unflushed() {
    const std::unique_lock lock(mutex_);
    blocks_.resize(static_cast<std::size_t>(flushed_height_));
    now_ = empty();
    for (const SealedBlock& block : blocks_)
        add(now_, block);
    now_.stored.checkpoint = flushed_checkpoint_;
}

Result<StoredState> MemoryLedgerStore::load() const {
    const std::shared_lock lock(mutex_);
    return now_.stored;
}

Result<void> MemoryLedgerStore::write(const SealedBlock& block) {
    const std::unique_lock lock(mutex_);
    add(now_, block);
    blocks_.push_back(block);
    return {};
}

Result<void> MemoryLedgerStore::write_checkpoint(const std::string& checkpoint) {
    const std::unique_lock lock(mutex_);
    now_.stored.checkpoint = checkpoint;
    return {};
}

Result<void> MemoryLedgerStore::write_content(const StoredContent& content) {
    const std::unique_lock lock(mutex_);
    now_.contents[content.hash] = content.bytes;
    return {};
}

Result<std::uint64_t> MemoryLedgerStore::flush() {
    const std::unique_lock lock(mutex_);
    flushed_height_ = now_.stored.state.height;
    flushed_checkpoint_ = now_.stored.checkpoint;
    return flushed_height_;
}

std::uint64_t MemoryLedgerStore::flushed_height() const {
    const std::shared_lock lock(mutex_);
    return flushed_height_;
}

// The root over the leaves that hash `i` of the tile stands for.
Hash MemoryLedgerStore::tile_hash(const merkle::TileId& tile, std::uint64_t i) const {
    std::uint64_t span = 1;
    for (std::uint8_t level = 0; level < tile.level; ++level)
        span *= merkle::tile_width;
    const std::uint64_t first = (tile.index * merkle::tile_width + i) * span;
    return merkle::root_of(std::span(now_.leaves).subspan(first, span));
}

Result<Bytes> MemoryLedgerStore::tile(const merkle::TileId& tile) const {
    const std::shared_lock lock(mutex_);
    const std::uint32_t width = merkle::tile_width_at(tile.level, tile.index, now_.leaves.size());
    if (tile.width == 0 || width < tile.width) {
        return Error{Errc::not_found, merkle::tile_path(tile) + ": not in the log yet"};
    }
    Bytes bytes;
    for (std::uint64_t i = 0; i < tile.width; ++i) {
        if (tile.is_bundle) {
            merkle::append_to_bundle(bytes, now_.entries[tile.index * merkle::tile_width + i]);
        } else {
            const Hash hash = tile_hash(tile, i);
            bytes.insert(bytes.end(), hash.begin(), hash.end());
        }
    }
    return bytes;
}

Result<std::optional<Bytes>> MemoryLedgerStore::content(const Hash& hash) const {
    const std::shared_lock lock(mutex_);
    const auto found = now_.contents.find(hash);
    if (found == now_.contents.end()) return std::optional<Bytes>();
    return std::optional<Bytes>(*found->second);
}

Result<std::vector<LedgerStore::MembersStep>> MemoryLedgerStore::members_steps() const {
    const std::shared_lock lock(mutex_);
    return now_.members_steps;
}

Result<std::uint64_t> MemoryLedgerStore::size_at(std::uint64_t height) const {
    const std::shared_lock lock(mutex_);
    if (height < now_.sizes.size()) return now_.sizes[static_cast<std::size_t>(height)];
    return Error{Errc::not_found,
                 "height " + std::to_string(height) + ", the newest is " +
                     std::to_string(now_.sizes.size() - 1)};
}

Result<std::vector<std::optional<ledger::Position>>> MemoryLedgerStore::find_commitments(
    ledger::MemberNumber member, std::span<const Hash> commitments) const {
    const std::shared_lock lock(mutex_);
    std::vector<std::optional<ledger::Position>> found(commitments.size());
    for (std::size_t i = 0; i < commitments.size(); ++i) {
        const auto at = now_.commitments.find({member, commitments[i]});
        if (at != now_.commitments.end()) found[i] = at->second;
    }
    return found;
}

Result<Bytes> MemoryLedgerStore::entry(ledger::Position position) const {
    const std::shared_lock lock(mutex_);
    CHECK(position < now_.entries.size());
    return now_.entries[static_cast<std::size_t>(position)];
}

Result<std::optional<ledger::Position>> MemoryLedgerStore::newest_status(
    ledger::Position position) const {
    const std::shared_lock lock(mutex_);
    const auto found = now_.newest_status.find(position);
    if (found == now_.newest_status.end()) return std::optional<ledger::Position>();
    return std::optional<ledger::Position>(found->second);
}

Result<std::optional<ledger::Position>> MemoryLedgerStore::newest_publication(
    ledger::MemberNumber member, ledger::PublicationType type, const Hash& name) const {
    const std::shared_lock lock(mutex_);
    const auto found = now_.publications.find({member, type, name});
    if (found == now_.publications.end()) return std::optional<ledger::Position>();
    return std::optional<ledger::Position>(found->second);
}

Result<std::optional<registry::ActRecord>> MemoryLedgerStore::find_act(
    ledger::MemberNumber member, std::uint64_t sequence) const {
    const std::shared_lock lock(mutex_);
    const auto found = now_.acts.find({member, sequence});
    if (found == now_.acts.end()) return std::optional<registry::ActRecord>();
    return std::optional<registry::ActRecord>(found->second);
}

Result<std::vector<ledger::Position>> MemoryLedgerStore::publications(
    const PublicationRange& range) const {
    const std::shared_lock lock(mutex_);
    std::vector<ledger::Position> found;
    auto each = now_.every_publication.lower_bound({range.member, range.type, range.first});
    for (; each != now_.every_publication.end() && found.size() < range.count_max; ++each) {
        const auto& [member, type, position] = *each;
        if (member != range.member || type != range.type) break;
        found.push_back(position);
    }
    return found;
}

Result<std::optional<registry::BatchRecord>> MemoryLedgerStore::find_batch(
    ledger::MemberNumber member, const ledger::Nonce& nonce) const {
    const std::shared_lock lock(mutex_);
    const auto found = now_.batches.find({member, nonce});
    if (found == now_.batches.end()) return std::optional<registry::BatchRecord>();
    return std::optional<registry::BatchRecord>(found->second);
}

Result<Hash> MemoryLedgerStore::root_at(std::uint64_t size) const {
    const std::shared_lock lock(mutex_);
    CHECK(size > 0 && size <= now_.leaves.size());
    return merkle::root_of(std::span(now_.leaves).first(static_cast<std::size_t>(size)));
}

std::unique_ptr<LedgerStore> memory_ledger_store(const ledger::Genesis& genesis) {
    return std::make_unique<MemoryLedgerStore>(genesis);
}

}  // namespace chancery::storage
