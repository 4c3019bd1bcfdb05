#include "rpc/peer_board.h"

#include <utility>

namespace chancery::rpc {

void PeerBoard::add(const Peer& peer, std::shared_ptr<PeerOutbox> outbox) {
    Row row;
    row.status.node = peer.node;
    row.status.name = peer.name;
    row.status.why = "not dialled yet";
    row.outbox = std::move(outbox);
    const std::scoped_lock lock(mutex_);
    Row& known = rows_[peer.node];
    row.status.is_receiving = known.status.is_receiving;
    known = std::move(row);
}

void PeerBoard::remove(raft::NodeId node) {
    const std::scoped_lock lock(mutex_);
    rows_.erase(node);
}

std::shared_ptr<PeerOutbox> PeerBoard::outbox(raft::NodeId node) const {
    const std::scoped_lock lock(mutex_);
    const auto row = rows_.find(node);
    return row == rows_.end() ? nullptr : row->second.outbox;
}

void PeerBoard::set_sending(raft::NodeId node, bool is_sending, const std::string& why) {
    const std::scoped_lock lock(mutex_);
    const auto row = rows_.find(node);
    if (row == rows_.end()) return;
    row->second.status.is_sending = is_sending;
    row->second.status.why = why;
}

void PeerBoard::set_receiving(raft::NodeId node, bool is_receiving) {
    const std::scoped_lock lock(mutex_);
    const auto row = rows_.find(node);
    if (row != rows_.end()) row->second.status.is_receiving = is_receiving;
}

std::vector<PeerLinkStatus> PeerBoard::status() const {
    const std::scoped_lock lock(mutex_);
    std::vector<PeerLinkStatus> all;
    for (const auto& [node, row] : rows_)
        all.push_back(row.status);
    return all;
}

}  // namespace chancery::rpc
