#include "node/cli/sandbox.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/altered_file.h"
#include "node/cli/demo_badges.h"
#include "node/cli/demo_pathway.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark_name = ".chancery-sandbox";
constexpr std::string_view mark_text =
    "Made by `chancery sandbox`; `chancery sandbox clean` removes "
    "this folder with all its keys.\n";
constexpr std::string_view sandbox_user = "a sandbox";
constexpr std::chrono::seconds start_wait{60};
constexpr std::chrono::seconds answer_wait{2};
constexpr std::chrono::milliseconds start_poll_interval{25};
constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;
constexpr int daemon_missing = 127;

Result<std::string> find_daemon() {
    const fs::path beside = fs::path(own_program()).parent_path() / "chanceryd";
    std::error_code error;
    if (fs::exists(beside, error)) return beside.string();
    return Error{Errc::not_found, "chanceryd is not beside " + own_program()};
}

Result<ledger::Genesis> read_sandbox_genesis(const std::string& folder) {
    const auto text = node::read_file(folder + "/genesis.json", ledger::genesis_bytes_max);
    if (!text) return text.error();
    return ledger::parse_genesis(*text);
}

std::string absolute(const std::string& named) {
    std::error_code error;
    return fs::absolute(named, error).lexically_normal().string();
}

bool is_there(const std::string& path) {
    std::error_code error;
    return fs::exists(path, error);
}

// Of a folder that is there.
Result<void> check_ours(const std::string& folder) {
    if (is_there(folder + "/" + std::string(mark_name))) return {};
    return Error{Errc::conflict, folder + ": is there and is no sandbox"};
}

Result<void> fill(const std::string& folder, const SandboxShape& shape) {
    const auto plan = sandbox_plan(shape);
    if (!plan) return plan.error();
    const auto marked =
        node::create_file(folder + "/" + std::string(mark_name), mark_text, node::public_mode);
    if (!marked) return marked.error();
    const auto made = make_network(*plan, folder);
    if (!made) return made.error();
    return {};
}

Error ended_with(const SandboxNode& node, int status) {
    if (status == daemon_missing)
        return {Errc::not_found, node.slug() + ": chanceryd cannot be run"};
    return {Errc::unavailable,
            "the node of " + node.slug() + " ended with status " + std::to_string(status) + ":\n" +
                node.diary_end()};
}

// One in the foreground holds it for as long as it runs; one that is up stands by itself.
Result<FolderLock> take_lock(const std::string& folder) {
    auto lock = FolderLock::take(folder, sandbox_user);
    if (lock || lock.error().code != Errc::conflict) return lock;
    return Error{Errc::conflict,
                 lock.error().detail +
                     ", in a terminal where Ctrl-C stops it; kill, start and down are for one that "
                     "was begun by chancery sandbox up"};
}

}  // namespace

Sandbox::Sandbox(std::string folder, ledger::Genesis genesis, FolderLock lock)
    : folder_(std::move(folder)), genesis_(std::move(genesis)), lock_(std::move(lock)) {
    for (const ledger::GenesisMember& member : genesis_.members)
        nodes_.emplace_back(member.slug, member.public_endpoint, node_folder(folder_, member.slug));
}

Result<Sandbox> Sandbox::take_up(const std::string& folder, FolderLock lock) {
    // The last file that is made; without it, the making was broken off.
    if (!is_there(folder + "/" + std::string(client_file_name)))
        return Error{Errc::conflict,
                     folder + ": was never finished; chancery sandbox clean removes it"};
    auto genesis = read_sandbox_genesis(folder);
    if (!genesis) return genesis.error();
    Sandbox sandbox(folder, *std::move(genesis), std::move(lock));
    if (const auto restored = restore_altered(sandbox.tamper_note()); !restored)
        return restored.error();
    return sandbox;
}

Result<Sandbox> Sandbox::make(const std::string& named, const SandboxShape& shape) {
    const std::string folder = absolute(named);
    if (is_there(folder)) return Error{Errc::conflict, folder + ": is there"};
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    auto lock = take_lock(folder);
    if (!lock) return lock.error();
    if (const auto made = fill(folder, shape); !made) {
        // Nothing of anybody's is in there but what fill() made.
        std::error_code error;
        fs::remove_all(folder, error);
        return made.error();
    }
    return take_up(folder, *std::move(lock));
}

Result<Sandbox> Sandbox::open(const std::string& named) {
    const std::string folder = absolute(named);
    if (!is_there(folder)) return Error{Errc::not_found, folder + ": is not there"};
    if (const auto ours = check_ours(folder); !ours) return ours.error();
    auto lock = take_lock(folder);
    if (!lock) return lock.error();
    return take_up(folder, *std::move(lock));
}

Result<void> Sandbox::remove(const std::string& named) {
    const std::string folder = absolute(named);
    if (!is_there(folder)) return Error{Errc::not_found, folder + ": is not there"};
    if (const auto ours = check_ours(folder); !ours) return ours.error();
    auto lock = take_lock(folder);
    if (!lock) return lock.error();
    if (const auto genesis = read_sandbox_genesis(folder))
        Sandbox(folder, *genesis, *std::move(lock)).stop();
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) return Error{Errc::io, folder + ": " + error.message()};
    return {};
}

