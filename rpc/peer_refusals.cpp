#include "rpc/peer_refusals.h"

#include <utility>

namespace chancery::rpc {
namespace {

constexpr std::chrono::seconds pause{1};
constexpr std::size_t addresses_max = 64;

}  // namespace

// What those had that may speak again anyway.
void PeerRefusals::forget(Clock::time_point now) {
    for (auto line = lines_.begin(); line != lines_.end();) {
        if (now - line->second.last < pause) {
            ++line;
            continue;
        }
        untold_ += line->second.untold;
        line = lines_.erase(line);
    }
}

void PeerRefusals::refuse(const std::string& address,
                          const std::string& why,
                          Clock::time_point now) {
    auto line = lines_.find(address);
    if (line != lines_.end() && now - line->second.last < pause) {
        ++line->second.untold;
        return;
    }
    if (line == lines_.end() && lines_.size() == addresses_max) forget(now);
    if (line == lines_.end() && lines_.size() == addresses_max) {
        ++untold_;
        return;
    }
    if (line == lines_.end()) line = lines_.emplace(address, Line{now, 0}).first;
    line->second.last = now;
    const std::uint64_t here = std::exchange(line->second.untold, 0);
    const std::uint64_t elsewhere = std::exchange(untold_, 0);
    std::string text = why;
    if (here > 0) text += "; " + std::to_string(here) + " more from there before";
    if (elsewhere > 0) text += "; " + std::to_string(elsewhere) + " more from elsewhere";
    tell_(address, text);
}

}  // namespace chancery::rpc
