#include "node/scrubber.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace chancery::node {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds step_period{200};
constexpr std::chrono::minutes pause_between_passes{10};
constexpr std::uint64_t steps_per_second = 5;
constexpr std::uint64_t entries_at_once = 256;  // A bundle.
constexpr std::chrono::milliseconds step_time_max{10};
constexpr int rest_per_work = 19;

}  // namespace

Scrubber::Scrubber(Lent lent, std::uint64_t entries_per_second, std::function<void()> found)
    : lent_(lent),
      entries_per_step_(std::max<std::uint64_t>(1, entries_per_second / steps_per_second)),
      on_finding_(std::move(found)) {}

Scrubber::~Scrubber() { stop(); }

void Scrubber::start() { schedule(step_period); }

void Scrubber::stop() {
    if (std::exchange(is_joined_, true)) return;
    thread_.stop();
    thread_.join();
}

void Scrubber::schedule(std::chrono::milliseconds pause) {
    timer_.expires_after(pause);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) step();
    });
}

// A finding or a disk that cannot answer ends the passes: what is known is told until a restart.
void Scrubber::step() {
    if (!pass_) {
        auto begun = storage::Scrub::begin(lent_.store);
        if (!begun) return give_up(begun.error().detail);
        pass_.emplace(std::move(*begun));
    }
    const std::uint64_t before = pass_->position();
    const auto begin = Steady::now();
    Steady::duration worked{};
    while (!pass_->is_done() && worked < step_time_max) {
        const std::uint64_t done = pass_->position() - before;
        if (done >= entries_per_step_) break;
        const auto findings = pass_->step(std::min(entries_at_once, entries_per_step_ - done));
        if (!findings) return give_up(findings.error().detail);
        if (!findings->empty()) {
            lent_.metrics.scrubbed(pass_->position() - before, findings->size());
            return give_up("damage at position " + std::to_string(findings->front().position) +
                           ": " + findings->front().what);
        }
        worked = Steady::now() - begin;
    }
    lent_.metrics.scrubbed(pass_->position() - before, 0);
    if (!pass_->is_done()) {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(worked * rest_per_work);
        return schedule(std::max(step_period, rest));
    }
    pass_.reset();
    schedule(pause_between_passes);
}

void Scrubber::give_up(const std::string& why) {
    lent_.diary.error("scrub", {{"why", why}});
    {
        const std::scoped_lock lock(mutex_);
        finding_ = why;
    }
    on_finding_();
}

std::optional<std::string> Scrubber::finding() const {
    const std::scoped_lock lock(mutex_);
    return finding_;
}

}  // namespace chancery::node
