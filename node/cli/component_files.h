// Credentials in files as pathways see them: with status of today, or offline with what lies
// beside.
#pragma once

#include <string>
#include <vector>

#include "crypto/pathway/component.h"
#include "node/cli/session.h"

namespace chancery::cli {

// One a file, in that order. Errors name the file.
Result<std::vector<pathway::Component>> components_in(Session& session,
                                                      const std::vector<std::string>& files,
                                                      bool is_offline);

}  // namespace chancery::cli
