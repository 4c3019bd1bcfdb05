// Waits for a state, never for a time: asks again soon, until it holds.
#pragma once

#include <chrono>
#include <thread>

namespace chancery::test {

inline constexpr std::chrono::seconds patience{60};

// False if it still does not hold when patience ends.
template <typename Claim>
bool eventually(Claim claim, std::chrono::milliseconds pause = std::chrono::milliseconds(1)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!claim()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(pause);
    }
    return true;
}

}  // namespace chancery::test
