// chancery sandbox: a network, an issuer and three badges in one command, and in one folder.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>
#include <thread>

#include "crypto/base/encoding.h"
#include "node/cli/commands.h"
#include "node/cli/sandbox.h"
#include "node/cli/sandbox_tamper.h"
#include "node/cli/sandbox_tour.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds watch_interval{100};
constexpr std::uint64_t learners_default = 20;
constexpr std::uint64_t learners_max = 9'999;
constexpr std::uint64_t nodes_default = 4;  // The fewest that withstand one liar.

std::string folder_of(const Invocation& call) {
    return call.has("dir") ? call.text("dir") : "./" + std::string(sandbox_folder_name);
}

std::string relative(const std::string& path) {
    std::error_code error;
    return fs::proximate(path, error).string();
}

std::string seconds_since(std::chrono::steady_clock::time_point begin) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", spent.count());
    return text.data();
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, text.size()), ' ');
}

Result<Sandbox> make(const Invocation& call, const std::string& folder) {
    SandboxShape shape{.nodes = call.number("nodes", nodes_default), .port_base = std::nullopt};
    if (call.has("port-base")) {
        const std::uint64_t base = call.number("port-base", 0);
        if (base > UINT16_MAX) return Error{Errc::invalid, "--port-base: want at most 65535"};
        shape.port_base = static_cast<std::uint16_t>(base);
    }
    return Sandbox::make(folder, shape);
}

// The one that is there, or a new one. What was asked for must be what is there.
Result<Sandbox> open_or_make(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    std::error_code absent;
    if (!fs::exists(folder, absent)) return make(call, folder);
    auto sandbox = Sandbox::open(folder);
    if (!sandbox) return sandbox;
    const std::size_t count = sandbox->nodes().size();
    if (call.number("nodes", count) == count && !call.has("port-base")) return sandbox;
    session.out.hint("chancery sandbox clean removes it, with all that it holds");
    return Error{Errc::conflict,
                 folder + ": is there, with " + counted(count, "node") + " at ports of its own"};
}

Result<void> issue_badges(Session& session, const Sandbox& sandbox) {
    if (const auto written = sandbox.write_badges(session.clock.now_s()); !written)
        return written.error();
    const auto issued = sandbox.chancery({"issue", "batch", sandbox.badges(), "--resume"});
    if (!issued) return issued.error();
    if (issued->status == 0) return {};
    return Error{
        Errc::unavailable,
        "issuing ended with status " + std::to_string(issued->status) + ":\n" + issued->errors};
}

// "3 of 4 seal; 1 may be down, and 1 may lie"
std::string endurance(const ledger::Genesis& genesis) {
    const std::size_t members = genesis.members.size();
    const std::size_t liars = (members - 1) / 3;
    return std::to_string(genesis.quorum) + " of " + std::to_string(members) + " seal; " +
           std::to_string(members - genesis.quorum) + " may be down, and " +
           (liars == 0 ? "none" : std::to_string(liars)) + " may lie";
}

void show_nodes(Session& session, const Sandbox& sandbox) {
    const NetworkReport report = sandbox.ask_all();
    for (std::size_t i = 0; i < report.members.size(); ++i) {
        const MemberReport& member = report.members[i];
        session.out.note("      " + padded(member.slug, 7) + padded(member.role, 10) + member.url +
                         "   peers " + sandbox.genesis().members[i].peer_endpoint);
    }
}

Result<void> set_up(Session& session, Sandbox& sandbox, Lifetime lifetime) {
    const auto begin = std::chrono::steady_clock::now();
    if (const auto started = sandbox.start(lifetime); !started) return started.error();
    const ledger::Genesis& genesis = sandbox.genesis();
    session.out.note("  ✔ " + counted(genesis.members.size(), "node") + " up   " +
                     seconds_since(begin) + "   " + endurance(genesis));
    show_nodes(session, sandbox);
    const ledger::GenesisMember& issuer = genesis.members.front();
    session.out.note("  ✔ issuer \"" + issuer.name + "\" (" + issuer.slug + ")");
    const auto issue_begin = std::chrono::steady_clock::now();
    if (const auto issued = issue_badges(session, sandbox); !issued) return issued.error();
    session.out.note("  ✔ 3 badges in the registry   " + seconds_since(issue_begin));
    return {};
}

