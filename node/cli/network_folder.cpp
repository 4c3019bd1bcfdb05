#include "node/cli/network_folder.h"

#include <cstring>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/client_context.h"
#include "node/cli/toml_file.h"
#include "node/config.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using keystore::Use;

constexpr mode_t folder_mode = 0700;
constexpr const char* want_name = "want 1 to 200 bytes without control characters";

std::string toml_string(const std::string& text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += letter;
    }
    return result + "\"";
}

constexpr const char* small_toml =
    "\n[limits]\npool_bytes = 16777216\n"
    "\n[storage]\njournal_segment_bytes = 8388608\njournal_tail_bytes = 67108864\n";

std::string node_toml(const NodePlan& plan) {
    return "# The node of " + plan.member.slug + ". Paths are relative to this file.\n" +
           "[node]\nmember = " + toml_string(plan.member.slug) +
           "\ngenesis = \"../genesis.json\"\ndata = \"data\"\n\n" +
           "[keys]\ncosigner = \"keys/cosigner.key\"\nnode = \"keys/node.key\"\n" +
           "log = \"keys/log.key\"\ntls = \"keys/tls.key\"\n" +
           "passphrase_file = \"keys/passphrase\"\n\n" +
           "[public]\nlisten = " + toml_string(plan.public_listen) +
           "\n\n[admin]\nlisten = " + toml_string(plan.admin_listen) +
           "\n\n[peer]\nlisten = " + toml_string(plan.peer_listen) + "\n" +
           (plan.is_small ? small_toml : "");
}

// Nodes on machines of their own may all listen at the same address: each is named once.
std::string node_list(const std::vector<NodePlan>& nodes) {
    std::set<std::string> named;
    std::string list;
    for (const NodePlan& node : nodes)
        if (named.insert(node.public_listen).second)
            list += (list.empty() ? "" : ", ") + toml_string("http://" + node.public_listen);
    return "[" + list + "]";
}

std::string client_toml(const std::vector<NodePlan>& nodes, const Hash& network_id) {
    const std::string keys = nodes.front().member.slug + "/keys/";
    return "# What `chancery` uses in the folder above this one. Paths are relative to this file.\n"
           "node = " +
           node_list(nodes) + "\nkey = " + toml_string(keys + "issuer.key") +
           "\npassphrase_file = " + toml_string(keys + "passphrase") +
           "\ntrust = \"trust.json\"\nnetwork_id = " + toml_string(to_hex(network_id)) +
           "\nstate = \"state\"\n";
}

// One key for the whole network, sealed for each member under its own passphrase.
class LogKey {
public:
    LogKey() : secret_(keystore::random_secret(Use::log)) {}
    LogKey(const LogKey&) = delete;
    LogKey& operator=(const LogKey&) = delete;
    ~LogKey() { ::explicit_bzero(secret_.data(), secret_.size()); }

    Result<std::string> vkey(const std::string& origin) const {
        return keystore::public_text(keystore::StoredKey({Use::log, origin}, secret_));
    }
    Result<void> seal(const std::string& path,
                      const std::string& origin,
                      const keystore::Passphrase& passphrase) const {
        return keystore::create_key_file(path, {Use::log, origin}, secret_, passphrase);
    }

private:
    Bytes secret_;
};

Result<json::Value> make_member(const NodePlan& plan,
                                const std::string& folder,
                                const std::string& origin,
                                const LogKey& log) {
    const std::string keys = node_folder(folder, plan.member.slug) + "/keys";
    if (const auto made = node::make_directories(keys, folder_mode); !made) return made.error();
    if (const auto made = keystore::create_passphrase_file(keys + "/passphrase"); !made)
        return made.error();
    const auto passphrase = keystore::read_passphrase(keys + "/passphrase");
    if (!passphrase) return passphrase.error();
    const auto member = make_member_folder(plan.member, keys, *passphrase);
    if (!member) return member.error();
    if (const auto sealed = log.seal(keys + "/log.key", origin, *passphrase); !sealed)
        return sealed.error();
    const auto written = node::create_file(
        node_folder(folder, plan.member.slug) + "/node.toml", node_toml(plan), node::public_mode);
    if (!written) return written.error();
    return member_json(*member);
}

Result<void> sign_all(ledger::Genesis& genesis, const std::string& folder) {
    for (const ledger::GenesisMember& member : genesis.members) {
        const std::string keys = node_folder(folder, member.slug) + "/keys/";
        const auto key = keystore::load_member_key({keys + "governance.key", keys + "passphrase"},
                                                   Use::governance);
        if (!key) return key.error();
        const auto slug = sign_genesis(genesis, *key);
        if (!slug) return slug.error();
    }
    return ledger::check_signatures(genesis);
}

struct File {
    std::string name;
    std::string content;
};

Error wrong_at(const TomlTable& table, const std::string& key, const std::string& want) {
    return {Errc::invalid, table.place_of(key) + ": " + key + ": " + want};
}