SandboxNode* Sandbox::find(std::string_view slug) {
    const auto found = std::ranges::find(nodes_, slug, &SandboxNode::slug);
    return found == nodes_.end() ? nullptr : &*found;
}

// All at the same time: most of it is opening sealed keys.
Result<void> Sandbox::init_nodes(const std::string& program) {
    std::vector<std::pair<const SandboxNode*, Process>> under_way;
    for (const SandboxNode& node : nodes_) {
        if (node.is_made()) continue;
        auto started = node.start_command(program, "init");
        if (!started) return started.error();
        under_way.emplace_back(&node, *std::move(started));
    }
    for (auto& [node, process] : under_way)
        if (const int status = process.wait(); status != 0) return ended_with(*node, status);
    return {};
}

NetworkReport Sandbox::ask_all() const { return survey(roll_of(genesis_), {answer_wait}); }

Result<void> Sandbox::wait_until(const std::function<bool(const NetworkReport&)>& is_reached) {
    const auto deadline = std::chrono::steady_clock::now() + start_wait;
    while (true) {
        for (SandboxNode& node : nodes_)
            if (const auto status = node.ended()) return ended_with(node, *status);
        if (is_interrupted()) return Error{Errc::unavailable, "interrupted"};
        const NetworkReport report = ask_all();
        if (is_reached(report)) return {};
        if (std::chrono::steady_clock::now() >= deadline)
            return Error{Errc::unavailable,
                         "the network is not up after " + std::to_string(start_wait.count()) +
                             " s: " + report.headline() + "; " + report.troubles()};
        std::this_thread::sleep_for(start_poll_interval);
    }
}

Result<void> Sandbox::start_node(SandboxNode& node, Lifetime lifetime) {
    const auto program = find_daemon();
    if (!program) return program.error();
    if (const auto made = init_nodes(*program); !made) return made.error();
    return node.start(*program, lifetime);
}

Result<void> Sandbox::start(Lifetime lifetime) {
    std::vector<SandboxNode*> started;
    Result<void> outcome;
    for (SandboxNode& node : nodes_) {
        if (node.is_running()) continue;
        outcome = start_node(node, lifetime);
        if (!outcome) break;
        started.push_back(&node);
    }
    if (outcome) outcome = wait_until(&NetworkReport::is_whole);
    for (SandboxNode* node : started) {
        if (!outcome)
            node->stop();
        else if (lifetime == Lifetime::own)
            node->let_go();
    }
    return outcome;
}

int Sandbox::stop() {
    int status = 0;
    // NOLINTNEXTLINE(modernize-loop-convert): the last first.
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
        const int one = node->stop();
        if (status == 0) status = one;
    }
    return status;
}

std::size_t Sandbox::running() {
    return static_cast<std::size_t>(
        std::ranges::count_if(nodes_, [](SandboxNode& node) { return node.is_running(); }));
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

Result<Roster> Sandbox::write_roster(std::uint64_t now_s, std::size_t learners) const {
    const std::string folder = folder_ + "/roster";
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    Roster roster{folder + "/badge.json", folder + "/people.csv", folder + "/issued"};
    const auto form =
        node::replace_file(roster.form, json::pretty(sample_template()), node::private_mode);
    if (!form) return form.error();
    const auto table =
        node::replace_file(roster.table, sample_roster(now_s, learners), node::private_mode);
    if (!table) return table.error();
    return roster;
}

Result<PathwayFiles> Sandbox::write_pathway(std::uint64_t now_s) const {
    const std::string folder = folder_ + "/pathway";
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    const ledger::GenesisMember& member = genesis_.members.front();
    const DemoPathway pathway = demo_pathway({member.did, member.name}, now_s);
    std::optional<Error> failed;
    const auto write = [&](const DemoPathway::File& file) {
        std::string path = folder + "/" + file.name;
        const auto written =
            node::replace_file(path, json::pretty(file.document), node::private_mode);
        if (!written && !failed) failed = written.error();
        return path;
    };
    PathwayFiles files;
    for (const DemoPathway::File& component : pathway.components)
        files.components.push_back(write(component));
    files.certificate = write(pathway.certificate);
    files.diploma = write(pathway.diploma);
    files.certificate_rule = write(pathway.certificate_rule);
    files.diploma_rule = write(pathway.diploma_rule);
    if (failed) return *failed;
    files.holder_key = folder + "/learner.key";
    files.holder_passphrase = folder + "/learner.pass";
    files.stack = folder + "/learner.stack";
    return files;
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
    const auto said = node::read_file(output, answer_bytes_max);
    const auto complained = node::read_file(errors, answer_bytes_max);
    if (said)
        if (auto document = json::parse(*said)) answer.document = *std::move(document);
    if (complained) answer.errors = *complained;
    return answer;
}

}  // namespace chancery::cli
