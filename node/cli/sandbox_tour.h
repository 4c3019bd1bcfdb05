// A walk through what a registry is for, in a sandbox: every step is a command that a person could
// type, and has one answer that is right.
#pragma once

#include "node/cli/sandbox.h"

namespace chancery::cli {

// Says each step on stderr. Errc::corrupt with want and got for the first wrong answer.
Result<json::Array> walk_tour(Session& session, const Sandbox& sandbox);

}  // namespace chancery::cli
