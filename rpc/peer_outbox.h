// What waits to be sent to one peer: filled by any thread, emptied by the link's.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "crypto/base/bytes.h"

namespace chancery::rpc {

// Any thread.
class PeerOutbox {
public:
    // `wake` is called, on the pusher's thread, when there is something again after take() gave
    // nothing.
    PeerOutbox(std::size_t bytes_max, std::function<void()> wake)
        : bytes_max_(bytes_max), wake_(std::move(wake)) {}

    // Closed at first: then frames are dropped. Closing drops what waits.
    void open();
    void close();
    bool is_open() const;

    // false: dropped, it is closed or would hold more than bytes_max.
    bool push(Bytes frame);

    // The pieces to write next, about 64 KiB: small frames together, a large one in parts. Empty
    // if there are none.
    Bytes take();

private:
    std::size_t bytes_max_;
    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::deque<Bytes> frames_;
    std::size_t bytes_ = 0;         // Of all frames here.
    std::size_t front_offset_ = 0;  // Taken of the first already.
    bool is_open_ = false;
    bool is_awaited_ = false;
};

}  // namespace chancery::rpc
