// What became of a pathway, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "crypto/pathway/evaluate.h"
#include "node/cli/output.h"

namespace chancery::cli {

struct PathwayAnswer {
    std::vector<pathway::Evaluation>
        evaluations;          // As evaluate() gave them; their rules outlive it.
    std::string certificate;  // File; empty: none.
    credential::Headline certificate_today = credential::Headline::cannot_tell;
    std::vector<std::string> files;  // Of the components, as the next.
    std::vector<pathway::Component> components;

    pathway::StepResult result() const { return evaluations.front().result; }
};

// "fulfilled", "not fulfilled", "cannot tell".
std::string_view pathway_verdict(pathway::StepResult result);

// `explain`: with every clause and its reason.
void show_pathway(Output& out, const PathwayAnswer& answer, bool explain);
json::Object pathway_json(const PathwayAnswer& answer);

}  // namespace chancery::cli
