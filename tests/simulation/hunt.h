// Looks for a planted bug: seed after seed until the judge, or a CHECK, sees it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/planted.h"

namespace chancery::simulation {

struct Found {
    bool is_found = false;
    std::uint64_t seeds = 0;  // That it took.
    std::string how;
};

struct Hunt {
    Planted bug = Planted::none;
    std::uint64_t from = 1;
    std::uint64_t seeds_max = 1;
    double minutes = 10;
    bool is_mended = false;  // The same networks without the bug: nothing may be found.
    bool is_told = false;    // Every event on stderr.
};

// In a process of its own, since a CHECK ends it.
Found hunt(const Hunt& wanted);

}  // namespace chancery::simulation
