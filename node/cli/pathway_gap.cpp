#include "node/cli/pathway_gap.h"

#include <algorithm>
#include <set>

#include "crypto/badge/alignments.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "node/cli/catalogue.h"
#include "node/cli/publication.h"

namespace chancery::cli {
namespace {

using badge::Alignment;
using pathway::ConditionReport;
using pathway::StepResult;

struct Known {
    Offer offer;
    json::Value achievement;
};

void add_missing(const ConditionReport& condition, std::vector<std::string>& missing) {
    if (condition.result == StepResult::pass) return;
    for (const pathway::TargetReport& target : condition.targets)
        if (target.result == StepResult::fail &&
            std::ranges::find(missing, target.target) == missing.end())
            missing.push_back(target.target);
    for (const ConditionReport& within : condition.conditions)
        add_missing(within, missing);
}

std::vector<Alignment> skills_of(const json::Value& achievement) {
    const json::Value credential =
        json::Object{{"credentialSubject", json::Object{{"achievement", achievement}}}};
    std::vector<Alignment> skills = badge::alignments_of(credential);
    std::erase_if(skills, [](const Alignment& one) { return !one.is_competency(); });
    return skills;
}

bool is_same_skill(const Alignment& one, const Alignment& other) {
    if (!one.target_url.empty() && one.target_url == other.target_url) return true;
    return !one.target_code.empty() && one.target_code == other.target_code &&
           one.target_framework == other.target_framework;
}

Result<std::optional<Known>> read_achievement(Session& session, Desk& desk, const Catalogued& one) {
    using Found = std::optional<Known>;
    const auto content = desk.node.content(one.item.content_hash);
    const std::string place = one.member->slug + "'s publication at " +
                              std::to_string(one.item.position) + " was passed over: ";
    if (!content && content.error().code != Errc::not_found) return content.error();
    if (!content) {
        session.out.warning(place + content.error().detail);
        return Found();
    }
    auto achievement = json::parse(*content, {.bytes_max = published_bytes_max});
    if (!achievement || achievement->as_object() == nullptr) {
        session.out.warning(place + "it is no JSON object");
        return Found();
    }
    std::string id(json::text_in(*achievement, "id"));
    if (id.empty()) id = one.item.url;
    return Found(Known{{.achievement = std::move(id),
                        .name = std::string(json::text_in(*achievement, "name")),
                        .member = one.member->slug,
                        .position = one.item.position,
                        .skills = {}},
                       *std::move(achievement)});
}

Result<std::vector<Known>> read_achievements(Session& session, Desk& desk) {
    const auto all = catalogue(desk, ledger::PublicationType::achievement);
    if (!all) return all.error();
    std::vector<Known> known;
    std::size_t looked_at = 0;
    for (const Catalogued& one : *all) {
        if (!one.is_newest()) continue;
        if (++looked_at > achievements_read_max) {
            session.out.warning("only the first " + grouped(achievements_read_max) +
                                " published achievements were looked at");
            break;
        }
        auto read = read_achievement(session, desk, one);
        if (!read) return read.error();
        if (*read) known.push_back(**std::move(read));
    }
    return known;
}

std::vector<Offer> alike(const Known& target, const std::vector<Known>& all) {
    std::vector<Offer> found;
    for (const Known& other : all) {
        if (other.offer.achievement == target.offer.achievement) continue;
        Offer offer = other.offer;
        offer.skills = shared_skills(target.achievement, other.achievement);
        if (!offer.skills.empty()) found.push_back(std::move(offer));
    }
    std::ranges::stable_sort(
        found, std::greater(), [](const Offer& offer) { return offer.skills.size(); });
    return found;
}

}  // namespace

std::vector<std::string> missing_targets(const pathway::Evaluation& evaluation) {
    std::vector<std::string> missing;
    add_missing(evaluation.condition, missing);
    return missing;
}

std::vector<std::string> shared_skills(const json::Value& achievement, const json::Value& other) {
    const std::vector<Alignment> others = skills_of(other);
    std::vector<std::string> shared;
    for (const Alignment& one : skills_of(achievement)) {
        const bool is_shared = std::ranges::any_of(
            others, [&](const Alignment& each) { return is_same_skill(one, each); });
        if (is_shared && std::ranges::find(shared, one.target_name) == shared.end())
            shared.push_back(one.target_name);
    }
    return shared;
}

Result<std::vector<Gap>> find_gaps(Session& session,
                                   Desk& desk,
                                   const pathway::Evaluation& evaluation) {
    const std::vector<std::string> missing = missing_targets(evaluation);
    if (missing.empty()) return std::vector<Gap>();
    const auto known = read_achievements(session, desk);
    if (!known) return known.error();
    std::vector<Gap> gaps;
    for (const std::string& target : missing) {
        Gap gap{.target = target, .published = {}, .alike = {}};
        for (const Known& one : *known) {
            if (one.offer.achievement != target) continue;
            if (gap.published.empty()) gap.alike = alike(one, *known);
            gap.published.push_back(one.offer);
        }
        gaps.push_back(std::move(gap));
    }
    return gaps;
}

}  // namespace chancery::cli
