#include "rpc/peer_incoming.h"

#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "rpc/as_value.h"
#include "rpc/peer_frame.h"
#include "rpc/peer_pieces.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;

std::string in_words(std::chrono::milliseconds duration) {
    return std::to_string(duration.count()) + " ms";
}

}  // namespace

PeerIncoming::PeerIncoming(PeerShared& shared, Owner& owner, asio::ip::tcp::socket socket)
    : shared_(shared), owner_(owner) {
    boost::system::error_code gone;
    const auto remote = socket.remote_endpoint(gone);
    address_ = gone ? "an address that is gone" : remote.address().to_string();
    CertificateCheck check;
    check.identify = [this](const Hash& pin) { return owner_.identify(pin); };
    socket_ = std::make_shared<PeerSocket>(std::move(socket), *shared.tls, std::move(check));
}

void PeerIncoming::start() {
    asio::co_spawn(shared_.context, run(shared_from_this()), nothing_escapes);
}

void PeerIncoming::cut(std::string why) { socket_->close(std::move(why)); }

asio::awaitable<void> PeerIncoming::run(std::shared_ptr<PeerIncoming> self) {
    PeerSocket& socket = *self->socket_;
    const PeerLinkOptions& options = self->shared_.options;
    socket.expire_after(options.handshake_deadline,
                        "no handshake within " + in_words(options.handshake_deadline));
    const auto side = asio::ssl::stream_base::server;
    if (co_await socket.handshake(side, options.silence_max)) {
        self->is_admitted_ = true;
        self->owner_.admit(*self);
        self->is_refused_ = !socket.is_open();
        co_await self->receive();
    } else {
        self->is_refused_ = true;
    }
    self->owner_.end(*self);
}

asio::awaitable<void> PeerIncoming::receive() {
    const auto silence_max = shared_.options.silence_max;
    const std::string silent = "silent for " + in_words(silence_max);
    socket_->expire_after(silence_max, silent);
    co_await socket_->write(ping_piece);
    PieceReader pieces(peer_frame_bytes_max);
    while (socket_->is_open()) {
        const ByteView arrived = co_await socket_->read();
        // Pings come every second, so this is looked at as often.
        is_refused_ = socket_->is_open() && !socket_->is_in_date();
        pieces.take(arrived);
        socket_->expire_after(silence_max, silent);
        // Somebody's event may have cut the link between two frames.
        while (socket_->is_open()) {
            const auto frame = pieces.next();
            if (frame && !*frame) break;
            const auto handed = frame ? hand_on(**frame) : frame.error();
            if (handed) continue;
            is_refused_ = socket_->is_open();
            socket_->close(handed.error().detail);
        }
        if (socket_->is_open() && pieces.is_inside_frame()) shared_.events.contact(node());
    }
}

Result<void> PeerIncoming::hand_on(const Bytes& frame) const {
    auto message = decode_frame(frame);
    if (!message) return message.error();
    const PeerLinkOptions& options = shared_.options;
    const FrameOrigin origin{options.network, options.epoch, node()};
    if (auto checked = check_origin(*message, origin); !checked) return checked;
    shared_.events.received(node(), std::move(*message));
    return {};
}

}  // namespace chancery::rpc
