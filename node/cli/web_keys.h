// Whether the DID document that a member's domain serves says what the ledger says of its keys:
// other verifiers believe the domain.
#pragma once

#include <string>
#include <vector>

#include "crypto/credential/did_web.h"
#include "crypto/ledger/members.h"

namespace chancery::cli {

// What differs, one clause each; empty if all assertion keys in force are served for assertions,
// and no others.
std::vector<std::string> differences_from_ledger(const credential::IssuerKeys& served,
                                                 const ledger::Member& member);

}  // namespace chancery::cli