void show_next(Session& session, const Sandbox& sandbox, const std::string& folder) {
    const std::string ana = relative(sandbox.badges() + "/ana.badge.json");
    session.out.note("");
    session.out.note("  Verify one:      chancery verify " + ana);
    session.out.note("  Revoke it:       chancery revoke " + ana + " --reason issued_in_error");
    session.out.note("  See the log:     chancery log tail");
    session.out.note("  See the nodes:   chancery network status");
    session.out.note("  Public log:      " + sandbox.url() + "/checkpoint");
    session.out.note("  All in:          " + relative(sandbox.folder()) +
                     "   (each node's diary: " + relative(sandbox.folder()) +
                     "/<member>/chanceryd.log)");
    if (folder != "./" + std::string(sandbox_folder_name))
        session.out.note("  First:           export CHANCERY_SANDBOX=" + sandbox.folder());
}

std::string dir_option(const std::string& folder) {
    return folder == "./" + std::string(sandbox_folder_name) ? std::string() : " --dir " + folder;
}

json::Value about(Sandbox& sandbox) {
    json::Array nodes;
    for (const SandboxNode& node : sandbox.nodes())
        nodes.push_back(json::Object{{"member", node.slug()}, {"url", node.url()}});
    return json::Object{{"folder", sandbox.folder()},
                        {"node", sandbox.url()},
                        {"nodes", std::move(nodes)},
                        {"network_id", to_hex(ledger::network_id(sandbox.genesis()))}};
}

// Says of each node that ends that it did. Errc::unavailable once too few are left.
class Watch {
public:
    Watch(Session& session, Sandbox& sandbox) : session_(session), sandbox_(sandbox) {}

    Result<void> look() {
        for (SandboxNode& node : sandbox_.nodes()) {
            const auto status = node.ended();
            if (!status || told_.contains(node.slug())) continue;
            told_.insert(node.slug());
            if (const auto enough = tell(node, *status); !enough) return enough;
        }
        return {};
    }

private:
    Result<void> tell(const SandboxNode& node, int status) {
        const std::string what = "the node of " + node.slug() + " ended with status " +
                                 std::to_string(status) + ", see " + relative(node.diary());
        const std::size_t left = sandbox_.running();
        const std::string count = std::to_string(left) + " of " +
                                  counted(sandbox_.nodes().size(), "node") + " left, " +
                                  std::to_string(sandbox_.genesis().quorum) + " needed";
        if (left < sandbox_.genesis().quorum) return Error{Errc::unavailable, what + "; " + count};
        session_.out.warning(what + "; " + count + ": the network goes on");
        return {};
    }

    Session& session_;
    Sandbox& sandbox_;
    std::set<std::string> told_;
};

Result<Exit> stay(Session& session, Sandbox& sandbox) {
    Watch watch(session, sandbox);
    while (!is_interrupted()) {
        if (const auto going = watch.look(); !going) return going.error();
        std::this_thread::sleep_for(watch_interval);
    }
    sandbox.stop();
    session.out.note("  stopped; chancery sandbox goes on where this ended");
    return Exit::done;
}

Result<Exit> tour(Session& session, Sandbox& sandbox, std::size_t learners) {
    session.out.note("");
    auto steps = walk_tour(session, sandbox, learners);
    if (!steps) return steps.error();
    const int status = sandbox.stop();
    if (status != 0)
        return Error{Errc::corrupt, "a node stopped with status " + std::to_string(status)};
    session.out.line("every step gave the answer that is right");
    session.out.document(json::Object{{"folder", sandbox.folder()}, {"steps", *std::move(steps)}});
    return Exit::done;
}

