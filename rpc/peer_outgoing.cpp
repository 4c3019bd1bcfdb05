#include "rpc/peer_outgoing.h"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <openssl/rand.h>

#include "rpc/as_value.h"
#include "rpc/peer_pieces.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds lived{2'000};  // A link that held so long is dialled again soon.
constexpr Milliseconds ping_interval_max{1'000};

// Between half of it and all: nodes that lost one another at once do not come back in step.
Milliseconds jittered(Milliseconds wait) {
    std::array<std::uint8_t, 4> random{};
    CHECK(RAND_bytes(random.data(), static_cast<int>(random.size())) == 1);
    const auto half = static_cast<std::uint64_t>(wait.count()) / 2;
    return wait - Milliseconds(Reader(random).u32() % (half + 1));
}

bool is_only_pings(ByteView bytes) {
    // A ping's bytes in any phase: reads may cut one.
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0 || byte == 0x80; });
}

}  // namespace

PeerOutgoing::PeerOutgoing(PeerShared& shared, Peer peer)
    : shared_(shared), peer_(std::move(peer)), timer_(shared.context) {}

void PeerOutgoing::start() {
    const auto wake = [&context = shared_.context, weak = weak_from_this()] {
        asio::post(context, [weak] {
            const auto self = weak.lock();
            if (self && self->is_up_) self->timer_.cancel();
        });
    };
    outbox_ = std::make_shared<PeerOutbox>(shared_.options.queue_bytes_max, wake);
    shared_.board.add(peer_, outbox_);
    asio::co_spawn(shared_.context, run(shared_from_this()), nothing_escapes);
}

void PeerOutgoing::cut() {
    is_cut_ = true;
    outbox_->close();
    if (socket_) socket_->close("cut");
    timer_.cancel();
}

asio::awaitable<void> PeerOutgoing::run(std::shared_ptr<PeerOutgoing> self) {
    const PeerLinkOptions& options = self->shared_.options;
    Milliseconds wait = options.redial_min;
    while (!self->is_cut_) {
        co_await self->live();
        if (self->is_cut_) co_return;
        if (self->is_up_ && std::chrono::steady_clock::now() - self->up_since_ >= lived)
            wait = options.redial_min;
        self->tell_lost(self->socket_->why());
        self->timer_.expires_after(jittered(wait));
        co_await self->timer_.async_wait(as_value);
        wait = std::min(2 * wait, options.redial_max);
    }
}

asio::awaitable<void> PeerOutgoing::live() {
    CertificateCheck check;
    check.identify = [this](const Hash& pin) { return identify(pin); };
    asio::ip::tcp::socket socket(shared_.context);
    socket_ = std::make_shared<PeerSocket>(std::move(socket), *shared_.tls, std::move(check));
    if (!co_await open() || is_cut_) co_return;
    tell_connected();
    co_await carry();
    outbox_->close();
}

asio::awaitable<bool> PeerOutgoing::open() {
    const PeerLinkOptions& options = shared_.options;
    socket_->expire_after(
        options.handshake_deadline,
        "no answer within " + std::to_string(options.handshake_deadline.count()) + " ms");
    if (!co_await socket_->dial(peer_.endpoint)) co_return false;
    const auto side = asio::ssl::stream_base::client;
    if (!co_await socket_->handshake(side, options.silence_max)) co_return false;
    const ByteView answer = co_await socket_->read();
    if (answer.empty()) co_return false;
    if (!is_only_pings(answer)) socket_->close("answered with more than a ping");
    socket_->never_expire();
    co_return socket_->is_open();
}

// A read is always under way: it is what hears of the other side's closing.
asio::awaitable<void> PeerOutgoing::listen(std::shared_ptr<PeerOutgoing> self,
                                           std::shared_ptr<PeerSocket> socket) {
    while (socket->is_open()) {
        const ByteView bytes = co_await socket->read();
        if (!is_only_pings(bytes)) socket->close("answered with more than pings");
    }
    if (self->is_up_) self->timer_.cancel();
}

asio::awaitable<void> PeerOutgoing::carry() {
    const auto socket = socket_;
    asio::co_spawn(shared_.context, listen(shared_from_this(), socket), nothing_escapes);
    while (socket->is_in_date()) {
        const Bytes pieces = outbox_->take();
        if (!pieces.empty()) {
            co_await socket->write(pieces);
            continue;
        }
        timer_.expires_after(ping_interval());
        const auto [woken] = co_await timer_.async_wait(as_value);
        if (!woken) co_await socket->write(ping_piece);
    }
}

Result<raft::NodeId> PeerOutgoing::identify(const Hash& pin) const {
    if (pin == peer_.tls_spki_sha256) return peer_.node;
    if (pin == shared_.tls->own_pin()) return Error{Errc::forbidden, "its key is our own"};
    return Error{Errc::forbidden, "its key is not the one pinned for " + peer_.name};
}

void PeerOutgoing::tell_connected() {
    is_up_ = true;
    up_since_ = std::chrono::steady_clock::now();
    told_.clear();
    outbox_->open();
    shared_.board.set_sending(peer_.node, true, "");
    shared_.events.connected(peer_.node);
}

void PeerOutgoing::tell_lost(const std::string& why) {
    shared_.board.set_sending(peer_.node, false, why);
    if (!std::exchange(is_up_, false) && why == told_) return;
    told_ = why;
    shared_.events.lost(peer_.node, why);
}

Milliseconds PeerOutgoing::ping_interval() const {
    return std::min(ping_interval_max, shared_.options.silence_max / 4);
}

}  // namespace chancery::rpc