// As a genesis wants it: what is wrong is told before any key is made.
std::optional<Error> check(const TomlTable& table, const NodePlan& plan) {
    const MemberPlan& member = plan.member;
    if (table.has("did") && member.did.empty())
        return wrong_at(table, "did", "want a DID, or leave it out");
    // Where no URL is given, it is made of the address to listen at, which is looked at below.
    const auto fault = fault_of(member);
    if (fault && (fault->field != "url" || table.has("url")))
        return wrong_at(table, fault->field, fault->want);
    if (plan.peer_listen == member.peer_endpoint && !node::parse_listen(plan.peer_listen))
        return wrong_at(table, "peer", "is no address: want peer_listen too, as in 0.0.0.0:7443");
    for (const auto& [key, listen] : {std::pair{"public", &plan.public_listen},
                                      std::pair{"admin", &plan.admin_listen},
                                      std::pair{"peer_listen", &plan.peer_listen}})
        if (const auto parsed = node::parse_listen(*listen); !parsed)
            return wrong_at(table, key, parsed.error().detail);
    return std::nullopt;
}

Result<NodePlan> node_plan(const TomlTable& table) {
    NodePlan plan;
    plan.member.slug = table.text("slug");
    plan.member.name = table.text("name");
    plan.member.peer_endpoint = table.text("peer");
    plan.public_listen = table.text("public");
    plan.admin_listen = table.text("admin");
    plan.peer_listen =
        table.has("peer_listen") ? table.text("peer_listen") : plan.member.peer_endpoint;
    plan.member.public_endpoint =
        table.has("url") ? table.text("url") : "http://" + plan.public_listen;
    if (table.has("did")) plan.member.did = table.text("did");
    if (auto wrong = table.finish()) return *wrong;
    if (auto wrong = check(table, plan)) return *wrong;
    return plan;
}

std::optional<Error> check_network(const TomlTable& root, const NetworkPlan& plan) {
    if (!ledger::is_name(plan.name)) return wrong_at(root, "name", want_name);
    if (!note::is_key_name(plan.origin))
        return wrong_at(root, "origin", "want the log's name, as in registry.example/europe");
    if (plan.nodes.empty() || plan.nodes.size() > ledger::members_max)
        return wrong_at(root,
                        "member",
                        "got " + std::to_string(plan.nodes.size()) + " [[member]], want 1 to " +
                            std::to_string(ledger::members_max));
    std::set<std::string> slugs;
    for (const NodePlan& node : plan.nodes)
        if (!slugs.insert(node.member.slug).second)
            return wrong_at(root, "member", "slug " + node.member.slug + " twice, want each once");
    return std::nullopt;
}

Result<NetworkPlan> plan_in(const TomlFile& file) {
    const TomlTable root = file.root();
    NetworkPlan plan;
    plan.name = root.text("name");
    plan.origin = root.text("origin");
    const std::vector<TomlTable> members = root.tables("member");
    if (auto wrong = root.finish()) return *wrong;
    for (const TomlTable& table : members) {
        auto node = node_plan(table);
        if (!node) return node.error();
        plan.nodes.push_back(*std::move(node));
    }
    if (auto wrong = check_network(root, plan)) return *wrong;
    return plan;
}

}  // namespace

std::string node_folder(const std::string& folder, const std::string& slug) {
    return folder + "/" + slug;
}

Result<ledger::Genesis> make_network(const NetworkPlan& plan, const std::string& folder) {
    if (const auto made = node::make_directories(folder, folder_mode); !made) return made.error();
    const LogKey log;
    const auto vkey = log.vkey(plan.origin);
    if (!vkey) return vkey.error();
    json::Array members;
    for (const NodePlan& node : plan.nodes) {
        auto member = make_member(node, folder, plan.origin, log);
        if (!member) return member.error();
        members.push_back(*std::move(member));
    }
    auto genesis = draft_genesis({plan.name, plan.origin, *vkey, 0}, std::move(members));
    if (!genesis) return genesis.error();
    if (const auto done = sign_all(*genesis, folder); !done) return done.error();
    for (const File& file : {File{"genesis.json", json::pretty(ledger::to_json(*genesis))},
                             File{"trust.json", first_trust_file(*genesis)},
                             File{std::string(client_file_name),
                                  client_toml(plan.nodes, ledger::network_id(*genesis))}}) {
        const auto written =
            node::create_file(folder + "/" + file.name, file.content, node::public_mode);
        if (!written) return written.error();
    }
    return genesis;
}

Result<NetworkPlan> read_network_plan(const std::string& path) {
    const auto file = TomlFile::read(path);
    if (!file) return file.error();
    return plan_in(*file);
}

Result<NetworkPlan> parse_network_plan(const std::string& text, const std::string& path) {
    const auto file = TomlFile::parse(text, path);
    if (!file) return file.error();
    return plan_in(*file);
}

}  // namespace chancery::cli
