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

// In a process of its own, since a CHECK ends it; `minutes` at most.
Found hunt(Planted bug, std::uint64_t from, std::uint64_t seeds_max, double minutes);

}  // namespace chancery::simulation
