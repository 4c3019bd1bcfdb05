// A network of real programs on this machine, whose nodes are killed, stopped, cut off and started
// again while clients submit; and the questions that must have one answer afterwards.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "consensus/registry/batch.h"
#include "crypto/keys/member_key.h"
#include "node/cli/network_folder.h"
#include "node/cli/process.h"
#include "rpc/http_client.h"
#include "tests/cluster/fault_proxy.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {

class Cluster {
public:
    struct Options {
        std::uint32_t nodes = 3;
        bool has_proxy = false;
        std::string settings = {};  // More lines of each node.toml.
    };
    explicit Cluster(const Options& options);
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    std::uint32_t count() const { return count_; }
    // Numbers from 1, as members have.
    void start(raft::NodeId node, const std::map<std::string, std::string>& environment = {});
    void start_all();
    void kill(raft::NodeId node);
    void signal(raft::NodeId node, int number);
    bool is_running(raft::NodeId node);
    std::optional<int> ended(raft::NodeId node);
    FaultProxy& proxy() { return *proxy_; }
    std::string data(raft::NodeId node) const;
    std::string diary(raft::NodeId node) const;
    const Hash& network_id() const { return network_id_; }
    keys::MemberKey issuer_key(raft::NodeId member) const;

    // What /v1/status of a node says; null if it does not answer.
    json::Value status(raft::NodeId node) const;
    // Who leads by its own word and is followed by a quorum; 0: nobody.
    raft::NodeId leader() const;
    bool accepts_writes(raft::NodeId node) const;
    // Waits until each of these accepts writes.
    bool is_ready(const std::vector<raft::NodeId>& nodes) const;
    bool is_ready() const;

    std::optional<rpc::ClientAnswer> get(raft::NodeId node, const std::string& target) const;
    std::optional<rpc::ClientAnswer> post_batch(raft::NodeId node, const Bytes& bulk) const;

    // Waits until all nodes show one size and root, which is at least `size`.
    bool agree(std::uint64_t size = 0) const;
    // Replays a stopped node's ledger from its disk; the exit status of `chancery audit replay`.
    int audit(raft::NodeId node) const;

private:
    std::string slug(raft::NodeId node) const;

    std::uint32_t count_;
    ScratchFolder folder_;
    Hash network_id_{};
    std::vector<std::uint16_t> public_ports_;
    std::vector<std::optional<cli::Process>> processes_;
    std::unique_ptr<FaultProxy> proxy_;
};

// Clients that submit batches of their own to any node, ask again elsewhere when they must, and
// keep what they were answered.
class Writers {
public:
    Writers(const Cluster& cluster, std::uint32_t clients);
    ~Writers() { stop(); }
    Writers(const Writers&) = delete;
    Writers& operator=(const Writers&) = delete;

    void stop();
    std::uint64_t answered() const { return answered_count_; }
    // The longest time from one answer to the next, over all clients together.
    std::chrono::milliseconds longest_gap() const;
    void forget_gap();
    // Every answer stands at every node, and says the same.
    ::testing::AssertionResult all_stand() const;

private:
    struct Answer {
        std::string id;  // As in /v1/batches/{id}.
        std::uint64_t first = 0;
    };
    void work(std::uint32_t client);
    void note(Answer answer);

    static std::atomic<std::uint32_t> clients_so_far_;  // No two of them share a nonce.
    const Cluster& cluster_;
    std::uint32_t first_;
    std::atomic<bool> is_stopping_ = false;
    std::atomic<std::uint64_t> answered_count_ = 0;
    mutable std::mutex mutex_;
    std::vector<Answer> answers_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration longest_{};
    std::vector<std::string> refused_;
    std::vector<std::thread> threads_;
};

}  // namespace chancery::test
