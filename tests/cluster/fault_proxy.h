// The wire between the nodes of a cluster under test, frame by frame: what one says to another goes
// through here, and may be dropped, delayed, said twice or said again much later.
//
// Nobody can sit between two nodes without their keys. The proxy has them: for each member it
// listens where genesis says that the member's node is, and speaks to the real nodes in its name.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "crypto/base/check.h"
#include "rpc/peer_links.h"
#include "tests/cluster/delay_line.h"

namespace chancery::test {

class FaultProxy {
public:
    // What happens to one frame. More than one copy repeats it; none loses it.
    using Rule = std::function<std::vector<rpc::PeerMessage>(
        raft::NodeId from, raft::NodeId to, rpc::PeerMessage message)>;
    // How long a frame is on its way; those between the same two keep their order.
    using Delay = std::function<std::chrono::milliseconds(raft::NodeId from, raft::NodeId to)>;

    // Options in the name of each member: listening where genesis says, dialling the real nodes.
    explicit FaultProxy(std::vector<rpc::PeerLinkOptions> members)
        : line_(
              [this](raft::NodeId to, rpc::PeerMessage message) { say(to, std::move(message)); }) {
        for (rpc::PeerLinkOptions& options : members) {
            const raft::NodeId self = options.self;
            rpc::PeerLinkEvents events;
            events.received = [this, self](raft::NodeId from, rpc::PeerMessage message) {
                pass(from, self, std::move(message));
            };
            events.contact = [](raft::NodeId) {};
            events.connected = [](raft::NodeId) {};
            events.lost = [](raft::NodeId, const std::string&) {};
            events.refused = [](const std::string&, const std::string&) {};
            peers_[self] = options.peers;
            auto links = rpc::PeerLinks::listen(std::move(options), std::move(events));
            CHECK(links);
            links_[self] = std::move(*links);
        }
        for (auto& [self, links] : links_)
            links->start();
    }
    ~FaultProxy() {
        for (auto& [self, links] : links_)
            links->stop();
    }
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    // From now on; an empty rule passes everything.
    void set_rule(Rule rule) {
        const std::scoped_lock lock(mutex_);
        rule_ = std::move(rule);
    }
    // Nothing goes from one of `these` to anybody else, or back.
    void isolate(const std::vector<raft::NodeId>& these, bool only_outwards = false) {
        set_rule(
            [these, only_outwards](raft::NodeId from, raft::NodeId to, rpc::PeerMessage message) {
                const auto is_inside = [&these](raft::NodeId node) {
                    return std::find(these.begin(), these.end(), node) != these.end();
                };
                const bool leaves = is_inside(from) && !is_inside(to);
                const bool enters = !is_inside(from) && is_inside(to);
                std::vector<rpc::PeerMessage> passed;
                if (!leaves && (only_outwards || !enters)) passed.push_back(std::move(message));
                return passed;
            });
    }
    // From now on; an empty one delays nothing but what is on its way.
    void set_delay(Delay delay) {
        const std::scoped_lock lock(mutex_);
        delay_ = std::move(delay);
    }
    // What `from` says to `to` goes to the node there from now on.
    void redirect(raft::NodeId from, raft::NodeId to, const std::string& endpoint) {
        std::vector<rpc::Peer>& peers = peers_.at(from);
        std::ranges::find(peers, to, &rpc::Peer::node)->endpoint = endpoint;
        links_.at(from)->set_peers(peers);
    }
    void heal() {
        set_rule({});
        set_delay({});
    }

    std::uint64_t passed() const {
        const std::scoped_lock lock(mutex_);
        return passed_;
    }
    // Every hundredth frame that passed, the newest thousand: for playing them again.
    std::vector<std::pair<raft::NodeId, rpc::PeerMessage>> recorded() const {
        const std::scoped_lock lock(mutex_);
        return {recorded_.begin(), recorded_.end()};
    }
    // Says a message in the name of its sender.
    void say(raft::NodeId to, rpc::PeerMessage message) {
        const raft::NodeId from = message.sender;
        links_.at(from)->send({to, std::move(message)});
    }

private:
    void pass(raft::NodeId from, raft::NodeId to, rpc::PeerMessage message) {
        Rule rule;
        Delay delay;
        {
            const std::scoped_lock lock(mutex_);
            rule = rule_;
            delay = delay_;
            if (++passed_ % 100 == 0) recorded_.emplace_back(to, message);
            if (recorded_.size() > 1'000) recorded_.pop_front();
        }
        std::vector<rpc::PeerMessage> passed;
        if (rule) {
            passed = rule(from, to, std::move(message));
        } else {
            passed.push_back(std::move(message));
        }
        for (rpc::PeerMessage& each : passed)
            line_.put(to, std::move(each), delay ? delay(from, to) : std::chrono::milliseconds(0));
    }

    mutable std::mutex mutex_;
    Rule rule_;
    Delay delay_;
    std::uint64_t passed_ = 0;
    std::deque<std::pair<raft::NodeId, rpc::PeerMessage>> recorded_;
    std::map<raft::NodeId, std::vector<rpc::Peer>> peers_;  // Of the test's thread.
    std::map<raft::NodeId, std::unique_ptr<rpc::PeerLinks>> links_;
    DelayLine line_;  // Last: it speaks through the links until it is gone.
};

}  // namespace chancery::test
