// A hash, key or secret of one byte throughout: told apart at a glance.
#pragma once

#include "crypto/base/bytes.h"

namespace chancery::test {

inline Hash filled(std::uint8_t byte) {
    Hash hash;
    hash.fill(byte);
    return hash;
}

}  // namespace chancery::test
