// The bytes of one message between nodes, and back.
//
// A frame is the canonical encoding of rpc/peer.proto: of all byte strings that mean a message,
// exactly one is taken. Before anything is built from them the bytes are walked, so that a frame
// costs no more than a few times its length, whatever it says.
// Source: PROTOCOL.md, Peer frames.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "rpc/peer_message.h"

namespace chancery::rpc {

inline constexpr std::uint32_t peer_frame_version = 1;

// CHECKs the limits of peer_message.h, but for that of the whole: what is longer than
// peer_frame_bytes_max is no frame, and decode_frame refuses it. A refusal's detail is cut to its
// limit, and a code that no refusal has is written as Errc::unavailable.
Bytes encode_frame(const PeerMessage& message);

// Errc::invalid for every byte string that encode_frame would not write.
Result<PeerMessage> decode_frame(ByteView frame);

// Who is at the other end of a link, and where it leads.
struct FrameOrigin {
    Hash network{};
    std::uint32_t epoch = 1;
    raft::NodeId sender = 0;
};

// Errc::forbidden if the message says otherwise.
Result<void> check_origin(const PeerMessage& message, const FrameOrigin& want);

}  // namespace chancery::rpc
