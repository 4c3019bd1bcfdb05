// The verdict on a credential: nine named steps, each pass, fail or could not check, and the one
// headline that they prove. Never just green, and never red for what could not be looked at.
// Source: PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "crypto/credential/did_web.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/credential/trust.h"

namespace chancery::credential {

enum class StepResult : std::uint8_t { pass, fail, could_not_check };

enum class Step : std::uint8_t {
    format,
    issuer_signature,
    commitment,
    entry,
    inclusion,
    seal,
    issuer,
    status,
    dates,
};
inline constexpr std::size_t step_count = 9;

enum class Headline : std::uint8_t {
    valid,
    altered,
    not_in_registry,
    unknown_issuer,
    revoked,
    superseded,
    suspended,
    expired,
    not_yet_valid,
    cannot_tell,
};

std::string_view name_of(StepResult result);  // "pass", "fail", "could not check"
std::string_view name_of(Step step);          // "format", "issuer signature", …
std::string_view name_of(Headline headline);  // "valid", "not in the registry", …

struct StepReport {
    StepResult result = StepResult::could_not_check;
    std::string reason;  // One clause for a person.
    bool operator==(const StepReport&) const = default;
};

struct Verdict {
    Headline headline = Headline::cannot_tell;
    std::array<StepReport, step_count> steps;  // By Step.
    std::string sentence;                      // What it means and what to do next.

    // Facts that the ledger proved; empty where it did not.
    std::optional<std::string> issuer_name;  // From the members object.
    std::optional<std::string> issuer_slug;
    std::optional<ledger::TimeMs> registered_at;
    std::optional<ledger::Position> position;
    std::optional<ledger::StatusEntry> change;
    std::optional<std::uint64_t> status_time_s;  // Of the quorum-th newest cosignature.
    bool has_issuer_signature = false;           // False: the headline must say so.
};

struct Evidence {
    json::Value document;            // As parsed strictly.
    std::string jwt;                 // The JWT or SD-JWT that says it; empty if none does.
    std::optional<Receipt> receipt;  // Beside the document; else taken from its proofs.
    std::optional<StatusProof> status;
    const Trust* trust = nullptr;  // nullptr: nothing of the ledger can be proven.
    // What the domain of the document's issuer serves today. Counts for step 2 alone, and only
    // where no member that the trust knows ever had that DID.
    std::optional<IssuerKeys> issuer_keys;
    std::uint64_t now_s = 0;  // The verifier's clock.
    // An earlier time to judge by, as far as the status proof shows what held then.
    std::optional<std::uint64_t> as_of_s;
    std::uint64_t status_age_max_s = 24ULL * 3600;
};

inline constexpr std::uint64_t clock_ahead_max_s = 300;

// Who the document names as its issuer: the identifier, or its "id"; of an SD-JWT, `claimed`, the
// claim. Empty if it names none. Nothing of it is proven.
std::string issuer_named_by(const json::Value& document, bool claimed = false);

// Pure: reads no clock and fetches nothing.
Verdict judge(const Evidence& evidence);

}  // namespace chancery::credential
