// Two times that the registry's tests count from, and drafts of the batches that they sign.
#pragma once

#include "consensus/registry/batch.h"
#include "tests/support/test_network.h"

namespace chancery::test {

inline constexpr ledger::TimeMs start = 1'767'225'600'000;  // 2026-01-01T00:00:00Z.
inline constexpr ledger::TimeMs day = 86'400'000;

inline registry::BatchDraft draft(ledger::MemberNumber member,
                                  std::uint64_t nonce,
                                  ledger::Kind kind = ledger::Kind::credential) {
    return {.member = member,
            .key_number = 1,
            .nonce = nonce_of(nonce),
            .expires = start + day,
            .record_kind = kind};
}

}  // namespace chancery::test
