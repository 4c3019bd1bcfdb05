// What a member may lie about, each by its name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chancery::test {

enum class Lie : std::uint8_t {
    other_entries,        // As leader: other blocks to some, chained anew; acknowledged as told.
    wrong_claims,         // A root that it did not derive.
    silence,              // No cosignature to some, or to anybody.
    double_cosignatures,  // Two heads of one size.
    two_votes,            // For whoever asks.
    forged_certificates,  // Votes of others that they never cast, or too few.
    short_seals,          // Below the quorum, filled up with its own line or forged ones.
    wrong_places,         // Good seals, said to be of other blocks.
    false_memory,         // Of what the asking node never said.
    no_memory,            // Of what it did say.
    other_history,        // Entries that nobody has, for who recovers.
    other_clocks,
    other_past,  // As leader: a block of an older term in the place of what came after it.
};

struct LieName {
    Lie lie{};
    std::string_view name;
};
inline constexpr std::array lie_names = {LieName{Lie::other_entries, "other-entries"},
                                         LieName{Lie::wrong_claims, "wrong-claims"},
                                         LieName{Lie::silence, "silence"},
                                         LieName{Lie::double_cosignatures, "double-cosignatures"},
                                         LieName{Lie::two_votes, "two-votes"},
                                         LieName{Lie::forged_certificates, "forged-certificates"},
                                         LieName{Lie::short_seals, "short-seals"},
                                         LieName{Lie::wrong_places, "wrong-places"},
                                         LieName{Lie::false_memory, "false-memory"},
                                         LieName{Lie::no_memory, "no-memory"},
                                         LieName{Lie::other_history, "other-history"},
                                         LieName{Lie::other_clocks, "other-clocks"},
                                         LieName{Lie::other_past, "other-past"}};

}  // namespace chancery::test