Result<Exit> run_sandbox(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    watch_interrupts();
    std::error_code absent;
    if (call.has("learners") && (!call.has("once") || call.number("learners", 0) == 1 ||
                                 call.number("learners", 0) > learners_max))
        return Error{
            Errc::invalid,
            "--learners goes with --once: want 0, or 2 to " + std::to_string(learners_max)};
    if (call.has("once") && fs::exists(folder, absent)) {
        session.out.hint("chancery sandbox clean removes it");
        return Error{Errc::conflict, folder + ": is there; --once begins with a new one"};
    }
    auto sandbox = open_or_make(session, call);
    if (!sandbox) return sandbox.error();
    if (const std::size_t running = sandbox->running(); running > 0) {
        session.out.hint("chancery sandbox down" + dir_option(folder) + " ends it");
        return Error{Errc::conflict, folder + ": is up, with " + counted(running, "node")};
    }
    const auto ready = set_up(session, *sandbox, Lifetime::ours);
    if (!ready && is_interrupted()) return Exit::interrupted;
    if (!ready) return ready.error();
    if (call.has("once")) return tour(session, *sandbox, call.number("learners", learners_default));
    show_next(session, *sandbox, folder);
    session.out.note("  Stop with Ctrl-C; wipe with: chancery sandbox clean" + dir_option(folder));
    session.out.document(about(*sandbox));
    return stay(session, *sandbox);
}

Result<Exit> up(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    watch_interrupts();
    auto sandbox = open_or_make(session, call);
    if (!sandbox) return sandbox.error();
    const auto ready = set_up(session, *sandbox, Lifetime::own);
    if (!ready && is_interrupted()) return Exit::interrupted;
    if (!ready) return ready.error();
    show_next(session, *sandbox, folder);
    session.out.note("  It stays up; stop with: chancery sandbox down" + dir_option(folder));
    session.out.document(about(*sandbox));
    return Exit::done;
}

Result<Exit> down(Session& session, const Invocation& call) {
    auto sandbox = Sandbox::open(folder_of(call));
    if (!sandbox) return sandbox.error();
    const std::size_t running = sandbox->running();
    sandbox->stop();
    session.out.note(running == 0 ? std::string("no node was up")
                                  : "stopped " + counted(running, "node"));
    session.out.document(json::Object{{"stopped", static_cast<std::uint64_t>(running)}});
    return Exit::done;
}

Result<Exit> clean(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    if (const auto removed = Sandbox::remove(folder); !removed) return removed.error();
    session.out.note("removed " + folder);
    return Exit::done;
}

Result<SandboxNode*> node_named(Session& session, Sandbox& sandbox, const std::string& slug) {
    if (SandboxNode* node = sandbox.find(slug)) return node;
    std::string known;
    for (const SandboxNode& node : sandbox.nodes())
        known += (known.empty() ? "" : ", ") + node.slug();
    session.out.hint("members of this sandbox: " + known);
    return Error{Errc::not_found, "no member " + slug + " in this sandbox"};
}

Result<Exit> kill(Session& session, const Invocation& call) {
    auto sandbox = Sandbox::open(folder_of(call));
    if (!sandbox) return sandbox.error();
    const auto node = node_named(session, *sandbox, call.argument(0));
    if (!node) return node.error();
    if (!(*node)->is_running())
        return Error{Errc::conflict, "the node of " + (*node)->slug() + " is not running"};
    (*node)->kill();
    session.out.note("killed the node of " + (*node)->slug() +
                     "; chancery network status shows what became of the rest");
    return Exit::done;
}

