#include "storage/journal_index.h"

#include "crypto/base/check.h"

namespace chancery::storage {

JournalIndex::JournalIndex(JournalBase base) : base_(std::move(base)) {}

JournalBase JournalIndex::at(raft::Index index) const {
    CHECK(base_.at.id.index <= index && index <= last_index());
    if (index == base_.at.id.index) return base_;
    const Mark& mark = marks_[static_cast<std::size_t>(index - base_.at.id.index - 1)];
    JournalBase found{{{mark.term, index}, mark.chain}, mark.height, base_.configuration};
    for (const auto& configuration : configurations_) {
        if (configuration.first <= index) found.configuration = configuration.second;
    }
    return found;
}

bool JournalIndex::can_take(raft::Index index) const {
    return base_.at.id.index < index && index <= last_index() + 1;
}

void JournalIndex::append(const raft::Entry& entry) {
    CHECK(can_take(entry.id.index));
    marks_.resize(static_cast<std::size_t>(entry.id.index - base_.at.id.index - 1));
    while (!configurations_.empty() && configurations_.back().first >= entry.id.index) {
        configurations_.pop_back();
    }
    const std::uint64_t height = marks_.empty() ? base_.height : marks_.back().height;
    const bool is_block = entry.kind == raft::EntryKind::block;
    marks_.push_back({entry.id.term, entry.chain, height + (is_block ? 1 : 0)});
    if (entry.kind == raft::EntryKind::configuration) {
        configurations_.emplace_back(entry.id.index, entry.payload);
    }
}

void JournalIndex::rebase(raft::Index index) {
    JournalBase base = at(index);
    marks_.erase(marks_.begin(),
                 marks_.begin() + static_cast<std::ptrdiff_t>(index - base_.at.id.index));
    std::erase_if(configurations_, [&](const auto& each) { return each.first <= index; });
    base_ = std::move(base);
}

}  // namespace chancery::storage
