// Tells of those that were turned away, so seldom that nobody fills a diary by knocking.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace chancery::rpc {

// A line a second for each address, 64 addresses at most; the rest is counted, and told with the
// next line.
class PeerRefusals {
public:
    using Clock = std::chrono::steady_clock;
    using Tell = std::function<void(std::string address, std::string why)>;

    explicit PeerRefusals(Tell tell) : tell_(std::move(tell)) {}

    void refuse(const std::string& address, const std::string& why, Clock::time_point now);

private:
    struct Line {
        Clock::time_point last;
        std::uint64_t untold = 0;
    };
    void forget(Clock::time_point now);

    Tell tell_;
    std::map<std::string, Line> lines_;
    std::uint64_t untold_ = 0;  // Of addresses without a line of their own.
};

}  // namespace chancery::rpc
