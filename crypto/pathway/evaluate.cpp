#include "crypto/pathway/evaluate.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "crypto/pathway/component_clauses.h"
#include "crypto/pathway/credits.h"

namespace chancery::pathway {
namespace {

StepResult worst_of(const std::vector<Clause>& clauses) {
    StepResult result = StepResult::pass;
    for (const Clause& clause : clauses)
        result = worst(result, clause.report.result);
    return result;
}

// Enough already, enough if what is open turns out well, or too few whatever comes.
StepReport weigh(std::int64_t have, std::int64_t may_have, std::int64_t want, std::string told) {
    if (have >= want) return passes(std::move(told));
    return may_have >= want ? open(std::move(told)) : fails(std::move(told));
}

std::string credits_text(std::int64_t thousandths) {
    std::string text = std::to_string(thousandths / credit);
    if (thousandths % credit == 0) return text;
    std::string decimals = std::to_string(credit + thousandths % credit).substr(1);
    while (decimals.ends_with('0'))
        decimals.pop_back();
    return text + "." + decimals;
}

class Evaluator {
public:
    explicit Evaluator(const Question& question) : question_(question) {}

    std::vector<Evaluation> evaluate() && {
        Evaluation asked = hold_against(*question_.rule, question_.certificate);
        std::vector<Evaluation> all = {std::move(asked)};
        std::ranges::move(own_, std::back_inserter(all));
        return all;
    }

private:
    Evaluation hold_against(const Rule& rule, const Component* certificate) {
        Evaluation evaluation;
        evaluation.rule = &rule;
        const Award award = award_of(certificate);
        if (certificate != nullptr)
            evaluation.certificate = certificate_clauses(rule, *certificate);
        const std::set<std::string_view> targets = targets_of(rule);
        for (std::size_t i = 0; i < question_.components.size(); ++i)
            evaluation.components.push_back(look_at(i, targets, award));
        evaluation.condition = weigh_condition(rule.condition, evaluation.components, award);
        evaluation.result = worst(worst_of(evaluation.certificate), evaluation.condition.result);
        return evaluation;
    }

    Award award_of(const Component* certificate) const {
        if (certificate != nullptr)
            return {.position = certificate->position,
                    .time_s = certificate->registered_s,
                    .subject = certificate->subject,
                    .certificate = certificate};
        // Whoever the first component is about is asked for.
        const std::string subject =
            question_.components.empty() ? "" : question_.components.front().subject;
        return {.position = std::nullopt, .time_s = question_.now_s, .subject = subject};
    }

    static std::vector<Clause> certificate_clauses(const Rule& rule, const Component& certificate) {
        const bool is_ruled =
            std::ranges::find(certificate.related, rule.hash) != certificate.related.end();
        return {{"registered", certificate.proven},
                {"destination",
                 certificate.achievement == rule.destination
                     ? passes("is the achievement that the rule leads to")
                     : fails("is another achievement than the rule leads to")},
                {"issuer",
                 certificate.issuer == rule.issuer ? passes("is of the rule's issuer")
                                                   : fails("is not of the rule's issuer")},
                {"rule",
                 is_ruled ? passes("names this rule by its hash")
                          : fails("does not name this rule by its hash")}};
    }

    ComponentReport look_at(std::size_t index,
                            const std::set<std::string_view>& targets,
                            const Award& award) {
        const Component& component = question_.components[index];
        ComponentReport report;
        report.clauses = component_clauses(component, award);
        report.clauses.push_back({"distinct", check_distinct(component)});
        if (targets.contains(component.achievement))
            if (const Rule* const own = rule_to(component.achievement))
                report.clauses.push_back({"its own rule", by_own_rule(*own, index)});
        report.result = worst_of(report.clauses);
        return report;
    }

    const Rule* rule_to(const std::string& achievement) const {
        const auto found = std::ranges::find(question_.others, achievement, &Rule::destination);
        return found == question_.others.end() ? nullptr : &*found;
    }

