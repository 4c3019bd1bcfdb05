// Submitting the same bytes again while they are not sealed: a batch's nonce or an act's sequence
// makes sure that they are taken once.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "node/cli/node_client.h"
#include "node/cli/session.h"

namespace chancery::cli {

// Asks until the answer says `is_sealed`, or the client's timeout has passed; of several nodes the
// next one is asked if this one cannot. `ask(wait)` submits to the present node, which waits so
// long. `what` is submitted, for the message. Errc::timeout: it may have happened, or not.
template <typename Placed, typename Ask>
Result<Placed> until_sealed(NodeClient& node,
                            std::chrono::seconds timeout,
                            const std::string& what,
                            const Ask& ask) {
    using Moment = std::chrono::steady_clock::time_point;
    constexpr std::chrono::milliseconds pause_min{50};
    constexpr std::chrono::milliseconds pause_max{1'000};
    const Moment deadline = std::chrono::steady_clock::now() + timeout;
    // The node answers before our own patience with it ends.
    const auto patience = std::chrono::floor<std::chrono::seconds>(node.remote().patience());
    const std::chrono::seconds wait =
        std::max<std::chrono::seconds>(std::chrono::seconds(1), patience - std::chrono::seconds(5));
    const bool has_others = node.remote().node_count() > 1;
    std::chrono::milliseconds pause = pause_min;
    while (true) {
        Result<Placed> placement = ask(wait);
        if (placement && placement->is_sealed) return placement;
        if (!placement && (!has_others || !node::may_pass(placement.error()))) return placement;
        if (std::chrono::steady_clock::now() >= deadline || is_interrupted()) {
            if (!placement) return placement;
            return Error{Errc::timeout,
                         "the " + what + " was taken but not sealed within " +
                             std::to_string(timeout.count()) + " s"};
        }
        if (placement) continue;
        node.remote().turn_to_next();
        std::this_thread::sleep_for(pause);
        pause = std::min(2 * pause, pause_max);
    }
}

}  // namespace chancery::cli
