// How frames lie in the byte stream of a link: cut into pieces, so that the other side hears from
// us while a large one is under way.
//
//     stream = (piece | ping)*
//     piece  = is last of its frame (1 bit) ‖ length (31 bits) ‖ bytes
//     ping   = 80 00 00 00                             between frames only
//
// A length is 1 to 65,536, and 65,536 exactly unless the piece is the last of its frame.
// Source: PROTOCOL.md, Peer frames.
#pragma once

#include <array>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::rpc {

inline constexpr std::size_t piece_bytes_max = 65'536;
inline constexpr std::size_t piece_header_bytes = 4;
inline constexpr std::array<std::uint8_t, piece_header_bytes> ping_piece = {0x80, 0, 0, 0};

// Writes the first piece of what is left of a frame; gives how much of `rest`, not empty, it took.
std::size_t write_piece(Writer& out, ByteView rest);

// Puts frames together again. After an error the stream is worth nothing.
class PieceReader {
public:
    // Frames beyond `frame_bytes_max` are refused before their bytes are kept.
    explicit PieceReader(std::size_t frame_bytes_max) : frame_bytes_max_(frame_bytes_max) {}

    // What came; must stay valid until next() gave nothing.
    void take(ByteView arrived) { arrived_ = arrived; }

    // The next whole frame; nullopt when more must come. Errc::invalid for what is no piece.
    Result<std::optional<Bytes>> next();

    // Bytes of a frame are here, and not yet all.
    bool is_inside_frame() const { return !frame_.empty(); }

private:
    Result<void> begin_piece();

    std::size_t frame_bytes_max_;
    ByteView arrived_;
    std::array<std::uint8_t, piece_header_bytes> header_{};
    std::size_t header_count_ = 0;  // Of its bytes that are here.
    std::size_t piece_left_ = 0;
    bool is_last_ = false;
    Bytes frame_;
};

}  // namespace chancery::rpc
