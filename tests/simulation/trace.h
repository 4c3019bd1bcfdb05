// The whole of a run in one hash: equal runs have equal ones.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/hash/sha256.h"

namespace chancery::simulation {

class Trace {
public:
    void add(std::uint64_t word) {
        state_ = (state_ ^ word) * 0x9e3779b97f4a7c15;
        state_ ^= state_ >> 29;
    }
    void add(ByteView bytes) {
        for (const std::uint8_t byte : bytes)
            add(byte);
    }
    Hash hash() const { return sha256(Writer().u64(state_).written()); }

private:
    std::uint64_t state_ = 1;
};

}  // namespace chancery::simulation
