#include "tests/simulation/plan_to_find.h"

namespace chancery::simulation {
namespace {

constexpr Micros second = 1'000'000;

// Who missed what others committed stands while they do not know that they did.
Plan for_head_not_compared(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 3;
    plan.safety_us = 12 * second;
    Faults faults;
    faults.crash = 30'000;
    faults.drop = 300'000;
    faults.cut_link = 30'000;
    faults.isolate = 10'000;
    faults.delay_max = 20'000;
    faults.disk_max = 30'000;
    plan.faults = faults;
    return plan;
}

// A part that an honest leader sends replaces nothing that was committed. A liar's does, where a
// member has what it acknowledged and did not hear who else has.
Plan for_suffix_replaced_in_part(std::uint64_t seed) {
    Plan plan = draw_plan_with_liars(seed, 1);
    plan.lies = {test::Lie::other_past};
    plan.nodes = 4;
    plan.clients.gap_max = 0;  // A seal would tell it.
    plan.safety_us = 60 * second;
    Faults faults;
    faults.crash = 5'000;
    faults.drop = 300'000;
    faults.cut_link = 60'000;
    plan.faults = faults;
    return plan;
}

Plan for_seal_believed_by_place(std::uint64_t seed) {
    Plan plan = draw_plan_with_liars(seed, 1);
    plan.lies = {test::Lie::wrong_places, test::Lie::short_seals};
    Faults faults;
    faults.crash = 30'000;
    faults.clock_off_ms = 20'000;
    faults.delay_max = 100'000;
    plan.faults = faults;
    return plan;
}

// Who sealed the empty log is born again without its line over it, and who leads then was dead
// meanwhile; the next line comes when the first is half a minute old, by a clock that was ahead.
Plan for_empty_seal_said_once(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 4;
    plan.safety_us = 3 * second + seed % 50 * 100'000;
    plan.clients = {.gap_max = 0, .late = 21 * second};  // A block brings the seal along.
    Faults faults;
    faults.crash = 40'000;
    faults.clock_off_ms = 20'000;
    plan.faults = faults;
    return plan;
}

// A leader whose first entry nobody hears takes a batch that is on the ledger; it leads no more
// before it judges that, whoever leads next has nothing to say about it, and nothing new is sealed.
Plan for_unjudged_forgotten(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 4;
    plan.safety_us = 10 * second;
    plan.clients = {.gap_max = 200'000, .different = 2};
    plan.heals_whole = true;
    Faults faults;
    faults.isolate = 20'000;
    faults.delay_max = 100'000;
    faults.disk_max = 100'000;
    plan.faults = faults;
    return plan;
}

// The leader is dead, and each of the five that are left is needed: they stood at one moment and
// refused one another. What a member is asked would end its patience, so nobody asks until the last
// seconds.
Plan for_refused_stays_sticky(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 7;
    plan.safety_us = 3 * second;
    plan.clients = {.gap_max = 0, .late = 21 * second};
    plan.faults = Faults{};
    return plan;
}

// The leader is dead, and both that are left are needed: one in its term, with its first entry; the
// other, that missed it, in a newer term.
Plan for_higher_term_ignored(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 3;
    plan.safety_us = 6 * second + seed % 60 * 100'000;
    plan.clients = {.gap_max = 0, .late = 6 * second};
    Faults faults;
    faults.crash = 10'000;
    faults.drop = 100'000;
    faults.delay_max = 300'000;  // From being asked for a vote to the entries of whom it helped.
    faults.disk_max = 700'000;
    plan.faults = faults;
    return plan;
}

// A disk of earlier is filled again from who has a block and not its seal yet.
Plan for_recovering_asks_no_seal(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 4;
    plan.safety_us = 20 * second;
    Faults faults;
    faults.crash = 10'000;
    faults.roll_back = 1'000'000;
    faults.drop = 300'000;
    faults.cut_link = 20'000;
    faults.delay_max = 100'000;
    plan.faults = faults;
    return plan;
}

// A leader pauses until one member stands, and is heard again before that one is: the others keep
// it, and the one is alone in a newer term.
Plan for_leader_waited_for(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 4;
    plan.safety_us = 15 * second;
    plan.heals_whole = true;
    Faults faults;
    faults.pause = 15'000;
    faults.away_max = 1'500'000;
    faults.delay_max = 100'000;
    faults.disk_max = 50'000;
    plan.faults = faults;
    return plan;
}

// One who is left lags or leads with the next block already; the other, who could show it the seal
// of the one before, lost that to a crash or is dead.
Plan for_lost_seals(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 3;
    plan.safety_us = 3 * second + seed % 160 * 100'000;
    Faults faults;
    faults.cut_link = 60'000;
    faults.crash = 20'000;
    faults.delay_max = 33'000;
    const bool has_slow_disk = seed % 3 == 0;  // Else all are.
    faults.disk_max = has_slow_disk ? 30'000 : 300'000;
    faults.slow_disk = has_slow_disk ? 1 : 0;
    plan.faults = faults;
    return plan;
}

// The lines over the last block are lost, and no link is renewed over which they would be said.
Plan for_state_said_once(std::uint64_t seed) {
    Plan plan = draw_plan(seed);
    plan.nodes = 4;
    plan.safety_us = 3 * second;
    plan.heals_whole = true;
    plan.renews_links = false;
    Faults faults;
    faults.drop = 300'000;
    plan.faults = faults;
    return plan;
}

struct Place {
    Planted bug = Planted::none;
    Plan (*draw)(std::uint64_t seed) = nullptr;
};

constexpr Place places[] = {
    {Planted::head_not_compared, for_head_not_compared},
    {Planted::suffix_replaced_in_part, for_suffix_replaced_in_part},
    {Planted::state_said_once, for_state_said_once},
    {Planted::seal_believed_by_place, for_seal_believed_by_place},
    {Planted::empty_seal_said_once, for_empty_seal_said_once},
    {Planted::unjudged_forgotten, for_unjudged_forgotten},
    {Planted::refused_stays_sticky, for_refused_stays_sticky},
    {Planted::higher_term_ignored, for_higher_term_ignored},
    {Planted::recovering_asks_no_seal, for_recovering_asks_no_seal},
    {Planted::leader_waited_for, for_leader_waited_for},
    {Planted::expected_seal_not_written, for_lost_seals},
    {Planted::lost_seal_not_made_up, for_lost_seals},
};

}  // namespace

Plan plan_to_find(Planted bug, std::uint64_t seed) {
    for (const Place& place : places) {
        if (place.bug == bug) return place.draw(seed);
    }
    return draw_plan(seed);
}

}  // namespace chancery::simulation
