// What became of a pathway, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "crypto/pathway/aftermath.h"
#include "node/cli/output.h"
#include "node/cli/pathway_gap.h"
#include "node/cli/rule_finder.h"

namespace chancery::cli {

struct PathwayAnswer {
    std::vector<pathway::Evaluation>
        evaluations;          // As evaluate() gave them; their rules outlive it.
    std::string certificate;  // File; empty: none.
    credential::Headline certificate_today = credential::Headline::cannot_tell;
    std::vector<std::string> files;  // Of the components, as the next.
    std::vector<pathway::Component> components;
    std::optional<RuleOrigin> origin;             // Of a rule that was published.
    std::optional<ledger::Position> award;        // Set beside it if there is a certificate.
    std::optional<pathway::Aftermath> aftermath;  // With a certificate.
    std::vector<Gap> gaps;                        // Without, as far as nodes could be asked.

    pathway::StepResult result() const { return evaluations.front().result; }
};

// "fulfilled", "not fulfilled", "cannot tell".
std::string_view pathway_verdict(pathway::StepResult result);

// What the rule wants done about what became of the components: "nothing", "warning",
// "suspension"; "unknown" if it cannot be told whether the rule is still met.
std::string_view asked_for(pathway::Cascade policy, const pathway::Aftermath& aftermath);

// What is told beside the clauses: which version of the rule, what is to be had where, what became
// of the components.
void show_origin(Output& out, const PathwayAnswer& answer);
void show_gaps(Output& out, const PathwayAnswer& answer);
void show_aftermath(Output& out, const PathwayAnswer& answer);
void add_beside(const PathwayAnswer& answer, json::Object& document);

// `explain`: with every clause and its reason.
void show_pathway(Output& out, const PathwayAnswer& answer, bool explain);
json::Object pathway_json(const PathwayAnswer& answer);

}  // namespace chancery::cli
