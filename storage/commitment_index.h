// Where each member registered each commitment: sorted runs on disk, and the newest in memory.
//
// Runs of about a million keys are written and ingested whole, on a thread of their own, which
// costs a fifth of inserting key by key. The watermark says up to which position every commitment
// is in a run. It is stored with the next block after the run is ingested, so after a crash it can
// only be too low: a run ingested twice is harmless, a missing one is not.
//
// Used by one writing thread; find() by any.
#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "storage/commitment_tail.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace chancery::storage {

class CommitmentIndex {
public:
    struct Place {
        rocksdb::DB* database = nullptr;  // Outlives the index.
        rocksdb::ColumnFamilyHandle* family = nullptr;
        std::string scratch;  // An empty directory on the same file system.
        std::size_t run_keys = 0;
    };
    CommitmentIndex(Place place, std::uint64_t watermark);
    ~CommitmentIndex();  // Waits for a run under way.
    CommitmentIndex(const CommitmentIndex&) = delete;
    CommitmentIndex& operator=(const CommitmentIndex&) = delete;

    // Takes up commitments of a log that they make `size` entries long; with those added before it
    // is every commitment from the watermark on.
    Result<void> add(std::span<const registry::NewCommitment> commitments, std::uint64_t size);

    // All commitments below it are in runs. Rises in add().
    std::uint64_t watermark() const { return watermark_; }

    // Positions at or above `size` are not there yet: a run may know more than the ledger after a
    // crash.
    Result<std::vector<std::optional<ledger::Position>>> find(ledger::MemberNumber member,
                                                              std::span<const Hash> commitments,
                                                              std::uint64_t size) const;

private:
    struct Tails {
        CommitmentTail newest;
        CommitmentTail freezing;  // Being ingested.
    };

    // Also the readers' that began before the next ones were set.
    std::shared_ptr<const Tails> tails() const;
    void set_tails(Tails tails);
    Result<void> find_in_runs(std::span<const keys_of::CommitmentKey> keys,
                              std::span<const std::size_t> places,
                              std::span<std::optional<ledger::Position>> found) const;
    Result<void> finish_run();
    void begin_run(std::uint64_t size);
    Result<void> ingest(const CommitmentTail& tail, const std::string& path) const;

    Place place_;
    std::uint64_t watermark_;
    std::uint64_t freezing_upto_ = 0;
    std::uint64_t run_number_ = 0;
    std::future<Result<void>> run_;  // Valid while one is under way.

    mutable std::mutex mutex_;
    std::shared_ptr<const Tails> tails_ = std::make_shared<const Tails>();
};

}  // namespace chancery::storage
