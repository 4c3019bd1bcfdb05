// A network of real programs on this machine, whose nodes are killed, stopped, cut off and started
// again while clients submit; and the questions that must have one answer afterwards.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/keys/member_key.h"
#include "node/cli/network_folder.h"
#include "node/cli/process.h"
#include "node/keystore.h"
#include "rpc/http_client.h"
#include "tests/cluster/fault_proxy.h"
#include "tests/cluster/machine_shim.h"
#include "tests/cluster/made_network.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {

// A second node of one member.
class Twin {
public:
    struct Place {
        std::uint16_t public_port = 0;
        std::string peer_listen;  // address:port
        std::string diary_path;
    };
    Twin(cli::Process process, Place place)
        : process_(std::move(process)), place_(std::move(place)) {}

    json::Value status() const;
    std::string diary() const;
    const std::string& peer_listen() const { return place_.peer_listen; }
    std::optional<int> ended() { return process_.ended(); }
    void kill() { process_.kill(); }

private:
    cli::Process process_;
    Place place_;
};

class Cluster {
public:
    struct Options {
        std::uint32_t nodes = 3;
        bool has_proxy = false;
        bool has_shims = false;  // Each node obeys its machine().
        // Of every node: settings as CHANCERY_… variables.
        std::map<std::string, std::string> environment = {};
    };
    explicit Cluster(const Options& options);
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    std::uint32_t count() const { return count_; }
    // Numbers from 1, as members have.
    void start(raft::NodeId node);
    // The same node once more: the same keys, at other addresses, on this copy of its disk.
    std::unique_ptr<Twin> start_twin(raft::NodeId node, const std::string& data) const;
    void start_all();
    void kill(raft::NodeId node);
    void signal(raft::NodeId node, int number);
    bool is_running(raft::NodeId node);
    std::optional<int> ended(raft::NodeId node);
    FaultProxy& proxy() { return *proxy_; }
    MachineFaults& machine(raft::NodeId node) { return shims_[node - 1]->faults(); }
    std::string data(raft::NodeId node) const;
    std::string peer_listen(raft::NodeId node) const;  // Where it is, proxy or not.
    std::string diary(raft::NodeId node) const;
    const Hash& network_id() const { return network_id_; }
    keys::MemberKey issuer_key(raft::NodeId member) const;
    keys::MemberKey governance_key(raft::NodeId member) const;

    // What /v1/status of a node says; null if it does not answer.
    json::Value status(raft::NodeId node) const;
    std::uint64_t size(raft::NodeId node) const;  // 0 if it does not answer.
    // Who leads by its own word and is followed by a quorum; 0: nobody.
    raft::NodeId leader() const;
    bool accepts_writes(raft::NodeId node) const;
    // Waits until each of these accepts writes and follows the one leader. If they do not, says
    // what each shows and how its diary ends.
    testing::AssertionResult is_ready(const std::vector<raft::NodeId>& nodes) const;
    testing::AssertionResult is_ready() const;

    std::optional<rpc::ClientAnswer> get(raft::NodeId node, const std::string& target) const;
    std::optional<rpc::ClientAnswer> send(raft::NodeId node,
                                          const rpc::ClientRequest& request) const;
    std::optional<rpc::ClientAnswer> post_batch(raft::NodeId node, const Bytes& bulk) const;

    // Waits until all nodes show one size and root, which is at least `size`.
    bool agree(std::uint64_t size = 0) const;
    // Replays a stopped node's ledger from its disk; the exit status of `chancery audit replay`.
    int audit(raft::NodeId node) const;

private:
    keys::MemberKey member_key_of(raft::NodeId member, keystore::Use use) const;
    std::string slug(raft::NodeId node) const;
    std::string home(raft::NodeId node) const;
    bool follows(raft::NodeId node, raft::NodeId leader) const;
    std::string look_of(raft::NodeId node) const;

    std::uint32_t count_;
    std::map<std::string, std::string> environment_;
    const MadeNetwork* made_;  // Lives as long as the process.
    ScratchFolder folder_;
    Hash network_id_{};
    std::vector<std::uint16_t> public_ports_;
    std::vector<std::unique_ptr<MachineShim>> shims_;
    std::vector<std::optional<cli::Process>> processes_;
    std::unique_ptr<FaultProxy> proxy_;
};

}  // namespace chancery::test
