// Takes in the links that peers dial: accepts, lets a certificate's owner in, keeps one link a
// peer, the newest, and turns everybody else away.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "rpc/peer_incoming.h"
#include "rpc/peer_refusals.h"

namespace chancery::rpc {

// On the links' thread.
class PeerDoor : private PeerIncoming::Owner {
public:
    explicit PeerDoor(PeerShared& shared);
    PeerDoor(const PeerDoor&) = delete;
    PeerDoor& operator=(const PeerDoor&) = delete;
    ~PeerDoor() override = default;

    // Errc::io if it cannot listen; Errc::invalid for an address that is none.
    Result<void> open();
    std::uint16_t port() const { return port_; }

    void start();
    void close();  // And every link.

    // A line of our own among the refusals.
    void tell(const std::string& what);

    // Cuts the links of all others.
    void set_peers(const std::vector<Peer>& peers);

private:
    using Tcp = boost::asio::ip::tcp;

    Result<raft::NodeId> identify(const Hash& pin) const override;
    void admit(PeerIncoming& link) override;
    void end(PeerIncoming& link) override;

    boost::asio::awaitable<void> accept_all();
    void take_in(Tcp::socket socket);
    void make_room(const std::string& address);

    PeerShared& shared_;
    Tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    PeerRefusals refusals_;
    std::map<Hash, raft::NodeId> peers_;  // By pin.
    // In the order in which they came. The other owner is a link's own coroutine.
    std::vector<std::shared_ptr<PeerIncoming>> links_;
    std::map<raft::NodeId, PeerIncoming*> by_node_;  // Those of them that are let in.
    std::uint16_t port_ = 0;
    bool is_closed_ = false;
};

}  // namespace chancery::rpc
