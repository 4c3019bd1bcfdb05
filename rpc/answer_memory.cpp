#include "rpc/answer_memory.h"

#include <utility>

namespace chancery::rpc {

std::uint64_t AnswerMemory::hold(std::size_t bytes, Cut cut) {
    std::vector<Cut> victims;
    std::uint64_t ticket = 0;
    {
        const std::scoped_lock lock(mutex_);
        while (!answers_.empty() && bytes_ + bytes > bytes_max_) {
            auto oldest = answers_.extract(answers_.begin());
            bytes_ -= oldest.mapped().bytes;
            victims.push_back(std::move(oldest.mapped().cut));
        }
        cut_count_ += victims.size();
        ticket = next_ticket_++;
        bytes_ += bytes;
        answers_.emplace(ticket, Answer{bytes, std::move(cut)});
    }
    for (const Cut& victim : victims)
        victim();
    return ticket;
}

void AnswerMemory::release(std::uint64_t ticket) {
    const std::scoped_lock lock(mutex_);
    const auto answer = answers_.find(ticket);
    if (answer == answers_.end()) return;
    bytes_ -= answer->second.bytes;
    answers_.erase(answer);
}

std::size_t AnswerMemory::bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

std::uint64_t AnswerMemory::cut_count() const {
    const std::scoped_lock lock(mutex_);
    return cut_count_;
}

}  // namespace chancery::rpc
