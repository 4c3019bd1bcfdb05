// A link that somebody dialled to us: handshake, then frames in, until it breaks, falls silent or
// says what no peer says.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rpc/peer_board.h"
#include "rpc/peer_socket.h"

namespace chancery::rpc {

// On the links' thread.
class PeerIncoming : public std::enable_shared_from_this<PeerIncoming> {
public:
    // Whoever takes connections in; outlives them.
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual Result<raft::NodeId> identify(const Hash& pin) const = 0;
        // The handshake is done.
        virtual void admit(PeerIncoming& link) = 0;
        // It is over, link.why(); the last call.
        virtual void end(PeerIncoming& link) = 0;
    };

    PeerIncoming(PeerShared& shared, Owner& owner, boost::asio::ip::tcp::socket socket);
    PeerIncoming(const PeerIncoming&) = delete;
    PeerIncoming& operator=(const PeerIncoming&) = delete;

    void start();
    void cut(std::string why);

    const std::string& address() const { return address_; }  // Without the port.
    const std::string& why() const { return socket_->why(); }
    bool is_open() const { return socket_->is_open(); }
    bool is_admitted() const { return is_admitted_; }
    // Ended by what no peer does: not let in, or its frames are none.
    bool is_refused() const { return is_refused_; }
    // Of one that is admitted.
    raft::NodeId node() const { return *socket_->check().node; }
    const Hash& pin() const { return socket_->check().pin; }

private:
    // Holds the link as long as it runs.
    static boost::asio::awaitable<void> run(std::shared_ptr<PeerIncoming> self);

    boost::asio::awaitable<void> receive();
    // Errc::invalid or Errc::forbidden: the link is not worth keeping.
    Result<void> hand_on(const Bytes& frame) const;

    PeerShared& shared_;
    Owner& owner_;
    std::string address_;
    std::shared_ptr<PeerSocket> socket_;  // Shared with its own timer.
    bool is_admitted_ = false;
    bool is_refused_ = false;
};

}  // namespace chancery::rpc
