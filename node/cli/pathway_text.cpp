#include "node/cli/pathway_text.h"

#include "crypto/base/encoding.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

using pathway::Clause;
using pathway::ConditionReport;
using pathway::Evaluation;
using pathway::TargetReport;

Colour pathway_colour(pathway::StepResult result) {
    if (result == pathway::StepResult::pass) return Colour::good;
    return result == pathway::StepResult::fail ? Colour::bad : Colour::doubtful;
}

class PathwayText {
public:
    PathwayText(Output& out, const PathwayAnswer& answer, bool explain)
        : out_(out), answer_(answer), explain_(explain) {}

    void show() {
        for (const Evaluation& evaluation : answer_.evaluations)
            show_evaluation(evaluation);
        if (!answer_.certificate.empty())
            out_.line("today  " + printable(answer_.certificate) + " is " +
                      std::string(name_of(answer_.certificate_today)));
        for (std::size_t i = 0; i < answer_.files.size(); ++i)
            out_.line("today  " + printable(answer_.files[i]) + " is " +
                      std::string(name_of(answer_.components[i].today)));
    }

private:
    std::string mark_of(pathway::StepResult result) const {
        const std::string_view sign = result == pathway::StepResult::pass   ? "✔"
                                      : result == pathway::StepResult::fail ? "✘"
                                                                            : "?";
        return out_.paint(pathway_colour(result), sign);
    }

    void show_evaluation(const Evaluation& evaluation) {
        const pathway::Rule& rule = *evaluation.rule;
        std::string verdict(pathway_verdict(evaluation.result));
        for (char& letter : verdict)
            if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
        std::string line = out_.paint(pathway_colour(evaluation.result), verdict) + "  " +
                           printable(rule.name.empty() ? rule.destination : rule.name);
        if (evaluation.component)
            line += ", for " + printable(answer_.files[*evaluation.component]);
        out_.line(line);
        show_open(evaluation.certificate, "  certificate ");
        show_condition(evaluation, evaluation.condition, "  ");
    }

    void show_clause(const Clause& clause, const std::string& indent) {
        out_.line(indent + mark_of(clause.report.result) + " " + std::string(clause.name) + ": " +
                  printable(clause.report.reason));
    }

    // What holds is told only when asked.
    void show_open(const std::vector<Clause>& clauses, const std::string& indent) {
        for (const Clause& clause : clauses)
            if (explain_ || clause.report.result != pathway::StepResult::pass)
                show_clause(clause, indent);
    }

    void show_condition(const Evaluation& evaluation,
                        const ConditionReport& condition,
                        const std::string& indent) {
        if (!condition.targets.empty()) {
            show_clause(condition.count, indent);
            show_clause(condition.credits, indent);
        }
        for (const TargetReport& target : condition.targets)
            show_target(evaluation, target, indent + "  ");
        for (const ConditionReport& within : condition.conditions) {
            out_.line(indent + mark_of(within.result) + " a condition within:");
            show_condition(evaluation, within, indent + "  ");
        }
    }

    void show_target(const Evaluation& evaluation,
                     const TargetReport& target,
                     const std::string& indent) {
        const std::string who =
            target.component ? printable(answer_.files[*target.component]) : "missing";
        out_.line(indent + mark_of(target.result) + " " + printable(target.target) + ": " + who);
        if (!target.component) return;
        show_open(evaluation.components[*target.component].clauses, indent + "  ");
        show_open(target.clauses, indent + "  ");
    }

    Output& out_;
    const PathwayAnswer& answer_;
    bool explain_ = false;
};

json::Array clauses_json(const std::vector<Clause>& clauses) {
    json::Array list;
    for (const Clause& clause : clauses)
        list.push_back(json::Object{{"clause", clause.name},
                                    {"result", name_of(clause.report.result)},
                                    {"reason", clause.report.reason}});
    return list;
}

json::Object condition_json(const ConditionReport& condition, const PathwayAnswer& answer) {
    json::Array targets;
    for (const TargetReport& target : condition.targets)
        targets.push_back(json::Object{
            {"target", target.target},
            {"result", name_of(target.result)},
            {"file",
             target.component ? json::Value(answer.files[*target.component]) : json::Value()},
            {"clauses", clauses_json(target.clauses)}});
    json::Array within;
    for (const ConditionReport& each : condition.conditions)
        within.push_back(condition_json(each, answer));
    return json::Object{{"result", name_of(condition.result)},
                        {"clauses", clauses_json({condition.count, condition.credits})},
                        {"targets", std::move(targets)},
                        {"conditions", std::move(within)}};
}

json::Object evaluation_json(const Evaluation& evaluation, const PathwayAnswer& answer) {
    json::Array components;
    for (std::size_t i = 0; i < evaluation.components.size(); ++i)
        components.push_back(
            json::Object{{"file", answer.files[i]},
                         {"result", name_of(evaluation.components[i].result)},
                         {"clauses", clauses_json(evaluation.components[i].clauses)}});
    return json::Object{
        {"rule", evaluation.rule->id},
        {"rule_hash", to_hex(evaluation.rule->hash)},
        {"verdict", pathway_verdict(evaluation.result)},
        {"certificate",
         evaluation.component ? answer.files[*evaluation.component] : answer.certificate},
        {"certificate_clauses", clauses_json(evaluation.certificate)},
        {"components", std::move(components)},
        {"condition", condition_json(evaluation.condition, answer)}};
}

}  // namespace

std::string_view pathway_verdict(pathway::StepResult result) {
    if (result == pathway::StepResult::pass) return "fulfilled";
    return result == pathway::StepResult::fail ? "not fulfilled" : "cannot tell";
}

void show_pathway(Output& out, const PathwayAnswer& answer, bool explain) {
    PathwayText(out, answer, explain).show();
    show_origin(out, answer);
    show_gaps(out, answer);
    show_aftermath(out, answer);
}

json::Object pathway_json(const PathwayAnswer& answer) {
    json::Object document = evaluation_json(answer.evaluations.front(), answer);
    json::Array own;
    for (std::size_t i = 1; i < answer.evaluations.size(); ++i)
        own.push_back(evaluation_json(answer.evaluations[i], answer));
    json::Array today;
    if (!answer.certificate.empty())
        today.push_back(json::Object{{"file", answer.certificate},
                                     {"verdict", name_of(answer.certificate_today)}});
    for (std::size_t i = 0; i < answer.files.size(); ++i)
        today.push_back(json::Object{{"file", answer.files[i]},
                                     {"verdict", name_of(answer.components[i].today)}});
    document.push_back({"by_own_rule", std::move(own)});
    document.push_back({"today", std::move(today)});
    add_beside(answer, document);
    return document;
}

}  // namespace chancery::cli
