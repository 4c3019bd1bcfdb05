#include "tests/cluster/cluster.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/keystore.h"
#include "tests/support/one_node.h"

namespace chancery::test {
namespace {

namespace fs = std::filesystem;

// Each asks several nodes, which have other things to do.
constexpr std::chrono::milliseconds pause_between_questions{20};

std::uint16_t port_of(const std::string& listen) {
    return static_cast<std::uint16_t>(std::stoul(listen.substr(listen.rfind(':') + 1)));
}

std::optional<rpc::ClientAnswer> ask(std::uint16_t port, const rpc::ClientRequest& request) {
    const auto url = rpc::parse_url("http://127.0.0.1:" + std::to_string(port));
    CHECK(url);
    rpc::ClientOptions options;
    options.connect_timeout = std::chrono::milliseconds(1'000);
    options.answer_timeout = std::chrono::milliseconds(8'000);
    auto client = rpc::HttpClient::to(*url, options);
    CHECK(client);
    auto answer = client->send(request);
    if (!answer) return std::nullopt;
    return std::move(*answer);
}

json::Value ask_status(std::uint16_t port) {
    rpc::ClientRequest request;
    request.target = "/v1/status";
    const auto answer = ask(port, request);
    if (!answer || answer->status != 200) return {};
    auto parsed = json::parse(answer->body);
    return parsed ? std::move(*parsed) : json::Value{};
}

// In each member's name: listening where genesis says, dialling where the nodes are.
std::vector<rpc::PeerLinkOptions> fronts(const MadeNetwork& made, const std::string& folder) {
    std::vector<rpc::PeerLinkOptions> all;
    for (raft::NodeId node = 1; node <= made.members.size(); ++node) {
        const std::string keys = cli::node_folder(folder, made.members[node - 1].slug) + "/keys/";
        auto key = keystore::load_tls_key({keys + "tls.key", keys + "passphrase"});
        CHECK(key);
        rpc::PeerLinkOptions front;
        front.self = node;
        front.network = ledger::network_id(made.genesis);
        front.listen_port = port_of(made.genesis.members[node - 1].peer_endpoint);
        front.tls_key = *key;
        for (raft::NodeId other = 1; other <= made.members.size(); ++other) {
            const MadeNetwork::Member& member = made.members[other - 1];
            if (other == node) continue;
            front.peers.push_back({other,
                                   member.slug,
                                   member.peer_listen,
                                   made.genesis.members[other - 1].tls_spki_sha256});
        }
        all.push_back(std::move(front));
    }
    return all;
}

}  // namespace

json::Value Twin::status() const { return ask_status(place_.public_port); }

std::string Twin::diary() const {
    std::ostringstream text;
    text << std::ifstream(place_.diary_path).rdbuf();
    return text.str();
}

Cluster::Cluster(const Options& options)
    : count_(options.nodes),
      environment_(options.environment),
      made_(&made_network(options.nodes, options.has_proxy)),
      processes_(options.nodes) {
    fs::copy(made_->folder, folder_ / "net", fs::copy_options::recursive);
    network_id_ = ledger::network_id(made_->genesis);
    for (raft::NodeId node = 1; node <= count_; ++node) {
        public_ports_.push_back(port_of(made_->members[node - 1].public_listen));
        const auto begun = run({.program = "chanceryd",
                                .arguments = {"init", "--config", home(node) + "/node.toml"},
                                .folder = folder_.path()});
        CHECK(begun.status == 0);
        if (!options.has_shims) continue;
        shims_.push_back(
            std::make_unique<MachineShim>(folder_ / (slug(node) + ".faults"), data(node)));
    }
    if (options.has_proxy) proxy_ = std::make_unique<FaultProxy>(fronts(*made_, folder_ / "net"));
}

Cluster::~Cluster() {
    // One that a test stopped would not hear that it should end.
    for (raft::NodeId node = 1; node <= count_; ++node) {
        if (processes_[node - 1]) processes_[node - 1]->kill();
    }
}

std::string Cluster::slug(raft::NodeId node) const { return made_->members[node - 1].slug; }

std::string Cluster::home(raft::NodeId node) const {
    return cli::node_folder(folder_ / "net", slug(node));
}

std::string Cluster::data(raft::NodeId node) const { return home(node) + "/data"; }

std::string Cluster::peer_listen(raft::NodeId node) const {
    return made_->members[node - 1].peer_listen;
}

std::string Cluster::diary(raft::NodeId node) const { return folder_.read(slug(node) + ".log"); }

keys::MemberKey Cluster::issuer_key(raft::NodeId member) const {
    return member_key_of(member, keystore::Use::issuer);
}

keys::MemberKey Cluster::governance_key(raft::NodeId member) const {
    return member_key_of(member, keystore::Use::governance);
}

keys::MemberKey Cluster::member_key_of(raft::NodeId member, keystore::Use use) const {
    const std::string keys = home(member) + "/keys/";
    auto key = keystore::load_member_key(
        {keys + std::string(keystore::name_of(use)) + ".key", keys + "passphrase"}, use);
    CHECK(key);
    return *key;
}

void Cluster::start(raft::NodeId node) {
    CHECK(!processes_[node - 1]);
    cli::ProcessPlan plan{
        .words = {CHANCERY_BIN "/chanceryd", "run", "--config", home(node) + "/node.toml"},
        .environment = environment_,
        .output = folder_ / (slug(node) + ".log"),
        .errors = folder_ / (slug(node) + ".log")};
    plan.environment.merge(bare_environment(folder_.path()));
    if (!shims_.empty()) plan.environment.merge(shims_[node - 1]->environment());
    auto started = cli::Process::start(plan);
    CHECK(started);
    processes_[node - 1].emplace(*std::move(started));
}

std::unique_ptr<Twin> Cluster::start_twin(raft::NodeId node, const std::string& data) const {
    const std::string listen = free_listen();
    const Twin::Place place{port_of(listen), free_listen(), folder_ / (slug(node) + "-twin.log")};
    cli::ProcessPlan plan{.words = {CHANCERY_BIN "/chanceryd",
                                    "run",
                                    "--config",
                                    home(node) + "/node.toml",
                                    "--data",
                                    data,
                                    "--public-listen",
                                    listen,
                                    "--admin-listen",
                                    free_listen(),
                                    "--peer-listen",
                                    place.peer_listen},
                          .environment = environment_,
                          .output = place.diary_path,
                          .errors = place.diary_path};
    plan.environment.merge(bare_environment(folder_.path()));
    auto started = cli::Process::start(plan);
    CHECK(started);
    return std::make_unique<Twin>(*std::move(started), place);
}

void Cluster::start_all() {
    for (raft::NodeId node = 1; node <= count_; ++node)
        start(node);
}

void Cluster::kill(raft::NodeId node) {
    processes_[node - 1]->kill();
    processes_[node - 1].reset();
}

void Cluster::signal(raft::NodeId node, int number) {
    CHECK(::kill(processes_[node - 1]->id(), number) == 0);
}

std::optional<int> Cluster::ended(raft::NodeId node) { return processes_[node - 1]->ended(); }

bool Cluster::is_running(raft::NodeId node) {
    return processes_[node - 1].has_value() && !processes_[node - 1]->ended();
}

std::optional<rpc::ClientAnswer> Cluster::get(raft::NodeId node, const std::string& target) const {
    rpc::ClientRequest request;
    request.target = target;
    return ask(public_ports_[node - 1], request);
}

std::optional<rpc::ClientAnswer> Cluster::send(raft::NodeId node,
                                               const rpc::ClientRequest& request) const {
    return ask(public_ports_[node - 1], request);
}

std::optional<rpc::ClientAnswer> Cluster::post_batch(raft::NodeId node, const Bytes& bulk) const {
    rpc::ClientRequest request;
    request.method = rpc::Method::post;
    request.target = "/v1/batches";
    request.fields = {{"Content-Type", "application/octet-stream"}};
    request.body = std::string(text_of(bulk));
    return send(node, request);
}

json::Value Cluster::status(raft::NodeId node) const { return ask_status(public_ports_[node - 1]); }

std::uint64_t Cluster::size(raft::NodeId node) const {
    const json::Value told = status(node);
    const json::Value* const size = told.find("size");
    return size == nullptr ? 0 : static_cast<std::uint64_t>(*size->as_integer());
}

raft::NodeId Cluster::leader() const {
    for (raft::NodeId node = 1; node <= count_; ++node) {
        const json::Value told = status(node);
        const json::Value* const role = told.find("role");
        if (role != nullptr && *role->as_string() == "leader") return node;
    }
    return 0;
}

bool Cluster::accepts_writes(raft::NodeId node) const {
    const json::Value told = status(node);
    const json::Value* const accepts = told.find("accepts_writes");
    return accepts != nullptr && *accepts->as_bool();
}

bool Cluster::follows(raft::NodeId node, raft::NodeId leader) const {
    const json::Value told = status(node);
    const json::Value* const accepts = told.find("accepts_writes");
    const json::Value* const named = told.find("leader");
    return accepts != nullptr && *accepts->as_bool() && named != nullptr &&
           named->as_string() != nullptr && *named->as_string() == slug(leader);
}

std::string Cluster::look_of(raft::NodeId node) const {
    constexpr std::size_t diary_bytes = 4'000;
    const std::string all = diary(node);
    return "\nnode " + std::to_string(node) + " shows " + json::canonical(status(node)) +
           "\nand its diary ends\n" + all.substr(all.size() - std::min(all.size(), diary_bytes));
}

testing::AssertionResult Cluster::is_ready(const std::vector<raft::NodeId>& nodes) const {
    const auto is_it = [&] {
        const raft::NodeId leads = leader();
        return leads != 0 && std::ranges::all_of(nodes, [this, leads](raft::NodeId node) {
                   return follows(node, leads);
               });
    };
    if (eventually(is_it, pause_between_questions)) return testing::AssertionSuccess();
    auto failure = testing::AssertionFailure() << "they do not follow one leader:";
    for (const raft::NodeId node : nodes)
        failure << look_of(node);
    return failure;
}

testing::AssertionResult Cluster::is_ready() const {
    std::vector<raft::NodeId> all;
    for (raft::NodeId node = 1; node <= count_; ++node)
        all.push_back(node);
    return is_ready(all);
}

bool Cluster::agree(std::uint64_t size) const {
    const auto is_one = [&] {
        std::optional<std::pair<std::uint64_t, std::string>> first;
        for (raft::NodeId node = 1; node <= count_; ++node) {
            const json::Value told = status(node);
            if (told.find("size") == nullptr) return false;
            const std::pair head(static_cast<std::uint64_t>(*told.find("size")->as_integer()),
                                 *told.find("root")->as_string());
            if (head.first < size || (first && *first != head)) return false;
            first = head;
        }
        return true;
    };
    return eventually(is_one, pause_between_questions);
}

int Cluster::audit(raft::NodeId node) const {
    return run({.program = "chancery",
                .arguments = {"audit", "replay", data(node)},
                .folder = folder_.path()})
        .status;
}

}  // namespace chancery::test
