#include "node/audit/commitment_table.h"

#include <algorithm>
#include <bit>

namespace chancery::audit {
namespace {

constexpr std::size_t slots_min = 1'024;

}  // namespace

void CommitmentTable::reserve(std::size_t commitments) {
    const std::size_t slots = std::bit_ceil(std::max(slots_min, commitments + commitments / 2 + 1));
    if (slots > slots_.size()) grow_to(slots);
}

void CommitmentTable::insert(std::uint64_t mixed, ledger::Position position) {
    if ((size_ + 1) * 3 > slots_.size() * 2) grow_to(std::max(slots_min, slots_.size() * 2));
    place({mixed, position});
    ++size_;
}

void CommitmentTable::place(const Slot& slot) {
    std::size_t at = slot.mixed & mask();
    while (slots_[at].position != ledger::no_position)
        at = (at + 1) & mask();
    slots_[at] = slot;
}

void CommitmentTable::grow_to(std::size_t slots) {
    decltype(slots_) older(slots);
    older.swap(slots_);
    for (const Slot& slot : older) {
        if (slot.position != ledger::no_position) place(slot);
    }
}

std::vector<ledger::Position> CommitmentTable::places_of(std::uint64_t mixed) const {
    std::vector<ledger::Position> places;
    if (slots_.empty()) return places;
    for (std::size_t at = mixed & mask(); slots_[at].position != ledger::no_position;
         at = (at + 1) & mask()) {
        if (slots_[at].mixed == mixed) places.push_back(slots_[at].position);
    }
    return places;
}

}  // namespace chancery::audit
