// What a node tells whoever listens: each new checkpoint, and alarms, as server-sent events.
//
//     id: 31                                             event: alarm
//     event: checkpoint                                  data: {"kind":"integrity",…}
//     data: {"height":7,"root":<hex>,"size":31,"time":…}
//
// Nothing is queued: the hub keeps the newest checkpoint and each kind of alarm, a listener how
// far it has been told. So a slow one misses checkpoints and never the newest, and who comes back
// after a break with the size it saw last is told what it lacks.
// Source: the HTML standard, server-sent events.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"

namespace chancery::rpc {

struct CheckpointEvent {
    std::uint64_t size = 0;
    Hash root{};
    std::uint64_t height = 0;
    ledger::TimeMs time = 0;  // Of the newest block.
};

enum class Alarm : std::uint8_t {
    halt,           // The node stops: it could not write, or nothing it could do was right.
    contradiction,  // Two signed statements of the network exclude each other.
    integrity,      // What is stored is damaged.
};
inline constexpr std::size_t alarm_kinds = 3;

// One listener. On the executor that it subscribed with.
class EventStream {
public:
    EventStream() = default;
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;
    virtual ~EventStream() = default;  // Makes room for another.

    // Whole events that are new since the last call, oldest first; a comment if there were none
    // for `at_most`; empty once closed and all is told. One call at a time.
    virtual boost::asio::awaitable<std::string> next(std::chrono::milliseconds at_most) = 0;
    virtual void close() = 0;
};

class EventHub {  // Any thread.
public:
    explicit EventHub(std::size_t listeners_max);
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    ~EventHub();

    void publish(const CheckpointEvent& checkpoint);
    // Told once to each listener, and to those who come later.
    void raise(Alarm alarm);

    // Begins with the newest checkpoint, unless it is of size `seen`, and the alarms so far.
    // `executor` runs one thing at a time. Errc::unavailable: there are listeners_max already.
    Result<std::shared_ptr<EventStream>> subscribe(const boost::asio::any_io_executor& executor,
                                                   std::optional<std::uint64_t> seen);

    std::size_t listener_count() const;

private:
    class Listener;
    struct State;
    // Shared with the listeners, whose connections may end after the node.
    std::shared_ptr<State> state_;
};

}  // namespace chancery::rpc
