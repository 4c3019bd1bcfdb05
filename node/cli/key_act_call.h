// What the commands share that change a member's own keys: who signs, where the files are, and what
// is told of a key.
#pragma once

#include <string>
#include <vector>

#include "node/cli/command.h"
#include "node/cli/folder_lock.h"
#include "node/cli/own_keys.h"

namespace chancery::cli {

// The member's folder: where the issuer key lies.
std::string keys_folder(const Session& session);

// With --governance-key, or governance.key in that folder.
Result<OwnKeys> open_own_keys(Session& session, const Invocation& call);

// Of the folder that the file lies in.
Result<FolderLock> lock_keys(const std::string& file);

// Makes a key file of the member's, unless it is there: then that one is taken, for a call that
// was broken off may have made it.
Result<void> make_key_file(Session& session,
                           const std::string& path,
                           const keystore::SecretPlan& plan,
                           const std::string& slug);

json::Object standing_json(const KeyStanding& standing);
std::string name_of_key(const KeyStanding& standing);  // "issuer key 2"

Option own_use_option();
// Adds what signs.
void add_governance(std::vector<Option>& options);

}  // namespace chancery::cli
