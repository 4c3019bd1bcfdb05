#include "tests/cluster/made_network.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "crypto/base/check.h"
#include "crypto/keys/key_seal.h"
#include "node/cli/network_folder.h"
#include "node/keystore.h"
#include "tests/support/one_node.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t cheapest_scrypt_n = 1U << 10;

// Over the same file, so that it stays its owner's alone.
void seal_cheaply(const std::string& path, const std::string& passphrase_file) {
    const auto key = keystore::open_key_file({path, passphrase_file});
    const auto passphrase = keystore::read_passphrase(passphrase_file);
    CHECK(key && passphrase);
    keys::SealParameters parameters;
    parameters.salt = keystore::random_hash();
    parameters.scrypt_n = cheapest_scrypt_n;
    const auto sealed = keys::seal_key(
        key->secret(), keystore::to_text(key->label()), passphrase->text(), parameters);
    CHECK(sealed);
    std::ofstream(path, std::ios::trunc) << *sealed;
}

// A member's keys, seven files of them.
void seal_all_cheaply(const std::string& folder) {
    for (const auto& file : fs::directory_iterator(folder)) {
        if (file.path().extension() == ".key")
            seal_cheaply(file.path().string(), folder + "/passphrase");
    }
}

MadeNetwork make(const std::string& folder, std::uint32_t nodes, bool has_proxy) {
    std::vector<MadeNetwork::Member> members;
    cli::NetworkPlan plan{.name = "Cluster", .origin = "cluster.example/log", .nodes = {}};
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const std::string slug = std::string("uni-") + static_cast<char>('a' + node);
        const MadeNetwork::Member made{slug, free_listen(), free_listen()};
        const cli::MemberPlan member{.slug = slug,
                                     .name = "University " + slug,
                                     .did = "",
                                     .peer_endpoint = has_proxy ? free_listen() : made.peer_listen,
                                     .public_endpoint = "http://" + made.public_listen};
        plan.nodes.push_back({member, made.public_listen, free_listen(), made.peer_listen, true});
        members.push_back(made);
    }
    auto genesis = cli::make_network(plan, folder);
    CHECK(genesis);
    for (const MadeNetwork::Member& member : members)
        seal_all_cheaply(cli::node_folder(folder, member.slug) + "/keys");
    return {folder, *std::move(genesis), std::move(members)};
}

struct Held {
    ScratchFolder folder;
    MadeNetwork network;

    Held(std::uint32_t nodes, bool has_proxy) : network(make(folder / "net", nodes, has_proxy)) {}
};

}  // namespace

const MadeNetwork& made_network(std::uint32_t nodes, bool has_proxy) {
    static std::map<std::pair<std::uint32_t, bool>, std::unique_ptr<Held>> all;
    std::unique_ptr<Held>& held = all[{nodes, has_proxy}];
    if (held == nullptr) held = std::make_unique<Held>(nodes, has_proxy);
    return held->network;
}

}  // namespace chancery::test
