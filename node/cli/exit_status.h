// What the program's exit status says, in one place for every command.
//
// The numbers are a contract: scripts, timers and services act on them.
#pragma once

#include "crypto/base/result.h"
#include "crypto/credential/verdict.h"

namespace chancery::cli {

enum class Exit : int {
    done = 0,  // Also VALID.
    not_valid = 1,
    usage = 2,  // Or configuration.
    cannot_tell = 3,
    not_found = 4,
    not_authorised = 5,
    unreachable = 6,  // Node unreachable, or no leader: try again.
    conflict = 7,     // Exists already, or the state has moved on.
    alarm = 8,        // Fork, root mismatch, tampering.
    timeout = 9,
    some_failed = 10,  // See the errors file.
    bug = 70,
    disk_failed = 74,
    interrupted = 130,
};

Exit exit_of(Errc code);
Exit exit_of(credential::Headline headline);

}  // namespace chancery::cli
