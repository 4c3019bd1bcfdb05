// https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json.
#include <array>

#include "crypto/rdf/contexts/badge_sheets.h"
#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf::contexts {
namespace open_badges_3_0_2_words {

using names::badges;

constexpr auto own_achievement_terms = std::to_array<Definition>({
    {"image", badges, "Image", by_id},
});
constexpr auto achievement_terms =
    joined(badge_sheets::common_achievement_terms, own_achievement_terms);
constexpr TermSheet achievement{achievement_terms, true};

constexpr auto own_achievement_subject_terms = std::to_array<Definition>({
    {"achievement", badges, "achievement-0"},
    {"image", badges, "Image", by_id},
});
constexpr auto achievement_subject_terms =
    joined(badge_sheets::common_achievement_subject_terms, own_achievement_subject_terms);
constexpr TermSheet achievement_subject{achievement_subject_terms, true};

constexpr auto own_profile_terms = std::to_array<Definition>({
    {"image", badges, "Image", by_id},
});
constexpr auto profile_terms = joined(badge_sheets::common_profile_terms, own_profile_terms);
constexpr TermSheet profile{profile_terms, true};

constexpr TermSheet related{badge_sheets::common_related_terms, true};

constexpr auto own_badge_terms = std::to_array<Definition>({
    scoped("Achievement", badges, "Achievement", achievement),
    scoped("AchievementSubject", badges, "AchievementSubject", achievement_subject),
    scoped("Profile", badges, "Profile", profile),
    scoped("Related", badges, "Related", related),
    {"image", badges, "Image", by_id},
});
constexpr auto badge_terms = joined(badge_sheets::common_badge_terms, own_badge_terms);

}  // namespace open_badges_3_0_2_words

constinit const TermSheet open_badges_3_0_2{open_badges_3_0_2_words::badge_terms, true};

}  // namespace chancery::rdf::contexts
