// What becomes of tampering: a few things altered on purpose in a sandbox, each found out by a
// check that anybody can run, and everything put back.
//
// Documents, proofs and the log are altered as copies; a node's own files where they lie, while it
// is stopped, and restored before it starts again; if this program is killed, by the next one that
// opens the sandbox.
#pragma once

#include "crypto/json/value.h"
#include "node/cli/sandbox.h"

namespace chancery::cli {

struct Demonstration {
    std::string change;  // "a letter of the badge's holder, in a copy"
    std::string check;   // The command, or the program, that was to find it.
    std::string found;   // What it said.
    bool is_detected = false;
};

// The sandbox is up when it begins, and up again when it ends well. Errc of what could not be done.
Result<std::vector<Demonstration>> show_tampering(Session& session,
                                                  Sandbox& sandbox,
                                                  Lifetime lifetime);

}  // namespace chancery::cli
