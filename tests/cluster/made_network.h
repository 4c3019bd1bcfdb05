// The folder of a network under test: keys, genesis and a node.toml for each member, made once in a
// process for each shape and copied for each test.
//
// Its keys are sealed cheaply, so that no test waits for scrypt; ports stay a shape's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/ledger/genesis.h"

namespace chancery::test {

struct MadeNetwork {
    struct Member {
        std::string slug;
        std::string public_listen;  // address:port
        std::string peer_listen;  // Where its node is; genesis says so too unless there is a proxy.
    };
    std::string folder;
    ledger::Genesis genesis;
    std::vector<Member> members;
};

// Lives as long as the process. `has_proxy`: genesis sends peers elsewhere than to the nodes.
const MadeNetwork& made_network(std::uint32_t nodes, bool has_proxy);

}  // namespace chancery::test
