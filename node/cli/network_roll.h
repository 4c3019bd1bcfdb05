// Which nodes a network has, and where this client finds each: from its trust file, and from what
// was named.
#pragma once

#include "node/cli/network_survey.h"
#include "node/cli/session.h"

namespace chancery::cli {

// The members of genesis. A node of --node is asked where it was named: the address in genesis may
// be a proxy's. Errc::invalid if neither a trust file nor a node was named.
Result<Roll> call_roll(Session& session);

// How one member's node is reached: it is waited for less long than the only one.
node::Reach member_reach(const Session& session);

}  // namespace chancery::cli
