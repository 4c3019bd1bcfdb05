// CRC-32 as zlib computes it: guards against bad disks, not against people.
// Source: RFC 1952 §8.
#pragma once

#include <cstdint>

#include <zlib.h>

#include "crypto/base/bytes.h"

namespace chancery::storage {

// `before`: of the bytes that come before these.
inline std::uint32_t crc_of(ByteView bytes, std::uint32_t before = 0) {
    return static_cast<std::uint32_t>(::crc32_z(before, bytes.data(), bytes.size()));
}

}  // namespace chancery::storage
