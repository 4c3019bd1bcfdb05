// The newest commitments in memory, until they become a run on disk: a few sorted runs, each at
// least twice as long as the next.
//
// Sorted, not hashed: whoever submits chooses the keys. A tail is a value over runs that never
// change, so a copy costs nothing and may be read on any thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "storage/key_layout.h"

namespace chancery::storage {

struct CommitmentAt {
    keys_of::CommitmentKey key{};
    ledger::Position position = 0;
    auto operator<=>(const CommitmentAt&) const = default;
};

class CommitmentTail {
public:
    // In any order. About log(size) moves for each in the long run.
    void add(std::vector<CommitmentAt> commitments);

    std::optional<ledger::Position> find(const keys_of::CommitmentKey& key) const;

    // All of them, by key; a key that was added twice stands there once.
    std::vector<CommitmentAt> sorted() const;

    std::size_t count() const { return count_; }

private:
    using Run = std::shared_ptr<const std::vector<CommitmentAt>>;
    std::vector<Run> runs_;  // Longest first.
    std::size_t count_ = 0;
};

}  // namespace chancery::storage
