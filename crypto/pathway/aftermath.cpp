#include "crypto/pathway/aftermath.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "crypto/pathway/component_clauses.h"

namespace chancery::pathway {
namespace {

using credential::Headline;

bool was_withdrawn_since(const Component& component, const Component& certificate) {
    const bool is_withdrawn =
        component.today == Headline::revoked || component.today == Headline::suspended;
    return is_withdrawn && component.withdrawal && certificate.position &&
           component.withdrawal->position > *certificate.position;
}

// Revoked for good is known at any age; all else only by a proof that is fresh.
bool is_unknown(const Component& component) {
    return component.status.result == StepResult::could_not_check;
}

Result<StepResult> met_without(const Question& question, std::vector<std::size_t> left_out) {
    std::vector<Component> rest;
    for (std::size_t i = 0; i < question.components.size(); ++i)
        if (std::ranges::find(left_out, i) == left_out.end())
            rest.push_back(question.components[i]);
    Question without = question;
    without.components = rest;
    without.others = {};
    const auto evaluations = evaluate(without);
    if (!evaluations) return evaluations.error();
    return evaluations->front().result;
}

}  // namespace

Result<Aftermath> aftermath_of(const Question& question) {
    CHECK(question.certificate != nullptr);
    Aftermath after;
    for (std::size_t i = 0; i < question.components.size(); ++i) {
        const Component& component = question.components[i];
        if (was_withdrawn_since(component, *question.certificate))
            after.withdrawn.push_back(i);
        else if (is_unknown(component))
            after.unknown.push_back(i);
    }
    const auto award = evaluate(question);
    if (!award) return award.error();
    if (award->front().result != StepResult::pass) {
        after.still_met = open("the award is not proven to have been earned");
        return after;
    }
    const auto without_withdrawn = met_without(question, after.withdrawn);
    if (!without_withdrawn) return without_withdrawn.error();
    if (*without_withdrawn != StepResult::pass) {
        after.still_met = {*without_withdrawn, "is not met without what was withdrawn since"};
        return after;
    }
    std::vector<std::size_t> uncertain = after.withdrawn;
    uncertain.insert(uncertain.end(), after.unknown.begin(), after.unknown.end());
    const auto without_all = met_without(question, std::move(uncertain));
    if (!without_all) return without_all.error();
    after.still_met = *without_all == StepResult::pass
                          ? passes("is met by components that stand today")
                          : open("hangs on components whose status today is not proven");
    return after;
}

}  // namespace chancery::pathway
