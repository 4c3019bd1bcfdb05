// The dates of credentials as text: RFC 3339, always with an offset from UTC.
//
//     2026-01-01T00:00:00Z     2026-01-01T05:30:00.25+05:30
//
// Source: RFC 3339 §5.6, in capitals and without leap seconds, as XSD's dateTimeStamp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"

namespace chancery::credential {

struct Instant {
    std::int64_t second = 0;    // Since 1970, rounded down.
    bool has_fraction = false;  // It lies between this second and the next.
    bool operator==(const Instant&) const = default;
};

// Errc::invalid unless exactly of this form, and a day of its calendar. At most 9 decimals.
Result<Instant> parse_date_time(std::string_view text);

// In UTC, whole seconds rounded down, with Z.
std::string to_date_time(std::uint64_t second);

}  // namespace chancery::credential