Result<Exit> start(Session& session, const Invocation& call) {
    auto sandbox = Sandbox::open(folder_of(call));
    if (!sandbox) return sandbox.error();
    const auto found = node_named(session, *sandbox, call.argument(0));
    if (!found) return found.error();
    SandboxNode& node = **found;
    if (node.is_running())
        return Error{Errc::conflict, "the node of " + node.slug() + " is running"};
    if (const auto started = sandbox->start_node(node, Lifetime::own); !started)
        return started.error();
    const auto answers = sandbox->wait_until([&node](const NetworkReport& report) {
        const auto is_it = [&node](const MemberReport& member) {
            return member.slug == node.slug() && member.is_reached();
        };
        return std::ranges::any_of(report.members, is_it);
    });
    if (!answers) return answers.error();
    node.let_go();
    session.out.note("the node of " + node.slug() + " answers at " + node.url());
    return Exit::done;
}

Result<Exit> tamper(Session& session, const Invocation& call) {
    watch_interrupts();
    auto sandbox = open_or_make(session, call);
    if (!sandbox) return sandbox.error();
    const bool was_up = sandbox->running() > 0;
    const Lifetime lifetime = was_up ? Lifetime::own : Lifetime::ours;
    if (const auto ready = set_up(session, *sandbox, lifetime); !ready) return ready.error();
    session.out.note("");
    const auto shown = show_tampering(session, *sandbox, lifetime);
    if (!shown) return shown.error();
    if (!was_up) sandbox->stop();
    json::Array document;
    for (const Demonstration& one : *shown)
        document.push_back(json::Object{{"change", one.change},
                                        {"check", one.check},
                                        {"found", one.found},
                                        {"detected", one.is_detected}});
    session.out.document(json::Object{{"demonstrations", std::move(document)}});
    if (!std::ranges::all_of(*shown, &Demonstration::is_detected)) return Exit::alarm;
    session.out.line("all " + std::to_string(shown->size()) +
                     " were found out, and everything is as it was");
    return Exit::done;
}

}  // namespace

Command sandbox_command() {
    const Option dir{"dir", ValueKind::path, "DIR", "its folder, ./chancery-sandbox if not said"};
    const Option nodes{"nodes",
                       ValueKind::choice,
                       "N",
                       "members, one node each; 4 if not said, the fewest that withstand a liar",
                       {"1", "3", "4", "5", "7"}};
    const Option ports{"port-base", ValueKind::number, "PORT", "where its ports begin"};
    const Argument member{.name = "MEMBER", .help = "whose node, as in uni-b"};
    return {.name = "sandbox",
            .summary = "a whole network on this machine, to try things out",
            .examples = {{"chancery sandbox", "nodes, an issuer, three badges; Ctrl-C stops it"},
                         {"chancery sandbox --once --dir /tmp/tour",
                          "walk through everything once, and stop"},
                         {"chancery sandbox clean", "remove the folder"}},
            .options = {dir,
                        nodes,
                        ports,
                        {"once", ValueKind::flag, "", "issue, verify, revoke and all, then stop"},
                        {"learners",
                         ValueKind::number,
                         "N",
                         "with --once: so many in the table that is issued, 20 if not said"}},
            .children = {{.name = "up",
                          .summary = "the same, going on by itself until it is taken down",
                          .options = {dir, nodes, ports},
                          .run = up},
                         {.name = "down",
                          .summary = "stop what runs of it; its ledger stays",
                          .options = {dir},
                          .run = down},
                         {.name = "kill",
                          .summary = "end one node of a sandbox that is up, as a power cut would",
                          .arguments = {member},
                          .options = {dir},
                          .run = kill},
                         {.name = "start",
                          .summary = "start a node again that was killed",
                          .arguments = {member},
                          .options = {dir},
                          .run = start},
                         {.name = "tamper",
                          .summary = "alter badges, proofs, logs and a node, and see it found out",
                          .options = {dir, nodes, ports},
                          .run = tamper},
                         {.name = "clean",
                          .summary = "take a sandbox down and remove its folder, with its keys",
                          .options = {dir},
                          .run = clean}},
            .run = run_sandbox};
}

}  // namespace chancery::cli
