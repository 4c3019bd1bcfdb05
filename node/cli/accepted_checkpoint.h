// The newest checkpoint of the nodes that were named, once this client takes it.
#pragma once

#include <string>

#include "node/cli/session.h"

namespace chancery::cli {

struct Accepted {
    std::string text;  // As the node wrote it.
    note::SignedCheckpoint checkpoint;
};

// Sealed under our trust, and consistent with all that was accepted before. Errors as
// TrustStore::accept().
Result<Accepted> accept_newest(Desk& desk);

}  // namespace chancery::cli
