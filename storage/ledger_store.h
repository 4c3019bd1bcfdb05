// The sealed ledger on disk: bundles, tiles, status, members, batches, contents, checkpoint.
//
// One block is one atomic write. What is here is f(ledger up to a sealed checkpoint), always; the
// rest is in the journal. Reads may run on any thread while one thread writes, and see whole
// blocks only. Two implementations: RocksDB (storage/database) and memory (for simulation).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "consensus/raft/types.h"
#include "consensus/registry/registry.h"
#include "crypto/merkle/tile.h"

namespace chancery::storage {

struct StoredContent {
    Hash hash{};
    std::shared_ptr<const Bytes> bytes;
};

// A sealed block with what must be stored beside it.
struct SealedBlock {
    std::shared_ptr<const registry::AppliedBlock> block;
    raft::EntryId id;  // In the journal.
    Hash chain{};
    std::string checkpoint;  // The sealed note over block->after.head().
    std::vector<StoredContent> contents;
};

// Where the store stands.
struct StoredState {
    registry::State state;
    raft::EntryId id;  // Journal entry of its last block; 0 if none.
    Hash chain{};
    std::string checkpoint;  // Newest sealed note; empty before size 0 is sealed.
};

class LedgerStore : public registry::LedgerView {
public:
    // What was stored by the last write: the whole state, for start-up.
    virtual Result<StoredState> load() const = 0;

    virtual Result<void> write(const SealedBlock& block) = 0;
    // A newer note over the same size and root (refreshed cosignatures), or that of size 0.
    virtual Result<void> write_checkpoint(const std::string& checkpoint) = 0;

    // Content of a publication that came after its block. It may be lost with the next crash.
    virtual Result<void> write_content(const StoredContent& content) = 0;

    // Everything written so far survives power loss; gives the height that does.
    virtual Result<std::uint64_t> flush() = 0;
    // The height that survived the last flush, automatic ones included.
    virtual std::uint64_t flushed_height() const = 0;

    // Of the newest size or any smaller: the first `width` items. Errc::not_found beyond it.
    virtual Result<Bytes> tile(const merkle::TileId& tile) const = 0;

    virtual Result<std::optional<Bytes>> content(const Hash& hash) const = 0;
    // The entry of the newest publication under `name`, a ledger::publication_key.
    virtual Result<std::optional<ledger::Position>> newest_publication(ledger::MemberNumber member,
                                                                       ledger::PublicationType type,
                                                                       const Hash& name) const = 0;
    // The entries of all publications of a member and type from `first` on, rising, at most
    // `count_max`; those that newer ones replaced are among them.
    struct PublicationRange {
        ledger::MemberNumber member = 0;
        ledger::PublicationType type = ledger::PublicationType::achievement;
        ledger::Position first = 0;
        std::size_t count_max = 0;
    };
    virtual Result<std::vector<ledger::Position>> publications(
        const PublicationRange& range) const = 0;

    // The sealed checkpoints that changed the members object, oldest first, with that object: what
    // a trust file is made of. Genesis is not among them.
    struct MembersStep {
        std::string checkpoint;
        std::uint64_t size = 0;
        ledger::Members members;
    };
    virtual Result<std::vector<MembersStep>> members_steps() const = 0;

    // The size before block `height`'s state entry plus one: the sealed size at that height, and
    // its sealed note if it was kept. Errc::not_found beyond the newest.
    virtual Result<std::uint64_t> size_at(std::uint64_t height) const = 0;
};

// In memory: the simulation's model, and the oracle of the other's tests.
std::unique_ptr<LedgerStore> memory_ledger_store(const ledger::Genesis& genesis);

}  // namespace chancery::storage
