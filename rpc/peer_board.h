// What every thread may know of the links, and what those share among themselves.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "rpc/peer_links.h"
#include "rpc/peer_outbox.h"
#include "rpc/peer_tls.h"

namespace chancery::rpc {

// How each peer's two links stand. Any thread.
class PeerBoard {
public:
    // Of one that is known already: its dialled link is another now.
    void add(const Peer& peer, std::shared_ptr<PeerOutbox> outbox);
    void remove(raft::NodeId node);

    // Shared with the link, which may go while somebody sends. Null for nobody's.
    std::shared_ptr<PeerOutbox> outbox(raft::NodeId node) const;

    void set_sending(raft::NodeId node, bool is_sending, const std::string& why);
    void set_receiving(raft::NodeId node, bool is_receiving);
    std::vector<PeerLinkStatus> status() const;

private:
    struct Row {
        PeerLinkStatus status;
        std::shared_ptr<PeerOutbox> outbox;
    };
    mutable std::mutex mutex_;
    std::map<raft::NodeId, Row> rows_;
};

// What the links of one node have in common; outlives them all. On their thread, but for `board`.
struct PeerShared {
    boost::asio::io_context context{1};
    PeerLinkOptions options;
    PeerLinkEvents events;  // None of them empty.
    std::unique_ptr<PeerTls> tls;
    PeerBoard board;
};

// What escapes a coroutine, memory that ran out, ends the node, as it would on a thread.
inline constexpr auto nothing_escapes = [](const std::exception_ptr& escaped) {
    if (escaped) std::rethrow_exception(escaped);
};

}  // namespace chancery::rpc
