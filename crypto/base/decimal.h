// Counts as text: decimal digits without sign or leading zeros, so that one number has one text.
#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/base/result.h"

namespace chancery {

// Errc::invalid for anything that std::to_string does not write of a std::uint64_t.
Result<std::uint64_t> from_decimal(std::string_view text);

}  // namespace chancery
