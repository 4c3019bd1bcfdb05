#include "node/cli/sandbox.h"

#include <filesystem>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/demo_badges.h"
#include "node/cli/node_client.h"
#include "node/config.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark_name = ".chancery-sandbox";
constexpr std::string_view mark_text =
    "Made by `chancery sandbox`; `chancery sandbox clean` removes "
    "this folder with all its keys.\n";
constexpr std::string_view sandbox_user = "a sandbox";
constexpr std::string_view member_slug = "uni-a";
constexpr std::uint16_t public_port = 8443;
constexpr std::uint16_t admin_port = 9464;
constexpr std::uint16_t peer_port = 7443;
constexpr std::chrono::seconds start_wait{30};
constexpr std::chrono::milliseconds start_poll_interval{25};
constexpr std::size_t diary_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t diary_end_bytes = 800;
constexpr int daemon_missing = 127;

// The wanted port of 127.0.0.1 if it is free, else any that is; 0 if there is none.
std::uint16_t free_port(std::uint16_t wanted) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return 0;
    std::uint16_t found = 0;
    for (const std::uint16_t port : {wanted, std::uint16_t{0}}) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        socklen_t length = sizeof(address);
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket, plain, length) != 0) continue;
        if (::getsockname(socket, plain, &length) == 0) found = ntohs(address.sin_port);
        break;
    }
    ::close(socket);
    return found;
}

Result<NetworkPlan> sandbox_plan() {
    const std::uint16_t port = free_port(public_port);
    const std::uint16_t admin = free_port(admin_port);
    const std::uint16_t peer = free_port(peer_port);
    if (port == 0 || admin == 0 || peer == 0) return Error{Errc::io, "no free port on 127.0.0.1"};
    const std::string listen = "127.0.0.1:" + std::to_string(port);
    const std::string peer_listen = "127.0.0.1:" + std::to_string(peer);
    const MemberPlan member{.slug = std::string(member_slug),
                            .name = "Demo University",
                            .did = "",
                            .peer_endpoint = peer_listen,
                            .public_endpoint = "http://" + listen};
    return NetworkPlan{
        .name = "Sandbox",
        .origin = "sandbox.example/registry",
        .nodes = {{member, listen, "127.0.0.1:" + std::to_string(admin), peer_listen}}};
}

std::string found_beside_us(const std::string& program) {
    const fs::path beside = fs::path(own_program()).parent_path() / program;
    std::error_code error;
    return fs::exists(beside, error) ? beside.string() : std::string();
}

Result<ledger::Genesis> read_sandbox_genesis(const std::string& folder) {
    const auto text = node::read_file(folder + "/genesis.json", ledger::genesis_bytes_max);
    if (!text) return text.error();
    return ledger::parse_genesis(*text);
}

bool is_ours(const std::string& folder) {
    std::error_code error;
    return fs::exists(fs::path(folder) / mark_name, error);
}

Error not_ours(const std::string& folder) {
    return {Errc::conflict, folder + ": is there and is no sandbox"};
}

Result<void> fill(const std::string& folder) {
    const auto plan = sandbox_plan();
    if (!plan) return plan.error();
    const auto marked =
        node::create_file(folder + "/" + std::string(mark_name), mark_text, node::public_mode);
    if (!marked) return marked.error();
    const auto made = make_network(*plan, folder);
    if (!made) return made.error();
    return {};
}

}  // namespace

Result<Sandbox> Sandbox::open(const std::string& named) {
    std::error_code error;
    const std::string folder = fs::absolute(named, error).lexically_normal().string();
    const bool is_new = !fs::exists(folder, error);
    if (!is_new && !is_ours(folder)) return not_ours(folder);
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    auto lock = FolderLock::take(folder, sandbox_user);
    if (!lock) return lock.error();
    if (is_new)
        if (const auto made = fill(folder); !made) return made.error();
    // The last file that is made; without it, the making was broken off.
    if (!fs::exists(folder + "/" + std::string(client_file_name), error))
        return Error{Errc::conflict,
                     folder + ": was never finished; chancery sandbox clean removes it"};
    auto genesis = read_sandbox_genesis(folder);
    if (!genesis) return genesis.error();
    Sandbox sandbox(folder, *std::move(genesis), *std::move(lock));
    sandbox.url_ = sandbox.genesis_.members.front().public_endpoint;
    return sandbox;
}

Result<void> Sandbox::remove(const std::string& folder) {
    std::error_code error;
    if (!fs::exists(folder, error)) return Error{Errc::not_found, folder + ": is not there"};
    if (!is_ours(folder)) return not_ours(folder);
    const auto lock = FolderLock::take(folder, sandbox_user);
    if (!lock) return lock.error();
    fs::remove_all(folder, error);
    if (error) return Error{Errc::io, folder + ": " + error.message()};
    return {};
}

std::string Sandbox::diary() const {
    return node_folder(folder_, std::string(member_slug)) + "/chanceryd.log";
}

