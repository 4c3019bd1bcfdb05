// Clients of a network under test, and what they were answered: it must stand at every node for
// ever.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/ledger/entry.h"
#include "tests/cluster/cluster.h"

namespace chancery::test {

// A batch of three credentials that no other number gives, good for `lifetime` from now.
Bytes good_batch(const Cluster& cluster,
                 const keys::MemberKey& issuer,
                 raft::NodeId member,
                 std::uint64_t number,
                 std::chrono::milliseconds lifetime = std::chrono::hours(1));

// Clients that submit batches of their own to any node, ask again elsewhere when they must, and
// keep what they were answered.
class Writers {
public:
    Writers(const Cluster& cluster, std::uint32_t clients);
    ~Writers() { stop(); }
    Writers(const Writers&) = delete;
    Writers& operator=(const Writers&) = delete;

    void stop();
    void go_on();  // After stop(): as many new clients.
    std::uint64_t answered() const { return answered_count_; }
    // The longest time from one answer to the next, over all clients together.
    std::chrono::milliseconds longest_gap() const;
    void forget_gap();
    // Every answer, but for so many of the first, stands at every node and says the same.
    ::testing::AssertionResult all_stand(std::uint64_t but_first = 0) const;
    // The same, but each is asked for at one node, at another one each time.
    ::testing::AssertionResult all_stand_by_turns() const;
    // Blocks' times never fall along the ledger, and were right to `slack` by this process's clock.
    ::testing::AssertionResult times_are_right(std::chrono::milliseconds slack) const;

private:
    struct Answer {
        std::string id;  // As in /v1/batches/{id}.
        std::uint64_t first = 0;
        std::string time;  // Of its block; ISO 8601, so that it sorts.
        ledger::TimeMs answered_ms = 0;
    };
    void work(std::uint32_t client);
    void note(Answer answer);
    ::testing::AssertionResult stands(const Answer& answer, raft::NodeId node) const;

    static std::atomic<std::uint32_t> clients_so_far_;  // No two of them share a nonce.
    const Cluster& cluster_;
    std::uint32_t clients_;
    std::atomic<bool> is_stopping_ = false;
    std::atomic<std::uint64_t> answered_count_ = 0;
    mutable std::mutex mutex_;
    std::vector<Answer> answers_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration longest_{};
    std::vector<std::string> refused_;
    std::vector<std::thread> threads_;
};

}  // namespace chancery::test
