// What keeps badges worth reading: few competencies, said criteria, an assessment, an end.
#pragma once

#include "crypto/badge/findings.h"
#include "crypto/json/value.h"

namespace chancery::badge {

inline constexpr std::size_t competencies_min = 5;
inline constexpr std::size_t competencies_max = 7;
inline constexpr std::size_t criteria_characters_min = 40;  // Shorter ones tell no condition.

void check_quality(const json::Value& document, Findings& findings);

}  // namespace chancery::badge
