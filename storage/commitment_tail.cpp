#include "storage/commitment_tail.h"

#include <algorithm>

namespace chancery::storage {
namespace {

using Commitments = std::vector<CommitmentAt>;

constexpr std::size_t keys_per_word = 8;
constexpr unsigned bits_per_key = 4;
constexpr unsigned word_bits_log = 6;

std::uint64_t word_at(const keys_of::CommitmentKey& key, std::size_t first) {
    return Reader(ByteView(key).subspan(first)).u64();
}

// The bits that a key sets in its word.
std::uint64_t mask_of(const keys_of::CommitmentKey& key) {
    std::uint64_t mask = 0;
    std::uint64_t chosen = word_at(key, sizeof(std::uint64_t));
    for (unsigned i = 0; i < bits_per_key; ++i, chosen >>= word_bits_log)
        mask |= std::uint64_t{1} << (chosen & ((1U << word_bits_log) - 1));
    return mask;
}

Commitments merged(const Commitments& older, const Commitments& newer) {
    Commitments both;
    both.reserve(older.size() + newer.size());
    std::ranges::merge(older, newer, std::back_inserter(both));
    return both;
}

}  // namespace

CommitmentTail::Filter::Filter(std::span<const CommitmentAt> sorted)
    : words_(sorted.size() / keys_per_word + 1) {
    for (const CommitmentAt& each : sorted)
        words_[word_of(each.key)] |= mask_of(each.key);
}

bool CommitmentTail::Filter::may_have(const keys_of::CommitmentKey& key) const {
    const std::uint64_t mask = mask_of(key);
    return (words_[word_of(key)] & mask) == mask;
}

// Rising with the key, so that sorted keys walk through the words in order.
std::size_t CommitmentTail::Filter::word_of(const keys_of::CommitmentKey& key) const {
    constexpr unsigned half = 32;
    return static_cast<std::size_t>((word_at(key, 0) >> half) * words_.size() >> half);
}

CommitmentTail::Run::Run(Commitments commitments)
    : sorted(std::move(commitments)), filter(sorted) {}

const CommitmentAt* CommitmentTail::Run::find(const keys_of::CommitmentKey& key) const {
    if (!filter.may_have(key)) return nullptr;
    const auto found = std::ranges::lower_bound(sorted, key, {}, &CommitmentAt::key);
    return found != sorted.end() && found->key == key ? &*found : nullptr;
}

void CommitmentTail::add(Commitments commitments) {
    if (commitments.empty()) return;
    count_ += commitments.size();
    if (!std::ranges::is_sorted(commitments)) std::ranges::sort(commitments);
    while (!runs_.empty() && runs_.back()->sorted.size() < 2 * commitments.size()) {
        commitments = merged(runs_.back()->sorted, commitments);
        runs_.pop_back();
    }
    runs_.push_back(std::make_shared<const Run>(std::move(commitments)));
}

std::optional<ledger::Position> CommitmentTail::find(const keys_of::CommitmentKey& key) const {
    for (const auto& run : runs_) {
        if (const CommitmentAt* const found = run->find(key)) return found->position;
    }
    return std::nullopt;
}

Commitments CommitmentTail::sorted() const {
    Commitments all;
    // NOLINTNEXTLINE(modernize-loop-convert): the newest first.
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
        all = merged(all, (*run)->sorted);
    const auto is_repeated = [](const CommitmentAt& a, const CommitmentAt& b) {
        return a.key == b.key;
    };
    all.erase(std::unique(all.begin(), all.end(), is_repeated), all.end());
    return all;
}

}  // namespace chancery::storage
