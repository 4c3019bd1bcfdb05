// Two times that the registry's tests count from.
#pragma once

#include "crypto/ledger/entry.h"

namespace chancery::test {

inline constexpr ledger::TimeMs start = 1'767'225'600'000;  // 2026-01-01T00:00:00Z.
inline constexpr ledger::TimeMs day = 86'400'000;

}  // namespace chancery::test
