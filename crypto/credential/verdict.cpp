#include "crypto/credential/verdict.h"

#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict_case.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;

constexpr std::array<std::string_view, 3> result_names = {"pass", "fail", "could not check"};
constexpr std::array<std::string_view, step_count> step_names = {"format",
                                                                 "issuer signature",
                                                                 "commitment",
                                                                 "entry",
                                                                 "inclusion",
                                                                 "seal",
                                                                 "issuer",
                                                                 "status",
                                                                 "dates"};
constexpr std::array<std::string_view, 10> headline_names = {"valid",
                                                             "altered",
                                                             "not in the registry",
                                                             "unknown issuer",
                                                             "revoked",
                                                             "superseded",
                                                             "suspended",
                                                             "expired",
                                                             "not yet valid",
                                                             "cannot tell"};

Headline headline_of_status(CredentialStatus status) {
    switch (status) {
        case CredentialStatus::revoked:
            return Headline::revoked;
        case CredentialStatus::superseded:
            return Headline::superseded;
        case CredentialStatus::suspended:
            return Headline::suspended;
        case CredentialStatus::good:
            break;
    }
    return Headline::cannot_tell;
}

// Step 2 may stay open for a document that carries no issuer signature; no other may.
bool all_passed(const Case& the_case) {
    for (std::size_t i = 0; i < step_count; ++i) {
        const auto step = static_cast<Step>(i);
        const bool may_stay_open = step == Step::issuer_signature && !the_case.has_issuer_signature;
        if (!the_case.passed(step) && !may_stay_open) return false;
    }
    return true;
}

// The first that is proven.
Headline headline_of(const Case& the_case) {
    for (const Step step : {Step::format, Step::issuer_signature, Step::commitment, Step::entry}) {
        if (the_case.failed(step)) return Headline::altered;
    }
    if (the_case.failed(Step::inclusion) || the_case.failed(Step::seal)) {
        return Headline::not_in_registry;
    }
    if (the_case.failed(Step::issuer)) return Headline::unknown_issuer;
    if (the_case.failed(Step::status)) {
        CHECK(the_case.status);
        return headline_of_status(the_case.status->status);
    }
    if (the_case.failed(Step::dates)) {
        return the_case.is_expired ? Headline::expired : Headline::not_yet_valid;
    }
    return all_passed(the_case) ? Headline::valid : Headline::cannot_tell;
}

// The first open step that keeps the verdict from being told.
const StepReport& open_step(const Case& the_case) {
    for (std::size_t i = 0; i < step_count; ++i) {
        const auto step = static_cast<Step>(i);
        const bool may_stay_open = step == Step::issuer_signature && !the_case.has_issuer_signature;
        if (!the_case.passed(step) && !may_stay_open) return the_case.steps[i];
    }
    CHECK(!"a verdict that cannot be told has an open step");
    return the_case.steps.front();
}

std::string valid_sentence(const Case& the_case) {
    std::string text = "Valid: registered by " + the_case.member->name +
                       " and in good standing as of " + to_date_time(*the_case.status_time_s) + ".";
    if (const auto as_of_s = the_case.evidence.as_of_s) {
        const ledger::StatusEntry& change = *the_case.status->change;
        text = "Valid at " + to_date_time(*as_of_s) + ", not today: registered by " +
               the_case.member->name + ", in good standing then, " +
               std::string(name_of(change.status)) + " since " + to_date_time(change.time / 1'000) +
               ".";
    }
    if (!the_case.has_issuer_signature) {
        text +=
            " The document carries no signature of its issuer; the registry alone vouches"
            " for it.";
    }
    return text;
}

std::string sentence_of(Headline headline, const Case& the_case) {
    switch (headline) {
        case Headline::valid:
            return valid_sentence(the_case);
        case Headline::altered:
            return "Altered: the document is not the one that was registered. Ask its holder for"
                   " the original file.";
        case Headline::not_in_registry:
            return "Not in the registry: the receipt does not lead to a checkpoint that the"
                   " members signed. Ask the holder for a fresh receipt.";
        case Headline::unknown_issuer:
            return "Unknown issuer: the document names an issuer other than the member that"
                   " registered it. Do not rely on it.";
        case Headline::revoked:
            return "Revoked: the issuer has withdrawn this credential for good. Do not rely on"
                   " it.";
        case Headline::superseded:
            return "Superseded: the issuer has replaced this credential. Ask the holder for the"
                   " newer one.";
        case Headline::suspended:
            return "Suspended: the issuer has put this credential on hold. Ask again later.";
        case Headline::expired:
            return "Expired: the document's validity has ended. Ask the holder for a renewed one.";
        case Headline::not_yet_valid:
            return "Not yet valid: the document's validity has not begun. Ask again later.";
        case Headline::cannot_tell:
            break;
    }
    return "Cannot tell: " + open_step(the_case).reason +
           ". This does not mean that the credential is false.";
}

Verdict verdict_of(const Case& the_case) {
    Verdict verdict;
    verdict.headline = headline_of(the_case);
    verdict.steps = the_case.steps;
    verdict.sentence = sentence_of(verdict.headline, the_case);
    verdict.has_issuer_signature = the_case.has_issuer_signature;
    if (!the_case.is_proven_on_ledger()) return verdict;
    verdict.registered_at = the_case.entry->time;
    verdict.position = the_case.receipt->index;
    if (the_case.passed(Step::issuer)) {
        verdict.issuer_name = the_case.member->name;
        verdict.issuer_slug = the_case.member->slug;
    }
    if (the_case.status) verdict.change = the_case.status->change;
    verdict.status_time_s = the_case.status_time_s;
    return verdict;
}

}  // namespace

std::string_view name_of(StepResult result) {
    return result_names.at(static_cast<std::size_t>(result));
}

std::string_view name_of(Step step) { return step_names.at(static_cast<std::size_t>(step)); }

std::string_view name_of(Headline headline) {
    return headline_names.at(static_cast<std::size_t>(headline));
}

StepReport passes(std::string reason) { return {StepResult::pass, std::move(reason)}; }
StepReport fails(std::string reason) { return {StepResult::fail, std::move(reason)}; }
StepReport cannot_check(std::string reason) {
    return {StepResult::could_not_check, std::move(reason)};
}

Verdict judge(const Evidence& evidence) {
    Case the_case(evidence);
    the_case.report(Step::format) = check_format(the_case);
    read_entry(the_case);
    the_case.report(Step::issuer_signature) = check_issuer_signature(the_case);
    the_case.report(Step::commitment) = check_commitment(the_case);
    the_case.report(Step::entry) = check_entry(the_case);
    the_case.report(Step::inclusion) = check_inclusion(the_case);
    the_case.report(Step::seal) = check_seal(the_case);
    // A fresh status proof also tells how far the members are known, which the issuer asks for.
    the_case.report(Step::status) = check_status(the_case);
    the_case.report(Step::issuer) = check_issuer(the_case);
    the_case.report(Step::dates) = check_dates(the_case);
    return verdict_of(the_case);
}

}  // namespace chancery::credential
