#include "rpc/peer_links.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "rpc/peer_board.h"
#include "rpc/peer_door.h"
#include "rpc/peer_frame.h"
#include "rpc/peer_outgoing.h"

namespace chancery::rpc {
namespace {

namespace asio = boost::asio;

template <typename... Arguments>
void fill_if_empty(std::function<void(Arguments...)>& event) {
    if (!event) event = [](Arguments...) {};
}

PeerLinkEvents without_gaps(PeerLinkEvents events) {
    fill_if_empty(events.received);
    fill_if_empty(events.contact);
    fill_if_empty(events.connected);
    fill_if_empty(events.lost);
    fill_if_empty(events.refused);
    return events;
}

// One thread runs `shared_.context`, and with it every link.
class TlsPeerLinks : public PeerLinks {
public:
    TlsPeerLinks(PeerLinkOptions options, PeerLinkEvents events, std::unique_ptr<PeerTls> tls)
        : work_(asio::make_work_guard(shared_.context)) {
        shared_.options = std::move(options);
        shared_.events = without_gaps(std::move(events));
        shared_.tls = std::move(tls);
        door_ = std::make_unique<PeerDoor>(shared_);
    }
    TlsPeerLinks(const TlsPeerLinks&) = delete;
    TlsPeerLinks& operator=(const TlsPeerLinks&) = delete;
    ~TlsPeerLinks() override { stop_all(); }

    Result<void> open() {
        auto opened = door_->open();
        if (opened) set_peers(shared_.options.peers);
        return opened;
    }

    std::uint16_t port() const override { return door_->port(); }

    void start() override {
        CHECK(!thread_.joinable());
        asio::post(shared_.context, [this] { door_->start(); });
        thread_ = std::thread([this] { shared_.context.run(); });
    }

    void stop() override { stop_all(); }

    void send(PeerEnvelope envelope) override {
        const auto outbox = shared_.board.outbox(envelope.to);
        if (!outbox || !outbox->is_open()) return;
        Bytes frame = encode_frame(envelope.message);
        if (frame.size() > peer_frame_bytes_max) return tell_too_long(envelope.to, frame.size());
        outbox->push(std::move(frame));
    }

    void set_peers(std::vector<Peer> peers) override {
        std::erase_if(peers, [&](const Peer& peer) { return peer.node == shared_.options.self; });
        asio::post(shared_.context, [this, peers = std::move(peers)] { take_peers(peers); });
    }

    std::vector<PeerLinkStatus> status() const override { return shared_.board.status(); }

private:
    void tell_too_long(raft::NodeId to, std::size_t bytes) {
        std::string why = "not sent to node " + std::to_string(to) + ": a frame of " +
                          std::to_string(bytes) + " bytes, at most " +
                          std::to_string(peer_frame_bytes_max);
        asio::post(shared_.context, [this, why = std::move(why)] { door_->tell(why); });
    }

    // Everything under way ends by itself, so the context runs out of work.
    void stop_all() {
        if (!thread_.joinable()) return;
        CHECK(std::this_thread::get_id() != thread_.get_id());
        asio::post(shared_.context, [this] {
            is_stopped_ = true;
            door_->close();
            for (const auto& [node, link] : outgoing_)
                link->cut();
            work_.reset();
        });
        thread_.join();
    }

    void take_peers(const std::vector<Peer>& peers) {
        if (is_stopped_) return;
        door_->set_peers(peers);
        std::erase_if(outgoing_, [&](const auto& entry) {
            if (std::ranges::find(peers, entry.second->peer()) != peers.end()) return false;
            entry.second->cut();
            if (std::ranges::find(peers, entry.first, &Peer::node) == peers.end())
                shared_.board.remove(entry.first);
            return true;
        });
        for (const Peer& peer : peers) {
            if (outgoing_.contains(peer.node)) continue;
            // Shared with its own coroutines.
            const auto link = std::make_shared<PeerOutgoing>(shared_, peer);
            outgoing_[peer.node] = link;
            link->start();
        }
    }

    PeerShared shared_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::unique_ptr<PeerDoor> door_;
    std::map<raft::NodeId, std::shared_ptr<PeerOutgoing>> outgoing_;
    bool is_stopped_ = false;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<PeerLinks>> PeerLinks::listen(PeerLinkOptions options,
                                                     PeerLinkEvents events) {
    auto tls = PeerTls::make(options.tls_key);
    if (!tls) return tls.error();
    auto links =
        std::make_unique<TlsPeerLinks>(std::move(options), std::move(events), std::move(*tls));
    if (auto opened = links->open(); !opened) return opened.error();
    return std::unique_ptr<PeerLinks>(std::move(links));
}

}  // namespace chancery::rpc
