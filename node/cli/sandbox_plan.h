// What a sandbox's network looks like: how many members, under which names, at which ports.
//
//     member   uni-a  uni-b  …        public 8443 8444 …   admin 9464 9465 …   peers 7443 7444 …
//
// A port that is taken is replaced by any free one, unless the ports were asked for.
#pragma once

#include <optional>

#include "node/cli/network_folder.h"

namespace chancery::cli {

inline constexpr std::size_t sandbox_nodes_max = 7;

struct SandboxShape {
    std::size_t nodes = 4;
    // With a base the ports are base … base + 3 nodes - 1: public ones first, then admin, then
    // peers.
    std::optional<std::uint16_t> port_base;
};

// Errc::conflict with the port if one that was asked for is taken; Errc::invalid for a base that
// leaves too few; Errc::io if there is no free port.
Result<NetworkPlan> sandbox_plan(const SandboxShape& shape);

}  // namespace chancery::cli
