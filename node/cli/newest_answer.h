// Asks nodes for what lies under a checkpoint, until one shows a log that is not older than what
// this client has seen.
//
// A status that was sealed stays sealed: a node may show the one of yesterday, before a revocation,
// and sign nothing wrong. This client's own memory is held against it. An honest node may be a
// block behind another one for a moment, so all are asked again for a while.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "node/cli/session.h"

namespace chancery::cli {

inline constexpr std::chrono::seconds behind_max{2};
inline constexpr std::chrono::milliseconds behind_pause{50};

// `checkpoint_of` gives the note under which an answer stands; empty: under none.
// Errors of `ask`; Errc::unavailable if every node shows an older log, Errc::corrupt if one shows
// another history.
template <typename Answer>
Result<Answer> newest_answer(Desk& desk,
                             const std::function<Result<Answer>(NodeClient&)>& ask,
                             const std::function<std::string(const Answer&)>& checkpoint_of) {
    const auto deadline = std::chrono::steady_clock::now() + behind_max;
    for (std::size_t asked = 1;; ++asked) {
        Result<Answer> answer = ask(desk.node);
        if (!answer) return answer;
        const std::string checkpoint = checkpoint_of(*answer);
        const auto is_new = desk.trust.check_not_older(checkpoint);
        if (is_new) return answer;
        const Error error{is_new.error().code, desk.node.url() + ": " + is_new.error().detail};
        if (error.code != Errc::unavailable) return error;
        const std::size_t nodes = desk.node.remote().node_count();
        if (asked <= nodes) {
            // Older is one thing; another history is an alarm.
            NodeLog log(desk.node);
            const auto accepted = desk.trust.accept(checkpoint, &log);
            if (!accepted && accepted.error().code == Errc::corrupt) return accepted.error();
        }
        desk.node.remote().turn_to_next();
        if (asked % nodes != 0) continue;
        if (std::chrono::steady_clock::now() >= deadline) return error;
        std::this_thread::sleep_for(behind_pause);
    }
}

}  // namespace chancery::cli
