#include "rpc/peer_outbox.h"

#include <utility>

#include "rpc/peer_pieces.h"

namespace chancery::rpc {

void PeerOutbox::open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
}

void PeerOutbox::close() {
    const std::scoped_lock lock(mutex_);
    is_open_ = false;
    is_awaited_ = false;
    frames_.clear();
    bytes_ = 0;
    front_offset_ = 0;
}

bool PeerOutbox::is_open() const {
    const std::scoped_lock lock(mutex_);
    return is_open_;
}

bool PeerOutbox::push(Bytes frame) {
    {
        const std::scoped_lock lock(mutex_);
        if (!is_open_ || frame.size() > bytes_max_ - bytes_) return false;
        bytes_ += frame.size();
        frames_.push_back(std::move(frame));
        if (!std::exchange(is_awaited_, false)) return true;
    }
    wake_();
    return true;
}

Bytes PeerOutbox::take() {
    const std::scoped_lock lock(mutex_);
    Writer out;
    while (!frames_.empty() && out.written().size() < piece_bytes_max) {
        const Bytes& frame = frames_.front();
        front_offset_ += write_piece(out, ByteView(frame).subspan(front_offset_));
        if (front_offset_ < frame.size()) continue;
        bytes_ -= frame.size();
        frames_.pop_front();
        front_offset_ = 0;
    }
    is_awaited_ = out.written().empty();
    return out.take();
}

}  // namespace chancery::rpc
