// SHA-384, once: what P-384 signatures hash with.
//
// Source: FIPS 180-4 §6.5.
#pragma once

#include <array>
#include <cstdint>

#include "crypto/base/bytes.h"

namespace chancery {

using Hash384 = std::array<std::uint8_t, 48>;

Hash384 sha384(ByteView message);

}  // namespace chancery
