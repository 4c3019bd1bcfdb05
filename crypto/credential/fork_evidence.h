// Two checkpoints of one log that cannot both be true, and the keys that signed both.
//
//     {"format":"chancery-fork/v1","a":note,"b":note,"root":hex,"path":[hex, …]}
//
// a is of size m, b of size n, 0 < m ≤ n. Equal sizes have other roots, and nothing more is said.
// Else `path` proves that b's tree began with m entries of root `root`, which a says was another:
//
//     a   [ m entries: root of a ]
//     b   [ m entries: `root`    |  n - m more ]         `root` ≠ root of a
//
// It is proof by itself: who reads it needs the members object alone, and nobody's word.
// Source: PROTOCOL.md, Proofs and verdicts (Fork evidence).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "crypto/ledger/members.h"
#include "crypto/note/checkpoint.h"

namespace chancery::credential {

inline constexpr std::size_t fork_evidence_bytes_max = std::size_t{256} * 1024;

struct ForkEvidence {
    // How b's tree began.
    struct Beginning {
        Hash root{};
        std::vector<Hash> path;
        bool operator==(const Beginning&) const = default;
    };
    std::string a;                       // Signed notes, verbatim.
    std::string b;                       // Not the smaller one.
    std::optional<Beginning> beginning;  // Only if b is larger.
    bool operator==(const ForkEvidence&) const = default;
};

// Errc::invalid with a JSON pointer. Verifies nothing.
Result<ForkEvidence> parse_fork_evidence(std::string_view text);
json::Value to_json(const ForkEvidence& evidence);

// A cosigner key with a valid cosignature on both checkpoints.
struct GuiltyKey {
    ledger::MemberNumber member = 0;
    std::string slug;
    std::uint32_t number = 0;  // Of the member's cosigner keys.
    std::string key;           // Multikey.
    bool operator==(const GuiltyKey&) const = default;
};

struct ProvenFork {
    note::Checkpoint a;
    note::Checkpoint b;
    std::vector<GuiltyKey> guilty;  // By member, then number; never empty.
};

// Every cosigner key that `members` ever had and that has a valid cosignature on `note`; by member,
// then number. A bad line counts for nothing.
std::vector<GuiltyKey> cosigners_of(const note::SignedNote& note, const ledger::Members& members);

// Judged by every cosigner key that `members` ever had: who left can still have lied. A line that
// is bad counts for nothing and excuses nobody, or adding one would spoil the proof.
// Errc::invalid: it proves nothing, with why.
Result<ProvenFork> check_fork_evidence(const ForkEvidence& evidence,
                                       const ledger::Members& members);

}  // namespace chancery::credential
