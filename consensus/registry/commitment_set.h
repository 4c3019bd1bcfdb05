// Which commitments a block has registered so far: a hash table of indices into the list of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "consensus/registry/commitment_mix.h"
#include "crypto/base/bytes.h"
#include "crypto/ledger/entry.h"

namespace chancery::registry {

struct NewCommitment {
    Hash commitment{};
    ledger::MemberNumber member = 0;
    ledger::Position position = 0;
};

class CommitmentSet {
public:
    explicit CommitmentSet(const Hash& key) : mix_(key) {}

    // Takes up what `list` has beyond what was taken before: `list` only ever grows.
    void extend_to(std::span<const NewCommitment> list);

    // `list`: as last given to extend_to().
    std::optional<ledger::Position> find(ledger::MemberNumber member,
                                         const Hash& commitment,
                                         std::span<const NewCommitment> list) const;

private:
    static constexpr std::uint32_t nothing = 0xFFFFFFFF;
    struct Slot {
        std::uint32_t tag = 0;  // High bits of the mix: spares most looks into the list.
        std::uint32_t index = nothing;
    };

    void insert(std::span<const NewCommitment> list, std::uint32_t index);

    CommitmentMix mix_;
    std::size_t taken_ = 0;
    std::vector<Slot> slots_;  // A power of two, at most half full.
};

}  // namespace chancery::registry
