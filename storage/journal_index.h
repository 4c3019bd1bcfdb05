// What the journal remembers of its entries without their payloads: enough to take a suffix back,
// to count blocks, and to begin a segment anywhere.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "storage/journal.h"

namespace chancery::storage {

class JournalIndex {
public:
    explicit JournalIndex(JournalBase base);

    const JournalBase& base() const { return base_; }
    raft::Index last_index() const { return base_.at.id.index + marks_.size(); }

    // The journal up to `index` as a base of what follows. CHECKs base <= index <= last.
    JournalBase at(raft::Index index) const;
    JournalBase end() const { return at(last_index()); }

    // Whether an entry with this index can follow: it replaces the suffix from there on.
    bool can_take(raft::Index index) const;
    void append(const raft::Entry& entry);  // CHECKs can_take().

    // Forgets the entries up to `index`, which becomes the base.
    void rebase(raft::Index index);

private:
    struct Mark {
        raft::Term term = 0;
        Hash chain{};
        std::uint64_t height = 0;
    };

    JournalBase base_;
    std::vector<Mark> marks_;  // Of base + 1 and on.
    std::vector<std::pair<raft::Index, std::shared_ptr<const Bytes>>> configurations_;
};

}  // namespace chancery::storage
