#include "storage/commitment_tail.h"

#include <algorithm>

namespace chancery::storage {
namespace {

using Commitments = std::vector<CommitmentAt>;

Commitments merged(const Commitments& older, const Commitments& newer) {
    Commitments both;
    both.reserve(older.size() + newer.size());
    std::ranges::merge(older, newer, std::back_inserter(both));
    return both;
}

}  // namespace

void CommitmentTail::add(Commitments commitments) {
    if (commitments.empty()) return;
    count_ += commitments.size();
    if (!std::ranges::is_sorted(commitments)) std::ranges::sort(commitments);
    while (!runs_.empty() && runs_.back()->size() < 2 * commitments.size()) {
        commitments = merged(*runs_.back(), commitments);
        runs_.pop_back();
    }
    runs_.push_back(std::make_shared<const Commitments>(std::move(commitments)));
}

std::optional<ledger::Position> CommitmentTail::find(const keys_of::CommitmentKey& key) const {
    for (const Run& run : runs_) {
        const auto found = std::ranges::lower_bound(*run, key, {}, &CommitmentAt::key);
        if (found != run->end() && found->key == key) return found->position;
    }
    return std::nullopt;
}

Commitments CommitmentTail::sorted() const {
    Commitments all;
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
        all = merged(all, **run);
    const auto twice = std::ranges::unique(all, {}, &CommitmentAt::key);
    all.erase(twice.begin(), twice.end());
    return all;
}

}  // namespace chancery::storage
