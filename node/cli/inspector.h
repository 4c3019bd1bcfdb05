// Judges credentials for commands: online, with the status that a node shows today, or offline,
// with what lies beside them. Never believes a node: its answers are held against the trust and
// against the newest checkpoint that this client has seen.
#pragma once

#include <optional>

#include "crypto/credential/verdict.h"
#include "node/cli/session.h"

namespace chancery::cli {

inline constexpr std::uint64_t status_age_default_s = 24 * 3'600;

class Inspector {
public:
    // Offline a trust file must be named. `session` must outlive it.
    static Result<Inspector> open(Session& session, bool is_offline);

    // Fills in the trust and, online, today's status in place of what is there; without a node's
    // answer there is none, and no error. Errc::corrupt for another history.
    Result<void> complete(credential::Evidence& evidence);
    // Completes it first.
    Result<credential::Verdict> judge(credential::Evidence& evidence);

    // Of a credential just judged: whether the status lists that it names for other verifiers say
    // the same. Part of no verdict. nullopt offline, if it names none, or without a proven status.
    std::optional<credential::StepReport> compare_status_lists(const credential::Evidence& evidence,
                                                               const credential::Verdict& verdict);

private:
    explicit Inspector(Session& session) : session_(session) {}

    TrustStore& trust() { return desk_ ? desk_->trust : *offline_trust_; }
    std::optional<credential::StatusProof> ask_status(
        const std::optional<credential::Receipt>& receipt);

    Session& session_;
    std::optional<Desk> desk_;                 // Online.
    std::optional<TrustStore> offline_trust_;  // Else.
};

}  // namespace chancery::cli
