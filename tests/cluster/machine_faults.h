// What goes wrong with the machine below one node, as its test says at any moment: a slow, failing
// or full disk, a wrong clock.
//
// Lies in a file that the test and the node have mapped. The node obeys it without knowing: the
// library machine_shim is loaded into it before all others and stands between it and the C library.
// Only files below the node's data directory count.
#pragma once

#include <atomic>
#include <cstdint>

namespace chancery::test {

struct MachineFaults {
    enum class Place : std::uint32_t { anywhere, journal, fence, database };

    // Of every call.
    std::atomic<std::int64_t> sync_delay_us{
        0};  // Of writes to files that are opened as synced, too.
    std::atomic<std::int64_t> write_delay_us{0};

    // The call that fails with EIO: 1 is the next; 0: none. Only that one does.
    std::atomic<std::int64_t> sync_that_fails{0};
    std::atomic<std::int64_t> write_that_fails{0};
    std::atomic<Place> failing_place{Place::anywhere};

    // What files may still grow by before ENOSPC; below 0: as much as there is.
    std::atomic<std::int64_t> room_bytes{-1};

    std::atomic<std::int64_t> clock_ahead_ms{0};

    // For the test to read.
    std::atomic<std::uint64_t> syncs{0};
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> failures{0};
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

// Names of the variables that tell the library where to look.
inline constexpr const char* faults_variable = "MACHINE_SHIM_FAULTS";
inline constexpr const char* data_variable = "MACHINE_SHIM_DATA";

}  // namespace chancery::test
