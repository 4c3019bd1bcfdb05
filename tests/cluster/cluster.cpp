#include "tests/cluster/cluster.h"

#include <csignal>
#include <ctime>
#include <fstream>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "node/keystore.h"
#include "tests/support/one_node.h"
#include "tests/support/test_network.h"

namespace chancery::test {
namespace {

using Steady = std::chrono::steady_clock;

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

}  // namespace

Cluster::Cluster(const Options& options) : count_(options.nodes), processes_(options.nodes) {
    cli::NetworkPlan plan{.name = "Cluster", .origin = "cluster.example/log", .nodes = {}};
    std::vector<std::string> real;
    for (raft::NodeId node = 1; node <= count_; ++node) {
        const std::string listen = free_listen();
        real.push_back(free_listen());
        public_ports_.push_back(port_of(listen));
        const cli::MemberPlan member{
            .slug = slug(node),
            .name = "University " + slug(node),
            .did = "",
            .peer_endpoint = options.has_proxy ? free_listen() : real.back(),
            .public_endpoint = "http://" + listen};
        plan.nodes.push_back({member, listen, free_listen(), real.back()});
    }
    const auto genesis = cli::make_network(plan, folder_ / "net");
    CHECK(genesis);
    network_id_ = ledger::network_id(*genesis);
    std::vector<rpc::PeerLinkOptions> fronts;
    for (raft::NodeId node = 1; node <= count_; ++node) {
        const std::string home = cli::node_folder(folder_ / "net", slug(node));
        std::ofstream(home + "/node.toml", std::ios::app) << "\n" << options.settings;
        const auto made = run({.program = "chanceryd",
                               .arguments = {"init", "--config", home + "/node.toml"},
                               .folder = folder_.path()});
        CHECK(made.status == 0);
        if (!options.has_proxy) continue;
        rpc::PeerLinkOptions front;
        front.self = node;
        front.network = network_id_;
        front.listen_port = port_of(genesis->members[node - 1].peer_endpoint);
        auto key = keystore::load_tls_key({home + "/keys/tls.key", home + "/keys/passphrase"});
        CHECK(key);
        front.tls_key = *key;
        for (raft::NodeId other = 1; other <= count_; ++other) {
            if (other == node) continue;
            front.peers.push_back(
                {other, slug(other), real[other - 1], genesis->members[other - 1].tls_spki_sha256});
        }
        fronts.push_back(std::move(front));
    }
    if (options.has_proxy) proxy_ = std::make_unique<FaultProxy>(std::move(fronts));
}

Cluster::~Cluster() {
    // One that a test stopped would not hear that it should end.
    for (raft::NodeId node = 1; node <= count_; ++node) {
        if (processes_[node - 1]) processes_[node - 1]->kill();
    }
}

std::string Cluster::slug(raft::NodeId node) const {
    return std::string("uni-") + static_cast<char>('a' + node - 1);
}

std::string Cluster::data(raft::NodeId node) const {
    return cli::node_folder(folder_ / "net", slug(node)) + "/data";
}

std::string Cluster::diary(raft::NodeId node) const { return folder_.read(slug(node) + ".log"); }

keys::MemberKey Cluster::issuer_key(raft::NodeId member) const {
    const std::string home = cli::node_folder(folder_ / "net", slug(member));
    auto key = keystore::load_member_key({home + "/keys/issuer.key", home + "/keys/passphrase"},
                                         keystore::Use::issuer);
    CHECK(key);
    return *key;
}

void Cluster::start(raft::NodeId node, const std::map<std::string, std::string>& environment) {
    CHECK(!processes_[node - 1]);
    const std::string home = cli::node_folder(folder_ / "net", slug(node));
    cli::ProcessPlan plan{
        .words = {CHANCERY_BIN "/chanceryd", "run", "--config", home + "/node.toml"},
        .environment = environment,
        .output = folder_ / (slug(node) + ".log"),
        .errors = folder_ / (slug(node) + ".log")};
    plan.environment.merge(bare_environment(folder_.path()));
    auto started = cli::Process::start(plan);
    CHECK(started);
    processes_[node - 1].emplace(*std::move(started));
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

std::optional<rpc::ClientAnswer> Cluster::post_batch(raft::NodeId node, const Bytes& bulk) const {
    rpc::ClientRequest request;
    request.method = rpc::Method::post;
    request.target = "/v1/batches";
    request.fields = {{"Content-Type", "application/octet-stream"}};
    request.body = std::string(text_of(bulk));
    return ask(public_ports_[node - 1], request);
}

json::Value Cluster::status(raft::NodeId node) const {
    const auto answer = get(node, "/v1/status");
    if (!answer || answer->status != 200) return {};
    auto parsed = json::parse(answer->body);
    return parsed ? std::move(*parsed) : json::Value{};
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

bool Cluster::is_ready(const std::vector<raft::NodeId>& nodes) const {
    return eventually([&] {
        return std::ranges::all_of(nodes,
                                   [this](raft::NodeId node) { return accepts_writes(node); }) &&
               leader() != 0;
    });
}

bool Cluster::is_ready() const {
    std::vector<raft::NodeId> all;
    for (raft::NodeId node = 1; node <= count_; ++node)
        all.push_back(node);
    return is_ready(all);
}

bool Cluster::agree(std::uint64_t size) const {
    return eventually([&] {
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
    });
}

int Cluster::audit(raft::NodeId node) const {
    return run({.program = "chancery",
                .arguments = {"audit", "replay", data(node)},
                .folder = folder_.path()})
        .status;
}

std::atomic<std::uint32_t> Writers::clients_so_far_ = 0;

Writers::Writers(const Cluster& cluster, std::uint32_t clients)
    : cluster_(cluster), first_(clients_so_far_.fetch_add(clients)) {
    for (std::uint32_t client = 0; client < clients; ++client)
        threads_.emplace_back([this, client] { work(client); });
}

void Writers::stop() {
    is_stopping_ = true;
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void Writers::note(Answer answer) {
    const std::scoped_lock lock(mutex_);
    const auto now = Steady::now();
    longest_ = std::max(longest_, now - last_);
    last_ = now;
    answers_.push_back(std::move(answer));
    ++answered_count_;
}

std::chrono::milliseconds Writers::longest_gap() const {
    const std::scoped_lock lock(mutex_);
    return std::chrono::duration_cast<std::chrono::milliseconds>(longest_);
}

void Writers::forget_gap() {
    const std::scoped_lock lock(mutex_);
    longest_ = {};
    last_ = Steady::now();
}

// The same batch until it is answered, whoever answers: at another node each time.
void Writers::work(std::uint32_t client) {
    const auto member = static_cast<raft::NodeId>(client % cluster_.count() + 1);
    const keys::MemberKey key = cluster_.issuer_key(member);
    std::uint64_t number = 0;
    raft::NodeId node = member;
    while (!is_stopping_) {
        ++number;
        registry::BatchDraft draft;
        draft.member = member;
        draft.key_number = 1;
        draft.nonce = nonce_of((std::uint64_t{first_ + client} << 32) + number);
        draft.expires = static_cast<std::uint64_t>(std::time(nullptr)) * 1'000 + 3'600'000;
        std::vector<Hash> commitments;
        for (std::uint64_t i = 0; i < 3; ++i)
            commitments.push_back(
                commitment_of((std::uint64_t{first_ + client} << 40) + number * 4 + i));
        const auto bulk = registry::make_bulk(
            draft, credential_bodies(commitments), cluster_.network_id(), key, Hash{});
        CHECK(bulk);
        while (!is_stopping_) {
            const auto answer = cluster_.post_batch(node, *bulk);
            const bool is_sealed = answer && (answer->status == 200 || answer->status == 201);
            if (is_sealed) {
                const auto told = json::parse(answer->body);
                CHECK(told && told->find("first") != nullptr);
                note({*told->find("id")->as_string(),
                      static_cast<std::uint64_t>(*told->find("first")->as_integer())});
                break;
            }
            if (answer && answer->status >= 400 && answer->status < 500 && answer->status != 429) {
                const std::scoped_lock lock(mutex_);
                refused_.push_back(answer->body);
            }
            node = node % cluster_.count() + 1;
        }
    }
}

::testing::AssertionResult Writers::all_stand() const {
    const std::scoped_lock lock(mutex_);
    if (!refused_.empty()) {
        return ::testing::AssertionFailure() << "a good batch was refused: " << refused_.front();
    }
    for (const Answer& answer : answers_) {
        for (raft::NodeId node = 1; node <= cluster_.count(); ++node) {
            const auto found = cluster_.get(node, "/v1/batches/" + answer.id);
            if (!found || found->status != 200) {
                return ::testing::AssertionFailure() << "batch " << answer.id << " at node " << node
                                                     << ": " << (found ? found->status : 0);
            }
            const auto told = json::parse(found->body);
            const json::Value* const first = told ? told->find("first") : nullptr;
            if (first == nullptr ||
                static_cast<std::uint64_t>(*first->as_integer()) != answer.first) {
                return ::testing::AssertionFailure()
                       << "batch " << answer.id << " was answered at position " << answer.first
                       << ", node " << node << " says " << found->body;
            }
        }
    }
    return ::testing::AssertionSuccess();
}

}  // namespace chancery::test
