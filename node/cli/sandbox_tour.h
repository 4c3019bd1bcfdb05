// A walk through what a registry is for, in a sandbox: every step is a command that a person could
// type, and has one answer that is right.
#pragma once

#include "node/cli/sandbox.h"

namespace chancery::cli {

// Says each step on stderr. Errc::corrupt with want and got for the first wrong answer.
// `learners` is the length of the table that is issued from, at least 2; 0 leaves out all that is
// about learners: the table, and what one of them stacks up.
Result<json::Array> walk_tour(Session& session, const Sandbox& sandbox, std::size_t learners);

}  // namespace chancery::cli
