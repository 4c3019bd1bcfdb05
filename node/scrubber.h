// The slow watch over what is stored: hashes everything again, a little at a time, for ever.
//
// One pass reads no faster than the configured rate, and works a twentieth of the time at most: the
// signatures of small batches cost a hundred times what their entries do. A finding ends the passes
// and turns /readyz.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/diary.h"
#include "node/metrics.h"
#include "storage/ledger_store.h"
#include "storage/scrub.h"

namespace chancery::node {

class Scrubber {
public:
    // What is lent must outlive the scrubber.
    struct Lent {
        const storage::LedgerStore& store;
        Diary& diary;
        Metrics& metrics;
    };
    // `found` is called once, on the scrubber's thread, when there is a finding.
    Scrubber(Lent lent, std::uint64_t entries_per_second, std::function<void()> found);
    ~Scrubber();  // As stop().
    Scrubber(const Scrubber&) = delete;
    Scrubber& operator=(const Scrubber&) = delete;

    void start();
    void stop();

    // What is damaged or cannot be read, in one clause. Safe on any thread.
    std::optional<std::string> finding() const;

private:
    void schedule(std::chrono::milliseconds pause);
    void step();
    void give_up(const std::string& why);

    Lent lent_;
    std::uint64_t entries_per_step_;
    std::function<void()> on_finding_;
    std::optional<storage::Scrub> pass_;
    mutable std::mutex mutex_;  // Guards finding_, which the service reads.
    std::optional<std::string> finding_;
    bool is_joined_ = false;
    boost::asio::thread_pool thread_{1};
    boost::asio::steady_timer timer_{thread_};
};

}  // namespace chancery::node
