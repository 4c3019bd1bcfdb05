// Nodes linked over this machine's loopback, and what their links told.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "crypto/hash/sha256.h"
#include "crypto/keys/tls_key.h"
#include "rpc/peer_links.h"
#include "tests/support/eventually.h"
#include "tests/support/peer_messages.h"

namespace chancery::test {

inline Bytes tls_key_of(raft::NodeId node) {
    auto key = keys::tls_key_from_secret(sha256(Writer().text("tls key").u32(node).written()));
    CHECK(key);
    return *key;
}

inline Hash tls_pin_of(raft::NodeId node) {
    const auto pin = keys::tls_spki_sha256(tls_key_of(node));
    CHECK(pin);
    return *pin;
}

inline rpc::Peer peer_at(raft::NodeId node, std::uint16_t port) {
    return rpc::Peer{node,
                     "node-" + std::to_string(node),
                     "127.0.0.1:" + std::to_string(port),
                     tls_pin_of(node)};
}

// Any thread.
class LinkDiary {
public:
    struct Lines {
        std::vector<std::pair<raft::NodeId, rpc::PeerMessage>> received;
        std::map<raft::NodeId, int> contacts;
        std::map<raft::NodeId, int> connected;
        std::vector<std::pair<raft::NodeId, std::string>> lost;
        std::vector<std::string> refused;
    };

    Lines lines() const {
        const std::scoped_lock lock(mutex_);
        return lines_;
    }
    std::size_t received_count() const {
        const std::scoped_lock lock(mutex_);
        return lines_.received.size();
    }
    std::size_t refused_count() const {
        const std::scoped_lock lock(mutex_);
        return lines_.refused.size();
    }
    int connected_count(raft::NodeId node) const {
        const std::scoped_lock lock(mutex_);
        const auto count = lines_.connected.find(node);
        return count == lines_.connected.end() ? 0 : count->second;
    }
    bool has_lost(raft::NodeId node, std::string_view part_of_why) const {
        const std::scoped_lock lock(mutex_);
        for (const auto& [peer, why] : lines_.lost)
            if (peer == node && why.find(part_of_why) != std::string::npos) return true;
        return false;
    }
    bool has_refused(std::string_view part_of_why) const {
        const std::scoped_lock lock(mutex_);
        for (const std::string& why : lines_.refused)
            if (why.find(part_of_why) != std::string::npos) return true;
        return false;
    }

    rpc::PeerLinkEvents events() {
        rpc::PeerLinkEvents events;
        events.received = [this](raft::NodeId from, rpc::PeerMessage message) {
            const std::scoped_lock lock(mutex_);
            lines_.received.emplace_back(from, std::move(message));
        };
        events.contact = [this](raft::NodeId from) {
            const std::scoped_lock lock(mutex_);
            ++lines_.contacts[from];
        };
        events.connected = [this](raft::NodeId peer) {
            const std::scoped_lock lock(mutex_);
            ++lines_.connected[peer];
        };
        events.lost = [this](raft::NodeId peer, std::string why) {
            const std::scoped_lock lock(mutex_);
            lines_.lost.emplace_back(peer, std::move(why));
        };
        events.refused = [this](std::string address, std::string why) {
            const std::scoped_lock lock(mutex_);
            lines_.refused.push_back(address + ": " + why);
        };
        return events;
    }

private:
    mutable std::mutex mutex_;
    Lines lines_;
};

// Known to nobody, and knowing nobody, until told.
class PeerNode {
public:
    explicit PeerNode(raft::NodeId node) : PeerNode(node, options_of(node)) {}
    PeerNode(raft::NodeId node, rpc::PeerLinkOptions options) : node_(node) {
        auto listening = rpc::PeerLinks::listen(std::move(options), diary_.events());
        CHECK(listening);
        links_ = std::move(*listening);
        links_->start();
    }
    PeerNode(const PeerNode&) = delete;
    PeerNode& operator=(const PeerNode&) = delete;
    ~PeerNode() { links_->stop(); }

    static rpc::PeerLinkOptions options_of(raft::NodeId node) {
        rpc::PeerLinkOptions options;
        options.self = node;
        options.network = filled(0xa1);
        options.epoch = 2;
        options.tls_key = tls_key_of(node);
        options.redial_min = std::chrono::milliseconds(10);
        options.redial_max = std::chrono::milliseconds(50);
        return options;
    }

    raft::NodeId node() const { return node_; }
    std::uint16_t port() const { return links_->port(); }
    rpc::Peer as_peer() const { return peer_at(node_, port()); }
    rpc::PeerLinks& links() { return *links_; }
    const LinkDiary& diary() const { return diary_; }

    void send(raft::NodeId to, rpc::PeerBody body) {
        links_->send({to, from_node(node_, std::move(body))});
    }

private:
    raft::NodeId node_;
    LinkDiary diary_;
    std::unique_ptr<rpc::PeerLinks> links_;
};

// Everyone of them knows the others; true when all are linked both ways.
inline bool link_all(const std::vector<PeerNode*>& nodes) {
    std::vector<rpc::Peer> peers;
    for (const PeerNode* node : nodes)
        peers.push_back(node->as_peer());
    for (PeerNode* node : nodes)
        node->links().set_peers(peers);
    const auto is_linked = [&](PeerNode* node) {
        const auto status = node->links().status();
        return status.size() + 1 == nodes.size() &&
               std::ranges::all_of(status, [](const rpc::PeerLinkStatus& one) {
                   return one.is_sending && one.is_receiving;
               });
    };
    return eventually([&] { return std::ranges::all_of(nodes, is_linked); });
}

}  // namespace chancery::test
