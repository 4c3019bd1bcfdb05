// All that a verdict on a credential needs: the document, its receipt, a status proof, trust.
#pragma once

#include <string>

#include "crypto/credential/verdict.h"
#include "node/cli/session.h"

namespace chancery::cli {

inline constexpr std::uint64_t status_age_max_default_s = 24 * 3'600;

// With the status proof that lies beside it, if one does. `trust` must outlive the evidence.
Result<credential::Evidence> evidence_beside(const std::string& path,
                                             TrustStore& trust,
                                             std::uint64_t now_s);

// With today's status, as a node tells it; without an answer there is none, with a warning.
Result<credential::Evidence> evidence_of_today(const std::string& path,
                                               Session& session,
                                               Desk& desk);

}  // namespace chancery::cli
