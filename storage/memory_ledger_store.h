// The ledger store without a disk: what simulations run on, and the oracle of the database's tests.
//
// It keeps entries and leaves as lists and computes every tile from them by definition. Power loss
// takes it back to the last flush.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "storage/ledger_store.h"

namespace chancery::storage {

class MemoryLedgerStore final : public LedgerStore {
public:
    explicit MemoryLedgerStore(const ledger::Genesis& genesis);

    // The most that readers of a database may see of a block whose write() is under way: what it
    // registers, and not yet by which batches.
    void show_in_part(const SealedBlock& block);
    // What was written since the last flush is gone.
    void lose_unflushed();

    Result<StoredState> load() const override;
    Result<void> write(const SealedBlock& block) override;
    Result<void> write_checkpoint(const std::string& checkpoint) override;
    Result<std::uint64_t> flush() override;
    std::uint64_t flushed_height() const override;
    Result<Bytes> tile(const merkle::TileId& tile) const override;
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
    // All that is derived from the blocks.
    struct Derived {
        StoredState stored;
        std::vector<Bytes> entries;
        std::vector<Hash> leaves;
        std::vector<std::uint64_t> sizes;  // [height]
        std::map<std::pair<ledger::MemberNumber, Hash>, ledger::Position> commitments;
        std::map<ledger::Position, ledger::Position> newest_status;
        std::map<std::pair<ledger::MemberNumber, ledger::Nonce>, registry::BatchRecord> batches;
        std::map<Hash, std::shared_ptr<const Bytes>> contents;
        std::map<std::tuple<ledger::MemberNumber, ledger::PublicationType, Hash>, ledger::Position>
            publications;
        std::map<std::pair<ledger::MemberNumber, std::uint64_t>, registry::ActRecord> acts;
        std::set<std::tuple<ledger::MemberNumber, ledger::PublicationType, ledger::Position>>
            every_publication;
        std::vector<MembersStep> members_steps;
    };

    Derived empty() const;
    static void add(Derived& derived, const SealedBlock& sealed);
    static void add_registered(Derived& derived, const registry::AppliedBlock& block);
    Hash tile_hash(const merkle::TileId& tile, std::uint64_t i) const;

    registry::State first_state_;  // Before the first block.
    Hash network_{};

    mutable std::shared_mutex mutex_;  // Of all below.
    Derived now_;
    std::vector<SealedBlock> blocks_;
    std::uint64_t flushed_height_ = 0;
    std::string flushed_checkpoint_;
};

}  // namespace chancery::storage
