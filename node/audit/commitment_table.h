// Every commitment of a log in 16 bytes: a keyed 64-bit mix of (member, commitment), and where it
// stands. Two commitments may share a mix, so whoever finds a place looks at what is there.
//
// The key must be secret while it is used; it keeps those who choose commitments from slowing
// the table down. Open addressing, at most two thirds full, doubling: 24 to 48 bytes each.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "consensus/registry/commitment_mix.h"
#include "node/audit/huge_pages.h"

namespace chancery::audit {

class CommitmentTable {
public:
    explicit CommitmentTable(const Hash& key) : mix_(key) {}

    std::uint64_t mix(ledger::MemberNumber member, const Hash& commitment) const {
        return mix_(member, commitment);
    }

    // Room for so many without growing on the way.
    void reserve(std::size_t commitments);

    void insert(std::uint64_t mixed, ledger::Position position);

    // Asks the memory for what places_of() will look at: long tables are seldom in a cache.
    void prefetch(std::uint64_t mixed) const {
        if (!slots_.empty()) __builtin_prefetch(&slots_[mixed & mask()]);
    }

    // The places with this mix; almost always none or one.
    std::vector<ledger::Position> places_of(std::uint64_t mixed) const;

    std::size_t size() const { return size_; }

private:
    struct Slot {
        std::uint64_t mixed = 0;
        ledger::Position position = ledger::no_position;
    };
    std::size_t mask() const { return slots_.size() - 1; }
    void place(const Slot& slot);
    void grow_to(std::size_t slots);

    registry::CommitmentMix mix_;
    std::vector<Slot, HugePages<Slot>> slots_;
    std::size_t size_ = 0;
};

}  // namespace chancery::audit
