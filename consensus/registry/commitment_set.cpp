#include "consensus/registry/commitment_set.h"

#include <algorithm>
#include <bit>

namespace chancery::registry {
namespace {

constexpr std::size_t slots_min = 64;

}  // namespace

void CommitmentSet::extend_to(std::span<const NewCommitment> list) {
    if (list.size() * 2 > slots_.size()) {
        slots_.assign(std::max(slots_min, std::bit_ceil(list.size() * 4)), Slot{});
        taken_ = 0;
    }
    for (; taken_ < list.size(); ++taken_)
        insert(list, static_cast<std::uint32_t>(taken_));
}

void CommitmentSet::insert(std::span<const NewCommitment> list, std::uint32_t index) {
    const std::uint64_t mixed = mix_(list[index].member, list[index].commitment);
    std::size_t at = mixed & (slots_.size() - 1);
    while (slots_[at].index != nothing)
        at = (at + 1) & (slots_.size() - 1);
    slots_[at] = Slot{static_cast<std::uint32_t>(mixed >> 32), index};
}

std::optional<ledger::Position> CommitmentSet::find(ledger::MemberNumber member,
                                                    const Hash& commitment,
                                                    std::span<const NewCommitment> list) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint64_t mixed = mix_(member, commitment);
    const auto tag = static_cast<std::uint32_t>(mixed >> 32);
    for (std::size_t at = mixed & (slots_.size() - 1); slots_[at].index != nothing;
         at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].tag != tag) continue;
        const NewCommitment& found = list[slots_[at].index];
        if (found.member == member && found.commitment == commitment) return found.position;
    }
    return std::nullopt;
}

}  // namespace chancery::registry
