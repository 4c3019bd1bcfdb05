// Where a member's node is found, as a genesis and the members object write it.
#pragma once

#include <string_view>

namespace chancery::ledger {

// host:port with a port from 1 to 65535, written without leading zeros.
bool is_peer_endpoint(std::string_view text);

// An http or https URL of at most 2,048 bytes.
bool is_public_endpoint(std::string_view text);

}  // namespace chancery::ledger
