// A change of status carried out by an issuer's commands: on the ledger first, then in the status
// lists that repeat it.
#pragma once

#include <vector>

#include "node/cli/status_change.h"
#include "node/cli/status_lists.h"

namespace chancery::cli {

// Publishes the lists that say something else than what the job confirmed; gives their names.
Result<json::Array> tell_lists(
    Session& session, Desk& desk, const Issuer& issuer, StatusLists& lists, const StatusJob& job);

}  // namespace chancery::cli
