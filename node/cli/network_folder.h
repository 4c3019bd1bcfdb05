// A whole network on one machine, made from a plan: keys, genesis, trust and a configuration for
// each node. For trying things out; a real member makes its keys on its own machine.
//
//     <folder>/genesis.json  trust.json  client.toml
//     <folder>/<slug>/node.toml  member.json  keys/*.key  keys/passphrase
#pragma once

#include <string>
#include <vector>

#include "node/cli/member_folder.h"

namespace chancery::cli {

struct NodePlan {
    MemberPlan member;
    std::string public_listen;  // address:port
    std::string admin_listen;
    std::string peer_listen;
    bool is_small = false;  // Little memory and journal: one of several on a machine.
};

struct NetworkPlan {
    std::string name;
    std::string origin;
    std::vector<NodePlan> nodes;
};

// Errc::conflict if one of the files is there already; nothing is replaced.
Result<ledger::Genesis> make_network(const NetworkPlan& plan, const std::string& folder);

// From network.toml: name, origin and [[member]] with slug, name, public, admin, peer, and
// where they are not the obvious ones did, url and peer_listen.
// Errc::invalid with line and column for what no genesis could hold.
Result<NetworkPlan> read_network_plan(const std::string& path);
Result<NetworkPlan> parse_network_plan(const std::string& text, const std::string& path);

std::string node_folder(const std::string& folder, const std::string& slug);

}  // namespace chancery::cli
