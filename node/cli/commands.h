// Every command of the program, each made in the file of its name.
#pragma once

#include "node/cli/command.h"

namespace chancery::cli {

Command genesis_command();  // Of network.
Command help_command();
Command key_command();
Command network_command();
Command version_command();

}  // namespace chancery::cli
