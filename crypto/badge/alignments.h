// The alignments of a badge's achievement, sorted into what they tell.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/badge/target_types.h"
#include "crypto/json/members.h"
#include "crypto/json/pointer.h"
#include "crypto/json/value.h"

namespace chancery::badge {

inline constexpr std::string_view achievement_place = "/credentialSubject/achievement";

struct Alignment {
    std::string pointer;
    std::string target_type;  // Empty if it tells none, as the others.
    std::string target_code;
    std::string target_name;
    std::string target_url;
    std::string target_framework;

    // Of a skill, and not of an element that Open Badges has no word for.
    bool is_competency() const {
        return !target_name.empty() &&
               std::ranges::find(element_target_types, target_type) == element_target_types.end();
    }
};

inline std::vector<Alignment> alignments_of(const json::Value& document) {
    const std::string place = json::step(achievement_place, "alignment");
    const json::Value* const member = json::at(document, place);
    std::vector<Alignment> found;
    if (member == nullptr || member->as_array() == nullptr) return found;
    for (std::size_t i = 0; i < member->as_array()->size(); ++i) {
        const json::Value& each = (*member->as_array())[i];
        found.push_back({json::step(place, i),
                         std::string(json::text_in(each, "targetType")),
                         std::string(json::text_in(each, "targetCode")),
                         std::string(json::text_in(each, "targetName")),
                         std::string(json::text_in(each, "targetUrl")),
                         std::string(json::text_in(each, "targetFramework"))});
    }
    return found;
}

}  // namespace chancery::badge
