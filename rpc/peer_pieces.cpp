#include "rpc/peer_pieces.h"

#include <algorithm>
#include <string>
#include <utility>

namespace chancery::rpc {
namespace {

constexpr std::uint32_t last_bit = 0x8000'0000;

}  // namespace

std::size_t write_piece(Writer& out, ByteView rest) {
    CHECK(!rest.empty());
    const std::size_t length = std::min(rest.size(), piece_bytes_max);
    const std::uint32_t is_last = length == rest.size() ? last_bit : 0;
    out.u32(is_last | static_cast<std::uint32_t>(length)).bytes(rest.first(length));
    return length;
}

Result<void> PieceReader::begin_piece() {
    const std::uint32_t header = Reader(header_).u32();
    is_last_ = (header & last_bit) != 0;
    piece_left_ = header & ~last_bit;
    if (piece_left_ > piece_bytes_max || (!is_last_ && piece_left_ < piece_bytes_max)) {
        return invalid("piece of " + std::to_string(piece_left_) + " bytes, want " +
                       (is_last_ ? "at most " : "") + std::to_string(piece_bytes_max));
    }
    if (piece_left_ == 0 && !frame_.empty()) return invalid("ping inside a frame");
    if (frame_.size() + piece_left_ > frame_bytes_max_) {
        return invalid("frame of more than " + std::to_string(frame_bytes_max_) + " bytes");
    }
    return {};
}

Result<std::optional<Bytes>> PieceReader::next() {
    while (!arrived_.empty()) {
        if (header_count_ < header_.size()) {
            header_[header_count_++] = arrived_.front();
            arrived_ = arrived_.subspan(1);
            if (header_count_ < header_.size()) continue;
            if (auto begun = begin_piece(); !begun) return begun.error();
        }
        const ByteView part = arrived_.first(std::min(piece_left_, arrived_.size()));
        frame_.insert(frame_.end(), part.begin(), part.end());
        arrived_ = arrived_.subspan(part.size());
        piece_left_ -= part.size();
        if (piece_left_ > 0) break;
        header_count_ = 0;
        if (is_last_ && !frame_.empty()) return std::optional(std::exchange(frame_, {}));
    }
    return std::optional<Bytes>();
}

}  // namespace chancery::rpc
