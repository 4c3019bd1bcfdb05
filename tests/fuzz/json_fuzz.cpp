// Whatever the parser takes, its canonical form reads back as a value with the same form.
#include <algorithm>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"

namespace {

using chancery::json::Value;

// Fractions from 2^53 up to 10^21 are written as integers that the parser refuses.
bool has_long_integer(const Value& value) {
    if (const double* fraction = value.as_fraction()) {
        const double magnitude = *fraction < 0 ? -*fraction : *fraction;
        return magnitude >= 0x1p53 && magnitude < 1e21;
    }
    if (const chancery::json::Array* elements = value.as_array()) {
        return std::ranges::any_of(*elements, has_long_integer);
    }
    if (const chancery::json::Object* members = value.as_object()) {
        return std::ranges::any_of(*members, has_long_integer, &chancery::json::Member::value);
    }
    return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = chancery::json::parse(chancery::text_of({data, size}));
    if (!value) {
        CHECK(value.error().detail.starts_with("JSON"));
        return 0;
    }
    const auto same = chancery::json::parse(chancery::json::pretty(*value));
    const std::string once = chancery::json::canonical(*value);
    const auto again = chancery::json::parse(once);
    if (has_long_integer(*value)) return 0;
    CHECK(again && chancery::json::canonical(*again) == once);
    // Indentation alone may go beyond the limit of bytes.
    CHECK(!same || chancery::json::canonical(*same) == once);
    return 0;
}
