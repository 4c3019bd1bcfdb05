// What a check of an anchor found, for people and for programs.
#pragma once

#include "node/cli/anchor_check.h"
#include "node/cli/session.h"

namespace chancery::cli {

// The verdict, each step with its reason, and the date that it proves; `document` is what the
// command's document begins with. Gives the status to end with.
Exit show_findings(Session& session, const AnchorFindings& findings, json::Object document);

}  // namespace chancery::cli
