#include "rpc/peer_frame.h"

#include <string>

#include "crypto/base/encoding.h"
#include "rpc/peer.pb.h"
#include "rpc/peer_frame_walk.h"
#include "rpc/peer_frame_wire.h"

namespace chancery::rpc {
namespace {

// An entry takes six fields, a seal three; all the rest of the largest frame is far below 512.
constexpr std::size_t fields_max = 9 * peer_entries_max + 512;

Error refused(const std::string& why) { return invalid("peer frame: " + why); }

// Before all else: what another version means by the rest is not ours to judge.
Result<void> check_version(ByteView frame) {
    constexpr std::uint8_t version_key = 1U << 3U;  // Field 1, an integer.
    Reader in(frame);
    if (in.u8() != version_key) return refused("does not begin with its version");
    const std::uint8_t version = in.u8();
    if (version == peer_frame_version) return {};
    if (version >= 0x80U) return refused("version above 127, want 1");
    return refused("version " + std::to_string(version) + ", want 1");
}

Bytes serialise(const wire::Frame& frame) {
    Bytes bytes(frame.ByteSizeLong());
    CHECK(frame.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
    return bytes;
}

}  // namespace

Bytes encode_frame(const PeerMessage& message) { return serialise(to_wire(message)); }

Result<PeerMessage> decode_frame(ByteView frame) {
    if (frame.size() > peer_frame_bytes_max) {
        return refused(std::to_string(frame.size()) + " bytes, at most " +
                       std::to_string(peer_frame_bytes_max));
    }
    if (auto version = check_version(frame); !version) return version.error();
    const auto walked = walk_message(frame, *wire::Frame::descriptor(), fields_max);
    if (!walked) return refused(walked.error().detail);
    wire::Frame parsed;
    if (!parsed.ParseFromArray(frame.data(), static_cast<int>(frame.size())))
        return refused("does not parse");
    auto message = from_wire(std::move(parsed));
    if (!message) return refused(message.error().detail);
    if (!equal(serialise(to_wire(*message)), frame))
        return refused("is not the canonical encoding of what it says");
    return message;
}

Result<void> check_origin(const PeerMessage& message, const FrameOrigin& want) {
    const auto forbidden = [](const std::string& detail) {
        return Error{Errc::forbidden, "peer frame: " + detail};
    };
    if (message.network != want.network) {
        return forbidden("of network " + to_hex(message.network) + ", want " +
                         to_hex(want.network));
    }
    if (message.epoch != want.epoch) {
        return forbidden("of epoch " + std::to_string(message.epoch) + ", want " +
                         std::to_string(want.epoch));
    }
    if (message.sender != want.sender) {
        return forbidden("says it is from node " + std::to_string(message.sender) +
                         ", came from node " + std::to_string(want.sender));
    }
    return {};
}

}  // namespace chancery::rpc
