// Virtual time: what will happen, in the one order that the seed gives it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "crypto/base/check.h"

namespace chancery::simulation {

using Micros = std::uint64_t;

// SplitMix64: equal on every machine and compiler.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    // From `low` to `high`, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + next() % (high - low + 1);
    }
    bool chance(std::uint32_t per_million) { return next() % 1'000'000 < per_million; }

private:
    std::uint64_t state_;
};

class Schedule {
public:
    Micros now() const { return now_; }
    void after(Micros delay, std::function<void()> act) {
        events_.emplace(std::pair(now_ + delay, ++count_), std::move(act));
    }
    // False if nothing is left to happen at or before `end`.
    bool step(Micros end) {
        const auto first = events_.begin();
        if (first == events_.end() || first->first.first > end) {
            now_ = end;
            return false;
        }
        now_ = first->first.first;
        const auto act = std::move(first->second);
        events_.erase(first);
        act();
        return true;
    }

private:
    Micros now_ = 0;
    std::uint64_t count_ = 0;
    std::map<std::pair<Micros, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace chancery::simulation
