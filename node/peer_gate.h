// What a peer's message must show before the replica looks at it: good signatures.
//
// Votes and certificates are checked here, on the links' thread, so that the replica's never waits
// for a signature that an honest member would not have sent.
#pragma once

#include "consensus/raft/certificate.h"
#include "rpc/peer_message.h"

namespace chancery::node {

// Errc::forbidden or invalid: the first that is bad. About 95 µs for each vote in it.
Result<void> check_signatures(const rpc::PeerMessage& message, const raft::NodeKeys& keys);

// Bytes that it holds in memory, roughly.
std::size_t weight_of(const rpc::PeerMessage& message);

}  // namespace chancery::node
