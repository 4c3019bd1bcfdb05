// Mistakes made on purpose, one at a time, to see whether the judge sees them.
//
// Some are made by the simulated world (a disk that does not sync); the others are written into
// copies of the sources by tests/simulation/planted/planted.cmake, and only
// chancery-simulate-planted is linked from those. Production code has no hooks.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chancery::simulation {

enum class Planted : std::uint8_t {
    none,
    vote_not_synced,
    term_not_synced,
    entry_not_synced,
    guard_not_written,
    old_term_counted,
    head_not_compared,
    start_check_skipped,
    seal_below_quorum,
    claims_ignored,
    seal_not_needed,
    suffix_replaced_in_part,
    answered_unsealed,
    nonce_forgotten,
    forwarded_once,
    state_said_once,
    future_taken,
    judged_while_stored,
    seal_believed_by_place,
    empty_seal_said_once,
    refused_stays_sticky,
    higher_term_ignored,
    unjudged_forgotten,
    silent_laggard_forgotten,
    recovering_asks_no_seal,
    leader_waited_for,
    expected_seal_not_written,
    lost_seal_not_made_up,
};

struct PlantedName {
    Planted which = Planted::none;
    std::string_view name;
    bool is_in_source = false;  // Of the program that is linked from the changed copies.
};

inline constexpr std::array planted_names = {
    PlantedName{Planted::vote_not_synced, "vote-not-synced", false},
    PlantedName{Planted::term_not_synced, "term-not-synced", false},
    PlantedName{Planted::entry_not_synced, "entry-not-synced", false},
    PlantedName{Planted::guard_not_written, "guard-not-written", false},
    PlantedName{Planted::old_term_counted, "old-term-counted", true},
    PlantedName{Planted::head_not_compared, "head-not-compared", true},
    PlantedName{Planted::start_check_skipped, "start-check-skipped", true},
    PlantedName{Planted::seal_below_quorum, "seal-below-quorum", true},
    PlantedName{Planted::claims_ignored, "claims-ignored", true},
    PlantedName{Planted::seal_not_needed, "seal-not-needed", true},
    PlantedName{Planted::suffix_replaced_in_part, "suffix-replaced-in-part", true},
    PlantedName{Planted::answered_unsealed, "answered-unsealed", true},
    PlantedName{Planted::nonce_forgotten, "nonce-forgotten", true},
    PlantedName{Planted::forwarded_once, "forwarded-once", true},
    PlantedName{Planted::state_said_once, "state-said-once", true},
    PlantedName{Planted::future_taken, "future-taken", true},
    PlantedName{Planted::judged_while_stored, "judged-while-stored", true},
    PlantedName{Planted::seal_believed_by_place, "seal-believed-by-place", true},
    PlantedName{Planted::empty_seal_said_once, "empty-seal-said-once", true},
    PlantedName{Planted::refused_stays_sticky, "refused-stays-sticky", true},
    PlantedName{Planted::higher_term_ignored, "higher-term-ignored", true},
    PlantedName{Planted::unjudged_forgotten, "unjudged-forgotten", true},
    PlantedName{Planted::silent_laggard_forgotten, "silent-laggard-forgotten", true},
    PlantedName{Planted::recovering_asks_no_seal, "recovering-asks-no-seal", true},
    PlantedName{Planted::leader_waited_for, "leader-waited-for", true},
    PlantedName{Planted::expected_seal_not_written, "expected-seal-not-written", true},
    PlantedName{Planted::lost_seal_not_made_up, "lost-seal-not-made-up", true},
};

// Whether this program was linked with the sources that hold the mistakes of planted.cmake.
extern const bool has_changed_sources;

inline Planted planted = Planted::none;  // Set once, before a run.

inline bool is_planted(Planted which) { return planted == which; }

}  // namespace chancery::simulation
