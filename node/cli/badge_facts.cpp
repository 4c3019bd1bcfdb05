#include "node/cli/badge_facts.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crypto/badge/target_types.h"
#include "crypto/json/members.h"

namespace chancery::cli {
namespace {

constexpr std::size_t facts_listed_max = 1'000;

const json::Value* part_of(const json::Value* value, std::string_view name) {
    return value == nullptr ? nullptr : value->find(name);
}

// A document has one subject or several; the first is the one that verifiers show.
const json::Value* first_of(const json::Value* value) {
    if (value == nullptr) return nullptr;
    const auto all = json::one_or_several(*value);
    return all.empty() ? nullptr : &all.front();
}

enum class Wanted : std::uint8_t { text, number, boolean };

void take(json::Object& into,
          std::string name,
          const json::Value* value,
          Wanted wanted = Wanted::text) {
    if (value == nullptr) return;
    const bool is_number = value->as_integer() != nullptr || value->as_fraction() != nullptr;
    const bool is_wanted = wanted == Wanted::text     ? value->as_string() != nullptr
                           : wanted == Wanted::number ? is_number
                                                      : value->as_bool() != nullptr;
    if (is_wanted) into.push_back({std::move(name), *value});
}

void take(json::Object& into, std::string name, json::Object object) {
    if (!object.empty()) into.push_back({std::move(name), std::move(object)});
}

void take(json::Object& into, std::string name, json::Array array) {
    if (!array.empty()) into.push_back({std::move(name), std::move(array)});
}

using Names = std::vector<std::pair<std::string, std::string>>;  // Ours, the document's.

json::Object pick(const json::Value* from, const Names& names) {
    json::Object picked;
    for (const auto& [ours, theirs] : names)
        take(picked, ours, part_of(from, theirs));
    return picked;
}

json::Array pick_each(const json::Value* from, const Names& names) {
    json::Array all;
    if (from == nullptr) return all;
    for (const json::Value& one : json::one_or_several(*from)) {
        json::Object picked = pick(&one, names);
        if (!picked.empty()) all.push_back(std::move(picked));
        if (all.size() == facts_listed_max) break;
    }
    return all;
}

// Skills, and the elements of micro-credentials that Open Badges has no word for: levels, forms.
std::pair<json::Array, json::Array> sorted_alignments(const json::Value* alignments) {
    json::Array skills = pick_each(alignments,
                                   {{"name", "targetName"},
                                    {"framework", "targetFramework"},
                                    {"code", "targetCode"},
                                    {"type", "targetType"},
                                    {"url", "targetUrl"}});
    json::Array elements;
    std::erase_if(skills, [&](json::Value& one) {
        const auto& types = badge::element_target_types;
        if (std::ranges::find(types, json::text_in(one, "type")) == types.end()) return false;
        elements.push_back(std::move(one));
        return true;
    });
    return {std::move(skills), std::move(elements)};
}

json::Array types_of(const json::Value& document) {
    json::Array types;
    const json::Value* const all = document.find("type");
    if (all == nullptr) return types;
    for (const json::Value& one : json::one_or_several(*all))
        if (one.as_string() != nullptr && types.size() < facts_listed_max) types.push_back(one);
    return types;
}

// A profile, or its DID alone.
json::Object issuer_facts(const json::Value* issuer) {
    json::Object about;
    take(about, "id", issuer);
    if (!about.empty()) return about;
    return pick(issuer, {{"id", "id"}, {"name", "name"}, {"url", "url"}});
}

json::Object recipient_facts(const json::Value* subject) {
    json::Object about = pick(subject, {{"id", "id"}, {"name", "name"}});
    json::Array identities;
    if (const json::Value* const all = part_of(subject, "identifier")) {
        for (const json::Value& one : json::one_or_several(*all)) {
            json::Object identity = pick(&one, {{"type", "identityType"}});
            take(identity, "hashed", one.find("hashed"), Wanted::boolean);
            if (!identity.empty()) identities.push_back(std::move(identity));
            if (identities.size() == facts_listed_max) break;
        }
    }
    take(about, "identities", std::move(identities));
    return about;
}

}  // namespace

json::Object badge_facts(const json::Value& document) {
    const json::Value* const subject = first_of(document.find("credentialSubject"));
    const json::Value* const achievement = first_of(part_of(subject, "achievement"));
    const json::Value* const criteria = part_of(achievement, "criteria");
    json::Object facts = pick(&document, {{"id", "id"}, {"name", "name"}});
    take(facts, "type", types_of(document));
    json::Object what = pick(achievement,
                             {{"id", "id"},
                              {"type", "achievementType"},
                              {"name", "name"},
                              {"description", "description"},
                              {"language", "inLanguage"}});
    take(what, "criteria", pick(criteria, {{"url", "id"}, {"narrative", "narrative"}}));
    take(facts, "achievement", std::move(what));
    take(facts, "issuer", issuer_facts(document.find("issuer")));
    take(facts,
         "dates",
         pick(&document,
              {{"valid_from", "validFrom"},
               {"valid_until", "validUntil"},
               {"awarded", "awardedDate"}}));
    json::Object credits;
    take(credits, "available", part_of(achievement, "creditsAvailable"), Wanted::number);
    take(credits, "earned", part_of(subject, "creditsEarned"), Wanted::number);
    take(facts, "credits", std::move(credits));
    auto [skills, elements] = sorted_alignments(part_of(achievement, "alignment"));
    take(facts, "skills", std::move(skills));
    take(facts, "elements", std::move(elements));
    take(facts,
         "evidence",
         pick_each(document.find("evidence"),
                   {{"url", "id"},
                    {"name", "name"},
                    {"narrative", "narrative"},
                    {"digest", "digestMultibase"}}));
    take(facts, "recipient", recipient_facts(subject));
    return facts;
}

}  // namespace chancery::cli
