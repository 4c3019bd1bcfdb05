// The help page of a command, made from the tree: examples first, then what there is.
#pragma once

#include <string>
#include <vector>

#include "node/cli/command.h"

namespace chancery::cli {

// `path`: "chancery", "issue", "batch".
std::string help_text(const Command& command, const std::vector<std::string>& path);

}  // namespace chancery::cli
