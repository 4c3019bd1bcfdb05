// What the shells may offer next, from the tree of commands, and the scripts that ask for it.
#pragma once

#include <string>
#include <vector>

#include "node/cli/command.h"

namespace chancery::cli {

// The word by which the scripts call back: "chancery __complete WORD…".
inline constexpr std::string_view complete_word = "__complete";

// `words`: those after the program's name; the last one is the one being typed, maybe empty.
// Nothing when a file name or a free value is wanted: then the shell offers files.
std::vector<std::string> completions(const Command& root, const std::vector<std::string>& words);

Command completion_command();

}  // namespace chancery::cli
