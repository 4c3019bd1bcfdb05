// The target types by which an achievement's alignments tell what Open Badges has no word for.
//
// "ext:" and a name is how Open Badges lets anybody extend its list; these names are ours, stable,
// and told in docs/lint.md. No context has to define them, since a target type is plain text.
#pragma once

#include <array>
#include <string_view>

namespace chancery::badge {

// Of the European standard elements; levels carry their code in targetCode.
inline constexpr std::string_view eqf_level = "ext:EQF";  // "1" … "8"
inline constexpr std::string_view qf_ehea_level =
    "ext:QF-EHEA";  // "short", "first", "second", "third"
inline constexpr std::string_view assessment_type = "ext:AssessmentType";
inline constexpr std::string_view participation_form = "ext:ParticipationForm";
inline constexpr std::string_view quality_assurance = "ext:QualityAssurance";
inline constexpr std::string_view prerequisites = "ext:Prerequisites";
inline constexpr std::string_view supervision = "ext:SupervisionAndIdentity";
inline constexpr std::string_view stackability = "ext:Stackability";
inline constexpr std::string_view further_information = "ext:FurtherInformation";

inline constexpr std::array<std::string_view, 9> element_target_types = {eqf_level,
                                                                         qf_ehea_level,
                                                                         assessment_type,
                                                                         participation_form,
                                                                         quality_assurance,
                                                                         prerequisites,
                                                                         supervision,
                                                                         stackability,
                                                                         further_information};

}  // namespace chancery::badge
