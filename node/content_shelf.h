// Contents of publications that peers sent ahead of the batches and blocks that name them, and
// those that a sealed block names and nobody sent.
//
// Whoever fills it with contents that nothing names only pushes out its own kind: the oldest goes
// first, and what is missing in the end is asked for by hash.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "storage/ledger_store.h"

namespace chancery::node {

class ContentShelf {
public:
    static constexpr std::uint64_t bytes_max = 64ULL * 1024 * 1024;
    static constexpr std::size_t wanted_max = 1'000;

    void keep(const storage::StoredContent& content);
    std::shared_ptr<const Bytes> find(const Hash& hash) const;
    // The contents named, as far as they are here, taken out; the others are wanted from now on.
    std::vector<storage::StoredContent> take(const std::vector<Hash>& named);

    bool is_wanted(const Hash& hash) const { return wanted_.contains(hash); }
    void arrived(const Hash& hash) { wanted_.erase(hash); }
    const std::set<Hash>& wanted() const { return wanted_; }

private:
    std::map<Hash, std::shared_ptr<const Bytes>> kept_;
    std::deque<Hash> order_;
    std::uint64_t bytes_ = 0;
    std::set<Hash> wanted_;
};

}  // namespace chancery::node
