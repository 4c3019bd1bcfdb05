// Credits in thousandths: sums of fractions as computers keep them would not be exact.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "crypto/json/value.h"

namespace chancery::pathway {

inline constexpr std::int64_t credit = 1'000;
inline constexpr std::int64_t credits_max = 1'000'000 * credit;

// nullopt for what is no number from 0 to 1,000,000. Rounded to the nearest thousandth.
inline std::optional<std::int64_t> credits_from(const json::Value& value) {
    double amount = 0;
    if (const std::int64_t* const whole = value.as_integer()) {
        amount = static_cast<double>(*whole);
    } else if (const double* const fraction = value.as_fraction()) {
        amount = *fraction;
    } else {
        return std::nullopt;
    }
    const double thousandths = std::round(amount * static_cast<double>(credit));
    if (!(thousandths >= 0) || thousandths > static_cast<double>(credits_max)) return std::nullopt;
    return static_cast<std::int64_t>(thousandths);
}

}  // namespace chancery::pathway
