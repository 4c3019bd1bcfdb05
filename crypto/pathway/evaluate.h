// Whether a certificate was earned by a rule, clause by clause, from what its components prove.
//
// Components are held against the award: registered before the certificate, and valid and not
// withdrawn as it was registered. What became of them since is told apart, and changes no clause.
// Without a certificate they are held against today, which tells a learner what is missing.
// Source: PROTOCOL.md, Pathways.
#pragma once

#include "crypto/pathway/component.h"
#include "crypto/pathway/rule.h"

namespace chancery::pathway {

using credential::StepReport;
using credential::StepResult;

struct Clause {
    std::string_view name;  // "registered", "same subject", "issuer", …
    StepReport report;
};

// One target of a condition and the component that stands for it.
struct TargetReport {
    std::string target;
    std::optional<std::size_t> component;  // Index; nullopt: none of them is of that achievement.
    std::vector<Clause> clauses;           // Of this condition: issuer, age.
    StepResult result = StepResult::fail;  // Of the component and of these.
};

struct ConditionReport {
    std::vector<TargetReport> targets;
    Clause count;
    Clause credits;
    std::vector<ConditionReport> conditions;
    StepResult result = StepResult::fail;
};

struct ComponentReport {
    std::vector<Clause> clauses;  // What holds of it whatever the condition.
    StepResult result = StepResult::fail;
};

struct Evaluation {
    const Rule* rule = nullptr;
    std::optional<std::size_t> component;  // That is the certificate of another rule; nullopt: the
                                           // one that was asked about.
    std::vector<Clause> certificate;       // Empty without one.
    std::vector<ComponentReport> components;
    ConditionReport condition;
    StepResult result = StepResult::fail;
};

inline constexpr std::size_t components_max = 256;
inline constexpr std::size_t rules_max = 32;

struct Question {
    const Rule* rule = nullptr;
    const Component* certificate = nullptr;  // nullptr: what is missing, as of now.
    std::span<const Component> components;
    std::span<const Rule> others = {};  // Rules that lead to components.
    std::int64_t now_s = 0;             // Asked without a certificate alone.
};

// First the one that was asked for; then, for each component whose own rule was given and that is
// asked for, that component held against it. Errc::invalid as check_rules() for rule and others
// together, and beyond the limits.
Result<std::vector<Evaluation>> evaluate(const Question& question);

}  // namespace chancery::pathway
