#include "consensus/raft/progress.h"

#include <algorithm>

#include "crypto/base/check.h"

namespace chancery::raft {
namespace {

constexpr std::uint64_t unanswered_beats_max = 10;

}  // namespace

bool Progress::may_send(const Window& window) const {
    if (is_paused_) return false;
    if (in_flight_.empty()) return true;
    if (is_probing_) return false;
    return in_flight_.size() < window.messages && bytes_in_flight_ < window.bytes;
}

void Progress::sent(Index last, std::uint64_t bytes, std::uint64_t beat) {
    CHECK(last >= next_);
    in_flight_.push_back({.first = next_, .last = last, .bytes = bytes, .beat = beat});
    bytes_in_flight_ += bytes;
    next_ = last + 1;
}

void Progress::acknowledged(Index index) {
    match_ = std::max(match_, index);
    if (index <= held_) return;
    held_ = index;
    is_paused_ = false;
    // What the probe offers beyond this place is on its way still; if it is not taken, that is
    // said.
    is_probing_ = false;
    next_ = std::max(next_, held_ + 1);
    while (!in_flight_.empty() && in_flight_.front().last <= held_) {
        bytes_in_flight_ -= in_flight_.front().bytes;
        in_flight_.pop_front();
    }
}

bool Progress::refused(Index previous, Index guess) {
    if (previous < held_ || previous >= next_) return false;
    held_ = std::min({held_, guess, previous});
    probe_from(std::min(guess, previous) + 1);
    return true;
}

void Progress::heard(Index taken, std::uint64_t beat) {
    is_paused_ = false;
    answered_beat_ = std::max(answered_beat_, beat);
    if (in_flight_.empty() && taken < held_) {  // Born again, perhaps with less than it had.
        --held_;
        probe_from(held_ + 1);
    }
    if (in_flight_.empty()) return;
    const InFlight& oldest = in_flight_.front();
    if (taken >= oldest.last || beat < oldest.beat + 2) return;
    probe_from(std::max({held_ + 1, oldest.first, taken + 1}));
}

bool Progress::answers(std::uint64_t beat) const {
    return answered_beat_ >= first_beat_ && answered_beat_ + unanswered_beats_max >= beat;
}

void Progress::restart(std::uint64_t beat) {
    first_beat_ = beat + 1;
    probe_from(in_flight_.empty() ? next_ : std::max(held_ + 1, in_flight_.front().first));
    is_paused_ = false;
}

void Progress::write_to(Writer& out) const {
    out.u64(match_)
        .u64(held_)
        .u64(next_)
        .u8(is_probing_ ? 1 : 0)
        .u8(is_paused_ ? 1 : 0)
        .u64(must_exceed_)
        .u64(first_beat_)
        .u64(answered_beat_);
    out.u64(in_flight_.size());
    for (const InFlight& append : in_flight_) {
        out.u64(append.first).u64(append.last).u64(append.bytes).u64(append.beat);
    }
}

void Progress::probe_from(Index next) {
    next_ = next;
    is_probing_ = true;
    in_flight_.clear();
    bytes_in_flight_ = 0;
}

}  // namespace chancery::raft
