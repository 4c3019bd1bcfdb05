// Opens a skill stack: every credential of it judged, and who put them together.
#pragma once

#include "node/cli/command.h"

namespace chancery::cli {

// Argument 0 is a file or a link, whose fragment is the stack: nobody is asked for that. Options
// offline, challenge, max-status-age and explain count.
Result<Exit> open_stack(Session& session, const Invocation& call);

}  // namespace chancery::cli
