#include "rpc/peer_door.h"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "rpc/as_value.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Without descriptors accept() fails at once, again and again: wait instead of spinning.
constexpr std::chrono::milliseconds exhausted_pause{100};

}  // namespace

PeerDoor::PeerDoor(PeerShared& shared)
    : shared_(shared),
      acceptor_(shared.context),
      pause_(shared.context),
      refusals_(shared.events.refused) {}

Result<void> PeerDoor::open() {
    const PeerLinkOptions& options = shared_.options;
    error_code error;
    const auto address = asio::ip::make_address(options.listen_address, error);
    if (error) return invalid("the address to listen on for peers is neither IPv4 nor IPv6");
    const Tcp::endpoint endpoint(address, options.listen_port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (!error) return {};
    return Error{Errc::io,
                 "cannot listen for peers on " + options.listen_address + " port " +
                     std::to_string(options.listen_port) + ": " + error.message()};
}

void PeerDoor::start() { asio::co_spawn(shared_.context, accept_all(), nothing_escapes); }

void PeerDoor::close() {
    is_closed_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& link : links_)
        link->cut("stopped");
}

asio::awaitable<void> PeerDoor::accept_all() {
    bool is_told = false;
    while (!is_closed_) {
        auto [error, socket] = co_await acceptor_.async_accept(as_value);
        if (is_closed_) co_return;
        if (!error) {
            is_told = false;
            take_in(std::move(socket));
            continue;
        }
        if (error == asio::error::connection_aborted) continue;  // They hung up first.
        if (!std::exchange(is_told, true))
            shared_.events.refused(shared_.options.listen_address,
                                   "cannot accept links: " + error.message());
        pause_.expires_after(exhausted_pause);
        co_await pause_.async_wait(as_value);
    }
}

void PeerDoor::take_in(Tcp::socket socket) {
    PeerIncoming::Owner& owner = *this;
    const auto link = std::make_shared<PeerIncoming>(shared_, owner, std::move(socket));
    make_room(link->address());
    links_.push_back(link);
    link->start();
}

// Ends the oldest handshake of the address that has the most of them, so that nobody who knocks
// often keeps out a peer, which knocks once.
void PeerDoor::make_room(const std::string& address) {
    std::map<std::string, std::size_t> handshakes = {{address, 1}};
    std::size_t count = 0;
    for (const auto& link : links_) {
        if (link->is_admitted() || !link->is_open()) continue;
        ++handshakes[link->address()];
        ++count;
    }
    if (count < shared_.options.handshakes_max) return;
    const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
    const std::string busiest = std::ranges::max_element(handshakes, fewer)->first;
    const auto victim = std::ranges::find_if(links_, [&](const auto& link) {
        return !link->is_admitted() && link->is_open() && link->address() == busiest;
    });
    if (victim == links_.end()) return;
    (*victim)->cut("made way, " + std::to_string(count) + " handshakes were under way");
}

void PeerDoor::tell(const std::string& what) {
    if (is_closed_) return;
    refusals_.refuse(shared_.options.listen_address, what, PeerRefusals::Clock::now());
}

Result<raft::NodeId> PeerDoor::identify(const Hash& pin) const {
    if (pin == shared_.tls->own_pin()) return Error{Errc::forbidden, "its key is our own"};
    const auto peer = peers_.find(pin);
    if (peer != peers_.end()) return peer->second;
    return Error{Errc::forbidden, "its key is pinned for no peer"};
}

void PeerDoor::admit(PeerIncoming& link) {
    // The peers may have changed since its certificate was looked at.
    const auto peer = peers_.find(link.pin());
    if (peer == peers_.end() || peer->second != link.node()) {
        link.cut("its key is pinned for no peer");
        return;
    }
    PeerIncoming*& current = by_node_[link.node()];
    if (current != nullptr) current->cut("replaced by a newer link");
    current = &link;
    shared_.board.set_receiving(link.node(), true);
}

void PeerDoor::end(PeerIncoming& link) {
    if (link.is_admitted()) {
        const auto current = by_node_.find(link.node());
        if (current != by_node_.end() && current->second == &link) {
            by_node_.erase(current);
            shared_.board.set_receiving(link.node(), false);
        }
    }
    if (link.is_refused() && !is_closed_) {
        const std::string who =
            link.is_admitted() ? "node " + std::to_string(link.node()) + ": " : "";
        refusals_.refuse(link.address(), who + link.why(), PeerRefusals::Clock::now());
    }
    std::erase_if(links_, [&link](const auto& one) { return one.get() == &link; });
}

void PeerDoor::set_peers(const std::vector<Peer>& peers) {
    peers_.clear();
    for (const Peer& peer : peers)
        peers_[peer.tls_spki_sha256] = peer.node;
    for (const auto& link : links_) {
        if (!link->is_admitted()) continue;
        const auto peer = peers_.find(link->pin());
        if (peer == peers_.end() || peer->second != link->node()) link->cut("no longer a peer");
    }
}

}  // namespace chancery::rpc
