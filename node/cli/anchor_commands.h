// The commands below chancery anchor that have files of their own.
#pragma once

#include "node/cli/command.h"

namespace chancery::cli {

Command anchor_blockcerts_command();
Command anchor_check_command();
Command anchor_list_command();

// anchor check, of a file instead of a position.
Result<Exit> check_blockcerts_file(Session& session, const Invocation& call);

}  // namespace chancery::cli