std::string Sandbox::diary_end() const {
    const auto text = node::read_file(diary(), diary_bytes_max);
    if (!text) return {};
    return text->size() > diary_end_bytes ? "…" + text->substr(text->size() - diary_end_bytes)
                                          : *text;
}

Result<void> Sandbox::run_node(const std::string& program, const std::string& command) {
    const std::string folder = node_folder(folder_, std::string(member_slug));
    auto started = Process::start({.words = {program, command, "--config", folder + "/node.toml"},
                                   .environment = plain_environment(),
                                   .output = diary(),
                                   .errors = diary()});
    if (!started) return started.error();
    if (command == "run") {
        node_.emplace(*std::move(started));
        return {};
    }
    const int status = started->wait();
    if (status == 0) return {};
    if (status == daemon_missing) return Error{Errc::not_found, program + ": cannot be run"};
    return Error{Errc::io,
                 "chanceryd " + command + " ended with status " + std::to_string(status) + ":\n" +
                     diary_end()};
}

// While our node fails to get its port, whoever has it may answer in its place.
Result<void> Sandbox::check_ours(NodeClient& client) const {
    const auto about = client.about();
    if (!about) return about.error();
    const json::Value* named = about->find("network_id");
    if (named != nullptr && *named == json::Value(to_hex(ledger::network_id(genesis_)))) return {};
    return Error{Errc::conflict, "another network's node answers at " + url_};
}

Result<void> Sandbox::wait_until_ready() {
    const auto deadline = std::chrono::steady_clock::now() + start_wait;
    std::string last = "no answer";
    while (std::chrono::steady_clock::now() < deadline) {
        if (const auto status = ended())
            return Error{
                Errc::unavailable,
                "chanceryd ended with status " + std::to_string(*status) + ":\n" + diary_end()};
        if (is_interrupted()) return Error{Errc::unavailable, "interrupted"};
        auto client = NodeClient::to(url_, std::chrono::seconds(5));
        if (!client) return client.error();
        const auto findings = client->readiness();
        if (findings && findings->empty()) {
            const auto ours = check_ours(*client);
            if (ours) return {};
            last = ours.error().detail;
        } else {
            last = findings ? *findings : findings.error().detail;
        }
        std::this_thread::sleep_for(start_poll_interval);
    }
    return Error{
        Errc::timeout,
        "the node is not ready after " + std::to_string(start_wait.count()) + " s: " + last};
}

Result<void> Sandbox::start() {
    const std::string program = found_beside_us("chanceryd");
    if (program.empty()) return Error{Errc::not_found, "chanceryd is not beside " + own_program()};
    std::error_code absent;
    if (!fs::exists(node_folder(folder_, std::string(member_slug)) + "/data", absent))
        if (const auto done = run_node(program, "init"); !done) return done.error();
    if (const auto done = run_node(program, "run"); !done) return done.error();
    return wait_until_ready();
}

int Sandbox::stop() {
    const int status = node_ ? node_->stop() : 0;
    node_.reset();
    return status;
}

Result<void> Sandbox::write_badges(std::uint64_t now_s) const {
    if (const auto made = node::make_directories(badges(), 0700); !made) return made.error();
    const ledger::GenesisMember& member = genesis_.members.front();
    for (const DemoBadge& badge : demo_badges({member.did, member.name}, now_s)) {
        const auto written = node::create_file(
            badges() + "/" + badge.file, json::pretty(badge.document), node::private_mode);
        if (!written && written.error().code != Errc::conflict) return written.error();
    }
    return {};
}

Result<std::string> Sandbox::write_renewed_badge(std::uint64_t now_s) const {
    const ledger::GenesisMember& member = genesis_.members.front();
    const DemoBadge badge = renewed_badge({member.did, member.name}, now_s);
    std::string path = badges() + "/" + badge.file;
    const auto written = node::replace_file(path, json::pretty(badge.document), node::private_mode);
    if (!written) return written.error();
    return path;
}

Result<SandboxAnswer> Sandbox::chancery(const std::vector<std::string>& words) const {
    const std::string output = folder_ + "/.command.out";
    const std::string errors = folder_ + "/.command.err";
    std::error_code absent;
    fs::remove(output, absent);
    fs::remove(errors, absent);
    ProcessPlan plan{.words = {own_program()},
                     .environment = plain_environment(),
                     .output = output,
                     .errors = errors};
    plan.words.insert(plan.words.end(), words.begin(), words.end());
    plan.words.emplace_back("--json");
    plan.environment["CHANCERY_SANDBOX"] = folder_;
    auto started = Process::start(plan);
    if (!started) return started.error();
    SandboxAnswer answer;
    answer.status = started->wait();
    const auto said = node::read_file(output, diary_bytes_max);
    const auto complained = node::read_file(errors, diary_bytes_max);
    if (said)
        if (auto document = json::parse(*said)) answer.document = *std::move(document);
    if (complained) answer.errors = *complained;
    return answer;
}

}  // namespace chancery::cli
