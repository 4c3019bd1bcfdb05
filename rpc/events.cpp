#include "rpc/events.h"

#include <array>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "rpc/documents.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;

constexpr std::string_view beginning = "retry: 3000\n\n";  // What a browser waits, in ms.
constexpr std::string_view heartbeat = ":\n\n";

std::string text_of_checkpoint(const CheckpointEvent& checkpoint) {
    json::Value data = json::Object{};
    data.set("height", checkpoint.height);
    data.set("root", to_hex(checkpoint.root));
    data.set("size", checkpoint.size);
    data.set("time", date_time(checkpoint.time));
    return "id: " + std::to_string(checkpoint.size) +
           "\nevent: checkpoint\ndata: " + json::canonical(data) + "\n\n";
}

// Fixed words: what exactly is wrong is for the operator, in the diary.
std::string text_of_alarm(Alarm alarm) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, alarm_kinds> words =
        {{{"halt", "this node stops; ask another"},
          {"contradiction", "signed statements of this network exclude each other"},
          {"integrity", "what this node stores is damaged; ask another"}}};
    const auto& [kind, detail] = words[static_cast<std::size_t>(alarm)];
    json::Value data = json::Object{};
    data.set("detail", detail);
    data.set("kind", kind);
    return "event: alarm\ndata: " + json::canonical(data) + "\n\n";
}

}  // namespace

struct EventHub::State {
    explicit State(std::size_t listeners_limit) : listeners_max(listeners_limit) {}

    const std::size_t listeners_max;
    mutable std::mutex mutex;  // Guards what follows.
    // Each thing that is told has the number of its turn; 0: not yet.
    std::uint64_t turn = 0;
    CheckpointEvent checkpoint;
    std::uint64_t checkpoint_turn = 0;
    std::array<std::uint64_t, alarm_kinds> alarm_turns{};
    std::uint64_t next_listener = 1;
    std::map<std::uint64_t, std::weak_ptr<Listener>> listeners;

    // With the mutex locked; to be woken without it, for the last owner of a listener locks it.
    std::vector<std::shared_ptr<Listener>> all() const;
};

class EventHub::Listener final : public EventStream, public std::enable_shared_from_this<Listener> {
public:
    Listener(std::shared_ptr<State> state,
             const asio::any_io_executor& executor,
             std::optional<std::uint64_t> seen)
        : state_(std::move(state)), timer_(executor), seen_(seen) {}

    ~Listener() override {
        const std::lock_guard lock(state_->mutex);
        state_->listeners.erase(number_);
    }

    void set_number(std::uint64_t number) { number_ = number; }

    asio::awaitable<std::string> next(std::chrono::milliseconds at_most) override {
        std::string news = take();
        if (!news.empty() || is_closed_) co_return news;
        timer_.expires_after(at_most);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        news = take();
        if (news.empty() && !is_closed_) news = heartbeat;
        co_return news;
    }

    void close() override {
        is_closed_ = true;
        timer_.cancel();
    }

    // Any thread. It is posted, and so comes after what is being looked at now.
    void wake() {
        asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
    }

private:
    std::string take() {
        std::string news;
        if (!std::exchange(has_begun_, true)) news = beginning;
        const std::lock_guard lock(state_->mutex);
        if (state_->checkpoint_turn > told_ && state_->checkpoint.size != seen_) {
            news += text_of_checkpoint(state_->checkpoint);
            seen_ = state_->checkpoint.size;
        }
        for (std::size_t i = 0; i < alarm_kinds; ++i) {
            if (state_->alarm_turns[i] > told_) news += text_of_alarm(static_cast<Alarm>(i));
        }
        told_ = state_->turn;
        return news;
    }

    std::shared_ptr<State> state_;  // The hub's too.
    asio::steady_timer timer_;
    std::uint64_t number_ = 0;
    std::uint64_t told_ = 0;             // Up to this turn.
    std::optional<std::uint64_t> seen_;  // Size of the checkpoint that the listener knows.
    bool has_begun_ = false;
    bool is_closed_ = false;
};

std::vector<std::shared_ptr<EventHub::Listener>> EventHub::State::all() const {
    std::vector<std::shared_ptr<Listener>> present;
    present.reserve(listeners.size());
    for (const auto& [number, listener] : listeners) {
        if (auto one = listener.lock()) present.push_back(std::move(one));
    }
    return present;
}

EventHub::EventHub(std::size_t listeners_max) : state_(std::make_shared<State>(listeners_max)) {}

EventHub::~EventHub() = default;

void EventHub::publish(const CheckpointEvent& checkpoint) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(state_->mutex);
        state_->checkpoint = checkpoint;
        state_->checkpoint_turn = ++state_->turn;
        listeners = state_->all();
    }
    for (const auto& listener : listeners)
        listener->wake();
}

void EventHub::raise(Alarm alarm) {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(state_->mutex);
        std::uint64_t& turn = state_->alarm_turns[static_cast<std::size_t>(alarm)];
        if (turn > 0) return;
        turn = ++state_->turn;
        listeners = state_->all();
    }
    for (const auto& listener : listeners)
        listener->wake();
}

Result<std::shared_ptr<EventStream>> EventHub::subscribe(const asio::any_io_executor& executor,
                                                         std::optional<std::uint64_t> seen) {
    // Before the lock, which its end takes too.
    const auto listener = std::make_shared<Listener>(state_, executor, seen);
    const std::lock_guard lock(state_->mutex);
    if (state_->listeners.size() >= state_->listeners_max) {
        return Error{Errc::unavailable,
                     std::to_string(state_->listeners_max) + " listen already, as many as may"};
    }
    listener->set_number(state_->next_listener++);
    state_->listeners.emplace(state_->next_listener - 1, listener);
    return std::shared_ptr<EventStream>(listener);
}

std::size_t EventHub::listener_count() const {
    const std::lock_guard lock(state_->mutex);
    return state_->listeners.size();
}

}  // namespace chancery::rpc
