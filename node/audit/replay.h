// Replays a log from its genesis: every signature, every rule, every root, by the same code that
// nodes run, up to the first place that is not as it must be.
//
// It checks
//   - the genesis, its signatures, and the network that was pinned;
//   - tiles of hashes, if the source has them, from the sealed root downwards;
//   - each block: form and order, issuers' signatures, rules, and every field of its state entry;
//   - the root of all entries against the checkpoint, and the checkpoint's cosignatures against
//     the members in force;
//   - the trust file, if the source has one, against genesis and members.
// Source: PROTOCOL.md, Blocks and validity, Tree, checkpoints, seals.
#pragma once

#include <functional>
#include <optional>

#include "consensus/registry/registry.h"
#include "crypto/note/checkpoint.h"
#include "node/audit/finding.h"
#include "node/audit/log_source.h"

namespace chancery::audit {

// Who keeps what a replay has judged good, and answers what the next block is judged by.
class ReplayKeeper {
public:
    ReplayKeeper() = default;
    ReplayKeeper(const ReplayKeeper&) = delete;
    ReplayKeeper& operator=(const ReplayKeeper&) = delete;
    virtual ~ReplayKeeper() = default;

    // The ledger up to the last block taken.
    virtual const registry::LedgerView& view() const = 0;
    // Blocks come in order, each after it was judged upon view() and `before`. A finding is what
    // the keeper knows otherwise.
    virtual Checked take(const registry::State& before,
                         std::shared_ptr<const registry::AppliedBlock> block) = 0;
    // Whether more blocks are to be judged; the entries after them are hashed to the root only.
    virtual bool wants_more() const { return true; }
};

// Who looks at blocks on the way, and stops nothing.
class BlockWatcher {
public:
    BlockWatcher() = default;
    BlockWatcher(const BlockWatcher&) = delete;
    BlockWatcher& operator=(const BlockWatcher&) = delete;
    virtual ~BlockWatcher() = default;

    // In order, each after it was judged good.
    virtual void saw(const registry::AppliedBlock& block) = 0;
};

struct ReplayOptions {
    std::optional<Hash> network_id;  // Pinned; empty: whatever the genesis says, and reported.
    Hash table_key{};                // Secret and fresh: see CommitmentTable.
    ReplayKeeper* keeper = nullptr;  // Null: all that rules ask for is kept in memory.
    BlockWatcher* watcher = nullptr;
    // Told after each bundle how many entries of how many are done; may be empty.
    std::function<void(std::uint64_t done, std::uint64_t size)> progress;
};

struct ReplayReport {
    std::optional<Finding> finding;  // Empty: the log is what it claims to be.
    Hash network_id{};
    note::Checkpoint checkpoint;
    note::SignedNote checkpoint_note;
    registry::State state;  // After the last block that was good and that the keeper wanted.
    bool had_tiles = false;
    std::uint64_t batches = 0;  // Up to there, as all that follow.
    std::uint64_t credentials = 0;
    std::uint64_t status_changes = 0;
    std::uint64_t publications = 0;
    std::uint64_t anchors = 0;
    std::uint64_t acts = 0;
    std::uint32_t cosigners = 0;  // Members who cosigned the checkpoint.
};

// Errors are the source's or the keeper's: it could not be read, which proves nothing.
Result<ReplayReport> replay(LogSource& source, const ReplayOptions& options);

}  // namespace chancery::audit
