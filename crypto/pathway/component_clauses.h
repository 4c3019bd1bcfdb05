// Clauses that hold of a component whatever condition asks for it, one function each.
#pragma once

#include "crypto/pathway/evaluate.h"

namespace chancery::pathway {

// What components are held against.
struct Award {
    std::optional<ledger::Position> position;  // nullopt: there is no certificate, or it is not
                                               // proven where it stands.
    std::optional<std::int64_t> time_s;
    std::string subject;
    const Component* certificate = nullptr;
};

StepReport passes(std::string reason);
StepReport fails(std::string reason);
StepReport open(std::string reason);

// fail before open before pass.
StepResult worst(StepResult one, StepResult other);

// All of them but that of its own rule, in the order in which they are shown.
std::vector<Clause> component_clauses(const Component& component, const Award& award);

// Of one condition.
StepReport check_issuer(const Component& component, const Condition& condition);
StepReport check_age(const Component& component, const Condition& condition, const Award& award);

}  // namespace chancery::pathway
