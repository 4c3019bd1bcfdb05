// Compiled anew for each program, and nothing else is.
#include "tests/simulation/planted.h"

namespace chancery::simulation {

#ifdef CHANCERY_PLANTED
const bool has_changed_sources = true;
#else
const bool has_changed_sources = false;
#endif

}  // namespace chancery::simulation
