// Work on many things that do not depend on one another, by all processors of this machine.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace chancery::cli {

inline constexpr std::size_t threads_max = 16;

// work(i) once for each i below `count`, in any order and on any thread; returns after the last.
// No call may change what another one reads.
template <class Work>
void on_all_processors(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next = 0;
    const auto some = [&] {
        for (std::size_t i = next++; i < count; i = next++)
            work(i);
    };
    const std::size_t processors =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(),
                                1,
                                std::min(threads_max, std::max<std::size_t>(count, 1)));
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < processors; ++i)
        others.emplace_back(some);
    some();
    for (std::thread& other : others)
        other.join();
}

}  // namespace chancery::cli
