// The link that a node dials to one peer, and dials again whenever it breaks: all that it sends to
// that peer.
//
//     dial -> handshake -> the other side's first ping: up -> frames and pings until it breaks
//
// In TLS 1.3 who dials has finished its handshake before its own certificate was looked at; only
// that first ping says that it was taken.
#pragma once

#include <memory>
#include <string>

#include "rpc/peer_board.h"
#include "rpc/peer_socket.h"

namespace chancery::rpc {

// On the links' thread.
class PeerOutgoing : public std::enable_shared_from_this<PeerOutgoing> {
public:
    PeerOutgoing(PeerShared& shared, Peer peer);
    PeerOutgoing(const PeerOutgoing&) = delete;
    PeerOutgoing& operator=(const PeerOutgoing&) = delete;

    void start();
    void cut();  // For good; no event after it.

    const Peer& peer() const { return peer_; }

private:
    // They hold the link as long as they run.
    static boost::asio::awaitable<void> run(std::shared_ptr<PeerOutgoing> self);
    static boost::asio::awaitable<void> listen(std::shared_ptr<PeerOutgoing> self,
                                               std::shared_ptr<PeerSocket> socket);

    boost::asio::awaitable<void> live();
    boost::asio::awaitable<bool> open();
    boost::asio::awaitable<void> carry();
    Result<raft::NodeId> identify(const Hash& pin) const;
    void tell_connected();
    void tell_lost(const std::string& why);
    std::chrono::milliseconds ping_interval() const;

    PeerShared& shared_;
    Peer peer_;
    // Filled by whoever sends, any thread.
    std::shared_ptr<PeerOutbox> outbox_;
    boost::asio::steady_timer timer_;  // Until the next dial, or until there is something to send.
    std::shared_ptr<PeerSocket> socket_;  // Shared with what it has under way.
    std::string told_;                    // Why it was lost, as last told.
    bool is_up_ = false;
    std::chrono::steady_clock::time_point up_since_;
    bool is_cut_ = false;
};

}  // namespace chancery::rpc
