// What this room's files share of libsecp256k1: its context.
#pragma once

#include <secp256k1.h>

namespace chancery::keys {

// Made once and never changed after, so any thread may use it. A wrong argument makes the call
// fail; by default the library would abort the process.
const secp256k1_context* curve();

}  // namespace chancery::keys
