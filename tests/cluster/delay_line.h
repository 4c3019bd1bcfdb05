// Messages on a slow line: each is handed on when its time has come, in the order of those times.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "rpc/peer_message.h"

namespace chancery::test {

class DelayLine {
public:
    using Clock = std::chrono::steady_clock;
    using HandOn = std::function<void(raft::NodeId to, rpc::PeerMessage message)>;

    explicit DelayLine(HandOn hand_on) : hand_on_(std::move(hand_on)), thread_([this] { run(); }) {}
    ~DelayLine() {
        {
            const std::scoped_lock lock(mutex_);
            is_stopping_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
    DelayLine(const DelayLine&) = delete;
    DelayLine& operator=(const DelayLine&) = delete;

    // Never before what was put earlier between the same two.
    void put(raft::NodeId to, rpc::PeerMessage message, std::chrono::milliseconds delay) {
        {
            const std::scoped_lock lock(mutex_);
            Clock::time_point& last = last_[{message.sender, to}];
            last = std::max(last, Clock::now() + delay);
            waiting_.emplace(last, std::pair(to, std::move(message)));
        }
        changed_.notify_one();
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!is_stopping_) {
            if (waiting_.empty()) {
                changed_.wait(lock);
                continue;
            }
            const auto first = waiting_.begin();
            if (Clock::now() < first->first) {
                changed_.wait_until(lock, Clock::time_point(first->first));
                continue;
            }
            auto [to, message] = std::move(first->second);
            waiting_.erase(first);
            lock.unlock();
            hand_on_(to, std::move(message));
            lock.lock();
        }
    }

    HandOn hand_on_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, std::pair<raft::NodeId, rpc::PeerMessage>> waiting_;
    std::map<std::pair<raft::NodeId, raft::NodeId>, Clock::time_point> last_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace chancery::test
