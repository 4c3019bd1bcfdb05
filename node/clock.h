// The time of day, handed in: consensus and proofs never ask for it themselves.
#pragma once

#include "crypto/ledger/entry.h"

namespace chancery::node {

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    virtual ledger::TimeMs now_ms() const = 0;
    std::uint64_t now_s() const { return now_ms() / 1'000; }
};

// The machine's wall clock. Safe on any thread; lives for ever.
const Clock& system_clock();

}  // namespace chancery::node
