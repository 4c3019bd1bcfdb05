#include "node/audit/commitment_table.h"

#include <algorithm>

namespace chancery::audit {
namespace {

constexpr std::size_t slots_min = 1'024;

}  // namespace

void CommitmentTable::insert(std::uint64_t mixed, ledger::Position position) {
    if ((size_ + 1) * 3 > slots_.size() * 2) grow();
    place({mixed, position});
    ++size_;
}

void CommitmentTable::place(const Slot& slot) {
    std::size_t at = slot.mixed & mask();
    while (slots_[at].position != ledger::no_position)
        at = (at + 1) & mask();
    slots_[at] = slot;
}

void CommitmentTable::grow() {
    std::vector<Slot> older(std::max(slots_min, slots_.size() * 2));
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
