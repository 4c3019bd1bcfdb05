#include "crypto/pathway/component_clauses.h"

#include <algorithm>

namespace chancery::pathway {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;

StepReport check_subject(const Component& component, const Award& award) {
    if (component.subject.empty() || award.subject.empty())
        return open("a subject without id: whether both are one person cannot be told");
    return component.subject == award.subject ? passes("the same subject")
                                              : fails("is about another subject");
}

StepReport check_earlier(const Component& component, const Award& award) {
    if (!award.position || !component.position)
        return open("where both stand on the ledger is not proven");
    const std::string places = std::to_string(*component.position) + ", the certificate at " +
                               std::to_string(*award.position);
    return *component.position < *award.position ? passes("registered at " + places)
                                                 : fails("registered at " + places);
}

StepReport check_dates(const Component& component, const Award& award) {
    if (!award.time_s) return open("when the certificate was registered is not proven");
    if (component.valid_from && component.valid_from->second > *award.time_s)
        return fails("was not valid yet");
    if (component.valid_until && component.valid_until->second < *award.time_s)
        return fails("was valid no longer");
    return passes("was within its dates");
}

// A status proof tells what is so at its checkpoint and which entry made it so, not what was
// before: only a first change, or none, tells all of the time before.
StepReport check_status(const Component& component, const Award& award) {
    if (award.certificate == nullptr) return component.status;
    if (!component.status_size) return open("there is no sealed status proof");
    if (!award.position) return open("where the certificate stands on the ledger is not proven");
    if (*component.status_size <= *award.position)
        return open("the status proof is older than the award");
    if (!component.withdrawal) return passes("was not withdrawn");
    const std::string place = std::to_string(component.withdrawal->position);
    if (component.withdrawal->position < *award.position) return fails("was withdrawn at " + place);
    if (!component.withdrawal->is_first)
        return open("withdrawn at " + place + ", later, and its status had changed before");
    return passes("was withdrawn only later, at " + place);
}

StepReport check_named(const Component& component, const Component& certificate) {
    const auto names = [&](const Hash& hash) {
        return std::ranges::find(certificate.evidence, hash) != certificate.evidence.end();
    };
    if (names(component.document_hash)) return passes("the certificate names the document");
    if (component.commitment && names(*component.commitment))
        return passes("the certificate names its commitment");
    return fails("the certificate's evidence does not name it");
}

}  // namespace

StepReport passes(std::string reason) { return {StepResult::pass, std::move(reason)}; }
StepReport fails(std::string reason) { return {StepResult::fail, std::move(reason)}; }
StepReport open(std::string reason) { return {StepResult::could_not_check, std::move(reason)}; }

StepResult worst(StepResult one, StepResult other) {
    for (const StepResult worse : {StepResult::fail, StepResult::could_not_check})
        if (one == worse || other == worse) return worse;
    return StepResult::pass;
}

std::vector<Clause> component_clauses(const Component& component, const Award& award) {
    std::vector<Clause> clauses = {{"registered", component.proven},
                                   {"same subject", check_subject(component, award)}};
    if (award.certificate != nullptr) {
        clauses.push_back({"named", check_named(component, *award.certificate)});
        clauses.push_back({"earlier", check_earlier(component, award)});
    }
    clauses.push_back({"dates", check_dates(component, award)});
    clauses.push_back({"not withdrawn", check_status(component, award)});
    return clauses;
}

StepReport check_issuer(const Component& component, const Condition& condition) {
    if (condition.issuers.empty()) return passes("any member's will do");
    const bool is_named =
        std::ranges::find(condition.issuers, component.issuer) != condition.issuers.end();
    return is_named ? passes("is one of those named") : fails("is none of those named");
}

StepReport check_age(const Component& component, const Condition& condition, const Award& award) {
    if (!condition.age_days_max) return passes("any age will do");
    if (!component.valid_from || !award.time_s) return open("how old it was is not proven");
    const std::int64_t days = (*award.time_s - component.valid_from->second) / seconds_per_day;
    const std::string told =
        std::to_string(days) + " days old, want at most " + std::to_string(*condition.age_days_max);
    const bool is_young = *award.time_s - component.valid_from->second <=
                          static_cast<std::int64_t>(*condition.age_days_max) * seconds_per_day;
    return is_young ? passes(told) : fails(told);
}

}  // namespace chancery::pathway
