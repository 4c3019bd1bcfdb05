// How much memory the large answers that are being sent may hold together: when it is more, whoever
// has taken longest to read goes.
//
// A large answer is ready at once and read as slowly as its client likes, so a few clients that
// hardly read could hold all memory. Those who read go on; small answers are not counted, for
// there are no more of them than connections.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace chancery::rpc {

// Safe on any thread.
class AnswerMemory {
public:
    using Cut = std::function<void()>;  // Ends the connection that sends; safe on any thread.

    // Of answers below this nothing is known here.
    static constexpr std::size_t large_bytes = std::size_t{64} * 1024;

    explicit AnswerMemory(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    // Counts an answer that is about to be sent, and cuts the oldest others until all together fit,
    // or it is alone. The ticket is for release().
    std::uint64_t hold(std::size_t bytes, Cut cut);
    // The answer was sent, or its connection is over. Of one that was cut, nothing.
    void release(std::uint64_t ticket);

    std::size_t bytes() const;
    std::uint64_t cut_count() const;

private:
    struct Answer {
        std::size_t bytes = 0;
        Cut cut;
    };

    std::size_t bytes_max_;
    mutable std::mutex mutex_;
    std::map<std::uint64_t, Answer> answers_;  // By ticket: in the order in which they began.
    std::uint64_t next_ticket_ = 1;
    std::size_t bytes_ = 0;
    std::uint64_t cut_count_ = 0;
};

}  // namespace chancery::rpc
