// Where a planted bug is looked for.
#pragma once

#include "tests/simulation/planted.h"
#include "tests/simulation/simulated_network.h"

namespace chancery::simulation {

// Most bugs show themselves in any network that a seed draws; the others in one where what they
// need is frequent. Nothing may be found in either without the bug.
Plan plan_to_find(Planted bug, std::uint64_t seed);

}  // namespace chancery::simulation
