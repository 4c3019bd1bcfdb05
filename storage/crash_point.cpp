#include "storage/crash_point.h"

#ifdef CHANCERY_CRASH_POINTS

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <signal.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::storage {
namespace {

struct Armed {
    CrashPoint point = CrashPoint::journal_appended;
    std::uint64_t turn = 0;  // From 1.
};

// CHECKs the form: a name or number that is wrong would make a test pass that tests nothing.
std::optional<Armed> armed_from(const char* text) {
    if (text == nullptr) return std::nullopt;
    const std::string_view word(text);
    const std::size_t colon = std::min(word.find(':'), word.size());
    const auto name = std::ranges::find(crash_point_names, word.substr(0, colon));
    CHECK(name != crash_point_names.end() && colon < word.size());
    Armed armed{static_cast<CrashPoint>(name - crash_point_names.begin()), 0};
    const char* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data() + colon + 1, end, armed.turn);
    CHECK(read.ec == std::errc() && read.ptr == end && armed.turn > 0);
    return armed;
}

}  // namespace

void crash_point(CrashPoint point) {
    static const std::optional<Armed> armed = armed_from(std::getenv(crash_variable));
    static std::atomic<std::uint64_t> reached = 0;
    if (!armed || armed->point != point || ++reached != armed->turn) return;
    ::kill(::getpid(), SIGKILL);
    for (;;)
        ::pause();
}

}  // namespace chancery::storage

#endif
