// The newest commitments in memory, until they become a run on disk: a few sorted runs, each at
// least twice as long as the next.
//
// Sorted, not hashed: whoever submits chooses the keys. A tail is a value over runs that never
// change, so a copy costs nothing and may be read on any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
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
    // A Bloom filter that looks at one word for a key, so that most keys that a run lacks need no
    // search. Keys that were chosen to pass it cost that search, no more.
    class Filter {
    public:
        explicit Filter(std::span<const CommitmentAt> sorted);
        bool may_have(const keys_of::CommitmentKey& key) const;

    private:
        std::size_t word_of(const keys_of::CommitmentKey& key) const;
        std::vector<std::uint64_t> words_;
    };
    struct Run {
        explicit Run(std::vector<CommitmentAt> commitments);
        const CommitmentAt* find(const keys_of::CommitmentKey& key) const;  // nullptr: not in it.

        std::vector<CommitmentAt> sorted;
        Filter filter;
    };
    std::vector<std::shared_ptr<const Run>> runs_;  // Longest first; shared between copies.
    std::size_t count_ = 0;
};

}  // namespace chancery::storage
