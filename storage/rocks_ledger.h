// The open ledger database: what storage/ledger_database.h hands out.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "storage/commitment_index.h"
#include "storage/key_layout.h"
#include "storage/ledger_database.h"
#include "storage/right_edge.h"

namespace rocksdb {
class Cache;
class PinnableSlice;
class Snapshot;
class WriteBatch;
}  // namespace rocksdb

namespace chancery::storage {

class RocksLedger final : public LedgerStore {
public:
    static Result<std::unique_ptr<LedgerStore>> open(const std::string& path,
                                                     const ledger::Genesis& genesis,
                                                     const DatabaseOptions& options);
    explicit RocksLedger(const ledger::Genesis& genesis);  // open() makes it whole.
    RocksLedger(const RocksLedger&) = delete;
    RocksLedger& operator=(const RocksLedger&) = delete;
    ~RocksLedger() override;

    Result<StoredState> load() const override;
    Result<void> write(const SealedBlock& sealed) override;
    Result<void> write_checkpoint(const std::string& checkpoint) override;
    Result<std::uint64_t> flush() override;
    std::uint64_t flushed_height() const override;
    Result<Bytes> tile(const merkle::TileId& id) const override;
    Result<void> write_content(const StoredContent& content) override;
    Result<std::optional<Bytes>> content(const Hash& hash) const override;
    Result<std::optional<ledger::Position>> newest_publication(ledger::MemberNumber member,
                                                               ledger::PublicationType type,
                                                               const Hash& name) const override;
    Result<std::vector<ledger::Position>> publications(
        const PublicationRange& range) const override;
    Result<std::vector<MembersStep>> members_steps() const override;
    Result<std::uint64_t> size_at(std::uint64_t height) const override;

    Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber member, std::span<const Hash> commitments) const override;
    Result<Bytes> entry(ledger::Position position) const override;
    Result<std::optional<ledger::Position>> newest_status(ledger::Position position) const override;
    Result<std::optional<registry::BatchRecord>> find_batch(
        ledger::MemberNumber member, const ledger::Nonce& nonce) const override;
    Result<Hash> root_at(std::uint64_t size) const override;
    Result<std::optional<registry::ActRecord>> find_act(ledger::MemberNumber member,
                                                        std::uint64_t sequence) const override;

private:
    class FlushWatch;

    Result<void> open_files(const std::string& path, const DatabaseOptions& options);
    Result<void> take_up(const std::string& path, const DatabaseOptions& options);
    Result<void> read_commitments_again(std::uint64_t from, std::uint64_t size);

    // nullopt: no such key. `snapshot` may be null.
    Result<std::optional<Bytes>> get(const std::string& key,
                                     const rocksdb::Snapshot* snapshot = nullptr) const;
    Result<std::optional<ledger::Position>> get_position(const std::string& key) const;
    // Errc::corrupt if there is no such key; `what` names it for a person.
    Result<Bytes> must_get(const std::string& key, const std::string& what) const;
    // Bytes of the piece as it is stored, of the id's width or wider.
    Result<void> find_piece(const merkle::TileId& id, rocksdb::PinnableSlice& stored) const;
    Result<Bytes> piece(const merkle::TileId& id) const;
    Result<void> read_status(StoredState& stored, const rocksdb::Snapshot* snapshot) const;
    // The members in force and what is known of their acts.
    Result<void> read_members(StoredState& stored, const rocksdb::Snapshot* snapshot) const;
    Result<std::uint64_t> last_sequence(ledger::MemberNumber member,
                                        const rocksdb::Snapshot* snapshot) const;
    Result<std::optional<values_of::Head>> head(const rocksdb::Snapshot* snapshot) const;

    void put_block(rocksdb::WriteBatch& batch,
                   const SealedBlock& sealed,
                   const std::vector<Piece>& pieces) const;
    Result<void> commit(rocksdb::WriteBatch& batch);

    Hash network_;
    registry::State first_state_;  // Before the first block.

    std::shared_ptr<rocksdb::Cache> cache_;  // Of both families.
    std::shared_ptr<FlushWatch> watch_;      // RocksDB's threads call it too.
    std::unique_ptr<rocksdb::DB> database_;
    std::vector<rocksdb::ColumnFamilyHandle*> families_;  // Ledger, index; the database's own.
    std::unique_ptr<CommitmentIndex> index_;

    // The writing thread's.
    RightEdge edge_;
    std::uint64_t height_ = 0;
    bool has_failed_ = false;

    std::atomic<std::uint64_t> size_ = 0;  // Of the newest whole block; reads go no further.
};

}  // namespace chancery::storage
