// From the words of a call to the command they name and its checked options.
#pragma once

#include <string>
#include <vector>

#include "node/cli/command.h"

namespace chancery::cli {

struct Parsed {
    const Command* command = nullptr;  // Of the tree that was handed in.
    std::vector<std::string> path;     // "chancery", "issue", "batch"
    Invocation call;
    bool wants_help = false;  // --help, or a group was named without a command.
};

// Errc::invalid with what was wrong and the nearest thing that would have been right.
Result<Parsed> parse_words(const Command& root, const std::vector<std::string>& words);

// What to say of a word that names no command of the group at `path`, with the nearest that does.
std::string unknown_command(const Command& group,
                            const std::vector<std::string>& path,
                            std::string_view word);

}  // namespace chancery::cli
