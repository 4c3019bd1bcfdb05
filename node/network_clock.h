// The time that a leader gives a block: the median of the clocks that a quorum of members last
// showed it, so that no single wrong clock moves the ledger's.
//
// Members send their clock with each heartbeat answer; kept is how far each was from this node's.
// Source: PROTOCOL.md, Inside a network (time).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "consensus/raft/types.h"
#include "crypto/ledger/entry.h"

namespace chancery::node {

class NetworkClock {
public:
    // A block further ahead of a member's clock than this is not taken by it.
    static constexpr ledger::TimeMs ahead_max_ms = 10'000;

    void heard(raft::NodeId member, ledger::TimeMs its_ms, ledger::TimeMs now_ms) {
        offsets_[member] = static_cast<std::int64_t>(its_ms) - static_cast<std::int64_t>(now_ms);
    }
    // In a new term the leader asks anew.
    void forget() { offsets_.clear(); }

    // nullopt while fewer than `quorum` clocks are known, this node's included.
    std::optional<ledger::TimeMs> now(ledger::TimeMs now_ms, std::uint32_t quorum) const {
        std::vector<std::int64_t> offsets{0};
        for (const auto& [member, offset] : offsets_)
            offsets.push_back(offset);
        if (offsets.size() < quorum) return std::nullopt;
        const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>((offsets.size() - 1) / 2);
        std::ranges::nth_element(offsets, middle);
        const std::int64_t time = static_cast<std::int64_t>(now_ms) + *middle;
        return static_cast<ledger::TimeMs>(std::max<std::int64_t>(time, 0));
    }

private:
    std::map<raft::NodeId, std::int64_t> offsets_;  // Milliseconds ahead of this node's.
};

}  // namespace chancery::node
