// A message as the generated classes hold it, and back. Used by peer_frame.cpp alone.
#pragma once

#include "crypto/base/result.h"
#include "rpc/peer_message.h"

namespace chancery::rpc {

namespace wire {
class Frame;
}

wire::Frame to_wire(const PeerMessage& message);

// Errc::invalid for what breaks a limit or a form. Takes the large parts out of `frame`.
Result<PeerMessage> from_wire(wire::Frame frame);

}  // namespace chancery::rpc
