// What goes wrong in a run: each class is on or off by a throw of the seed, since mixed faults hide
// one another.
#pragma once

#include "tests/simulation/schedule.h"

namespace chancery::simulation {

// Rates are chances in a million, of each message or at each tick of a node.
struct Faults {
    // Of links.
    std::uint32_t drop = 0;
    std::uint32_t duplicate = 0;
    std::uint32_t replay = 0;     // Something that was once said to it comes again.
    std::uint32_t lose_seal = 0;  // An append comes without the seals beside it.
    std::uint32_t cut_link = 0;   // One direction of one pair.
    std::uint32_t flap = 0;       // One pair comes and goes.
    std::uint32_t isolate = 0;    // One node from all.
    std::uint32_t split = 0;      // Two groups.
    Micros delay_max = 2'000;
    Micros away_max = 5'000'000;  // So long links are cut, and processes pause.
    // Of processes.
    std::uint32_t crash = 0;
    std::uint32_t crash_all = 0;
    std::uint32_t pause = 0;
    // Of disks.
    std::uint32_t io_error = 0;
    std::uint32_t lose_database = 0;  // Of a crash.
    std::uint32_t roll_back = 0;      // Of a crash: the disk of earlier is in its place.
    Micros disk_max = 1'500;
    std::uint32_t slow_disk = 0;  // Of this node, each write ten times as long; 0: none.
    // Of clocks.
    std::int64_t clock_off_ms = 0;  // Each is off by up to this.
    std::uint32_t clock_jump = 0;
    // Of one machine that computes wrong: this node's claims are others'; 0: none.
    std::uint32_t wrong_claims = 0;
};

Faults draw_faults(Random& random, std::uint32_t nodes);
// Many times as frequent.
Faults draw_harsh_faults(Random& random, std::uint32_t nodes);

}  // namespace chancery::simulation
