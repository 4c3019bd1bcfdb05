// What the words of a call say of a key that is to be made.
#pragma once

#include <vector>

#include "node/cli/command.h"
#include "node/cli/session.h"
#include "node/keystore.h"
#include "node/signing_key.h"

namespace chancery::cli {

// --type and --bits.
std::vector<Option> key_type_options();

// Of --use, --type and --bits. Errc::invalid if the use is missing, or they do not go together.
Result<keystore::SecretPlan> planned_key(const Invocation& call);

// --make-passphrase.
Option make_passphrase_option();

// In the file at `path`, which is made if --make-passphrase says so.
Result<keystore::Passphrase> passphrase_in(const std::string& path,
                                           Session& session,
                                           const Invocation& call);

}  // namespace chancery::cli
