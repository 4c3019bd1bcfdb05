// Random numbers of a seed, drawn by the links' threads as well.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace chancery::test {

class Dice {
public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t end) {
        const std::scoped_lock lock(mutex_);
        return static_cast<std::uint32_t>(random_() % end);
    }

private:
    std::mutex mutex_;
    std::mt19937 random_;
};

}  // namespace chancery::test