    // Rules need one another in no circle, so this ends; each component is held against its rule
    // once, however many ask.
    StepReport by_own_rule(const Rule& rule, std::size_t index) {
        const auto is_done = [&](const Evaluation& each) { return each.component == index; };
        auto done = std::ranges::find_if(own_, is_done);
        if (done == own_.end()) {
            Evaluation evaluation = hold_against(rule, &question_.components[index]);
            evaluation.component = index;
            own_.push_back(std::move(evaluation));
            done = std::prev(own_.end());
        }
        return {done->result, "is held against the rule that leads to it"};
    }

    StepReport check_distinct(const Component& component) const {
        for (const Component& other : question_.components) {
            if (&other == &component) break;
            if (other.document_hash == component.document_hash) return fails("is given twice");
        }
        return passes("is given once");
    }

    // Of several that stand for a target the one that comes out best.
    TargetReport stand_for(const std::string& target,
                           const Condition& condition,
                           const std::vector<ComponentReport>& reports,
                           const Award& award) const {
        TargetReport best{.target = target, .component = {}, .clauses = {}};
        for (std::size_t i = 0; i < reports.size(); ++i) {
            const Component& component = question_.components[i];
            if (component.achievement != target) continue;
            TargetReport one{.target = target, .component = i, .clauses = {}};
            one.clauses = {{"issuer", check_issuer(component, condition)},
                           {"age", check_age(component, condition, award)}};
            one.result = worst(reports[i].result, worst_of(one.clauses));
            const bool is_better = !best.component || worst(one.result, best.result) != one.result;
            if (is_better) best = std::move(one);
        }
        return best;
    }

    ConditionReport weigh_condition(const Condition& condition,
                                    const std::vector<ComponentReport>& reports,
                                    const Award& award) const {
        ConditionReport report;
        std::int64_t held = 0;
        std::int64_t open_ones = 0;
        std::int64_t credits = 0;
        std::int64_t open_credits = 0;
        for (const std::string& target : condition.targets) {
            report.targets.push_back(stand_for(target, condition, reports, award));
            const TargetReport& one = report.targets.back();
            if (one.result == StepResult::fail) continue;
            const std::int64_t worth = question_.components[*one.component].credits.value_or(0);
            const bool is_held = one.result == StepResult::pass;
            (is_held ? held : open_ones) += 1;
            (is_held ? credits : open_credits) += worth;
        }
        const auto required = static_cast<std::int64_t>(condition.required_number);
        report.count = {"count",
                        weigh(held,
                              held + open_ones,
                              required,
                              std::to_string(held) + " of " + std::to_string(required))};
        report.credits = {
            "credits",
            weigh(credits,
                  credits + open_credits,
                  condition.credits_min,
                  credits_text(credits) + " of " + credits_text(condition.credits_min))};
        for (const Condition& within : condition.conditions)
            report.conditions.push_back(weigh_condition(within, reports, award));
        report.result = combined(condition, report);
        return report;
    }

    static StepResult combined(const Condition& condition, const ConditionReport& report) {
        std::vector<StepResult> parts;
        if (!condition.targets.empty())
            parts.push_back(worst(report.count.report.result, report.credits.report.result));
        for (const ConditionReport& within : report.conditions)
            parts.push_back(within.result);
        const auto has = [&](StepResult result) {
            return std::ranges::find(parts, result) != parts.end();
        };
        const bool is_any = condition.combination == Operator::any;
        const StepResult first = is_any ? StepResult::pass : StepResult::fail;
        if (has(first)) return first;
        if (has(StepResult::could_not_check)) return StepResult::could_not_check;
        return is_any ? StepResult::fail : StepResult::pass;
    }

    const Question& question_;
    std::vector<Evaluation> own_;
};

}  // namespace

Result<std::vector<Evaluation>> evaluate(const Question& question) {
    if (question.components.size() > components_max)
        return invalid("got " + std::to_string(question.components.size()) +
                       " components, want at most " + std::to_string(components_max));
    if (question.others.size() >= rules_max)
        return invalid("got " + std::to_string(question.others.size() + 1) +
                       " rules, want at most " + std::to_string(rules_max));
    std::vector<Rule> all(question.others.begin(), question.others.end());
    all.push_back(*question.rule);
    if (const auto fits = check_rules(all); !fits) return fits.error();
    return Evaluator(question).evaluate();
}

}  // namespace chancery::pathway
