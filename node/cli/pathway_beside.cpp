// What is told of a pathway beside its clauses.
#include "crypto/base/encoding.h"
#include "node/cli/pathway_text.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

using pathway::Cascade;
using pathway::StepResult;

std::string file_names(const std::vector<std::size_t>& which, const PathwayAnswer& answer) {
    std::string names;
    for (const std::size_t one : which)
        names += (names.empty() ? "" : ", ") + printable(answer.files[one]);
    return names;
}

json::Array file_names_json(const std::vector<std::size_t>& which, const PathwayAnswer& answer) {
    json::Array names;
    for (const std::size_t one : which)
        names.push_back(answer.files[one]);
    return names;
}

std::string offer_text(const Offer& offer) {
    return printable(offer.name.empty() ? offer.achievement : offer.name) + ", by " +
           printable(offer.member) + "  " + printable(offer.achievement);
}

json::Array offers_json(const std::vector<Offer>& offers) {
    json::Array list;
    for (const Offer& offer : offers) {
        json::Array skills;
        for (const std::string& skill : offer.skills)
            skills.push_back(skill);
        list.push_back(json::Object{{"achievement", offer.achievement},
                                    {"name", offer.name},
                                    {"member", offer.member},
                                    {"position", offer.position},
                                    {"skills", std::move(skills)}});
    }
    return list;
}

json::Object origin_json(const PathwayAnswer& answer) {
    const RuleOrigin& origin = *answer.origin;
    json::Value was_in_force;
    if (answer.award) was_in_force = origin.was_in_force_at(*answer.award);
    return json::Object{
        {"member", origin.member},
        {"url", origin.url},
        {"position", origin.position},
        {"replaced_at", origin.replaced_at ? json::Value(*origin.replaced_at) : json::Value()},
        {"was_in_force_at_award", std::move(was_in_force)}};
}

json::Object aftermath_json(const PathwayAnswer& answer) {
    const pathway::Aftermath& after = *answer.aftermath;
    const Cascade policy = answer.evaluations.front().rule->cascade;
    return json::Object{{"policy", pathway::name_of(policy)},
                        {"still_met", name_of(after.still_met.result)},
                        {"reason", after.still_met.reason},
                        {"withdrawn", file_names_json(after.withdrawn, answer)},
                        {"unknown", file_names_json(after.unknown, answer)},
                        {"asks_for", asked_for(policy, after)}};
}

}  // namespace

std::string_view asked_for(Cascade policy, const pathway::Aftermath& aftermath) {
    if (policy == Cascade::none || aftermath.still_met.result == StepResult::pass) return "nothing";
    if (aftermath.still_met.result == StepResult::could_not_check) return "unknown";
    return policy == Cascade::warn ? "warning" : "suspension";
}

void show_origin(Output& out, const PathwayAnswer& answer) {
    if (!answer.origin) return;
    const RuleOrigin& origin = *answer.origin;
    std::string line =
        "rule   published by " + printable(origin.member) + " at " + grouped(origin.position);
    if (origin.replaced_at) line += ", replaced at " + grouped(*origin.replaced_at);
    if (answer.award)
        line += (origin.was_in_force_at(*answer.award) ? ", in force" : ", NOT IN FORCE") +
                std::string(" at the award, ") + grouped(*answer.award);
    out.line(line);
}

void show_gaps(Output& out, const PathwayAnswer& answer) {
    for (const Gap& gap : answer.gaps) {
        for (const Offer& offer : gap.published)
            out.line("to get " + offer_text(offer));
        if (gap.published.empty())
            out.line("to get " + printable(gap.target) + ": nobody published it");
        for (const Offer& offer : gap.alike) {
            std::string skills;
            for (const std::string& skill : offer.skills)
                skills += (skills.empty() ? "" : ", ") + printable(skill);
            out.line("  alike " + offer_text(offer) + ": " + skills);
        }
    }
}

void show_aftermath(Output& out, const PathwayAnswer& answer) {
    if (!answer.aftermath || answer.result() != StepResult::pass) return;
    const pathway::Aftermath& after = *answer.aftermath;
    const Cascade policy = answer.evaluations.front().rule->cascade;
    if (!after.withdrawn.empty())
        out.line("since  " + file_names(after.withdrawn, answer) + " withdrawn: the rule " +
                 after.still_met.reason);
    const std::string_view asks = asked_for(policy, after);
    if (asks == "warning") out.warning("the rule wants it known: today it would not be met");
    if (asks == "suspension")
        out.warning(
            "the rule wants the certificate suspended; its issuer does so by chancery "
            "pathway cascade");
    if (asks == "unknown" && !after.unknown.empty())
        out.line("since  the status of " + file_names(after.unknown, answer) +
                 " today is not proven: whether the rule is still met cannot be told");
}

void add_beside(const PathwayAnswer& answer, json::Object& document) {
    if (answer.origin) document.push_back({"published", origin_json(answer)});
    if (answer.aftermath) document.push_back({"cascade", aftermath_json(answer)});
    if (!answer.certificate.empty()) return;
    json::Array gaps;
    for (const Gap& gap : answer.gaps)
        gaps.push_back(json::Object{{"target", gap.target},
                                    {"published", offers_json(gap.published)},
                                    {"alike", offers_json(gap.alike)}});
    document.push_back({"missing", std::move(gaps)});
}

}  // namespace chancery::cli
