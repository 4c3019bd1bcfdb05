// A status list as any verifier gets it, held against what the ledger proves.
#pragma once

#include <string>

#include "crypto/credential/status_list.h"
#include "crypto/credential/verdict.h"
#include "node/cli/node_client.h"

namespace chancery::cli {

// Whether a list says of this status that its bit is set.
bool sets_bit(credential::StatusPurpose purpose, ledger::CredentialStatus status);

// Fetched from the node and not from its URL, which a stranger wrote. Errc::corrupt or
// Errc::invalid: it is not the list of that URL and purpose, or not signed by `member`'s keys in
// force; others as the node answers.
Result<credential::StatusBits> fetch_list(NodeClient& node,
                                          const ledger::Member& member,
                                          const std::string& url,
                                          credential::StatusPurpose purpose);

// Whether the lists that a document names say what the ledger says of it: pass, fail, or could not
// check. nullopt: it names none.
std::optional<credential::StepReport> compare_lists(NodeClient& node,
                                                    const ledger::Member& member,
                                                    const json::Value& document,
                                                    ledger::CredentialStatus proven);

}  // namespace chancery::cli
