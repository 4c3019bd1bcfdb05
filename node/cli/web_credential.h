// A credential at a web address, in any of its containers, with what lies beside it there.
//
//     https://host/ana.badge.json     …/ana.badge.tlog-proof     …/ana.badge.status.json
//
// What it is is told by its content, whatever the server calls it.
#pragma once

#include <string>

#include "crypto/credential/verdict.h"
#include "node/cli/web_fetch.h"

namespace chancery::cli {

struct WebCredential {
    std::string address;
    bool wants_status = false;  // Whether to look for a status proof beside it, too.
};

// The document and its receipt, within or beside, without trust. `reach` but for bytes_max, which
// is each part's own. Errors as fetch_web(), and Errc::invalid for what is no credential.
Result<credential::Evidence> evidence_at(const WebCredential& wanted,
                                         const WebReach& reach,
                                         std::uint64_t now_s);

}  // namespace chancery::cli
