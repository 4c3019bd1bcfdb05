// chancery sandbox: a network, an issuer and three badges in one command, and in one folder.
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "crypto/base/encoding.h"
#include "node/cli/commands.h"
#include "node/cli/sandbox.h"
#include "node/cli/sandbox_tour.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds watch_interval{100};

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

Result<void> set_up(Session& session, Sandbox& sandbox) {
    const auto begin = std::chrono::steady_clock::now();
    if (const auto started = sandbox.start(); !started) return started.error();
    const ledger::GenesisMember& member = sandbox.genesis().members.front();
    session.out.note("  ✔ 1 node up at " + sandbox.url() + "   " + seconds_since(begin));
    session.out.note("  ✔ issuer \"" + member.name + "\" (" + member.slug + ")");
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
    session.out.note("  Public log:      " + sandbox.url() + "/checkpoint");
    session.out.note("  All in:          " + relative(sandbox.folder()) +
                     "   (the node's diary: " + relative(sandbox.diary()) + ")");
    if (relative(sandbox.folder()) != sandbox_folder_name)
        session.out.note("  First:           export CHANCERY_SANDBOX=" + sandbox.folder());
    const std::string dir =
        folder == "./" + std::string(sandbox_folder_name) ? std::string() : " --dir " + folder;
    session.out.note("  Stop with Ctrl-C; wipe with: chancery sandbox clean" + dir);
}

Result<Exit> stay(Session& session, Sandbox& sandbox) {
    while (!is_interrupted()) {
        if (const auto status = sandbox.ended())
            return Error{Errc::unavailable,
                         "the node ended with status " + std::to_string(*status) + ", see " +
                             relative(sandbox.diary())};
        std::this_thread::sleep_for(watch_interval);
    }
    sandbox.stop();
    session.out.note("  stopped; chancery sandbox goes on where this ended");
    return Exit::done;
}

Result<Exit> tour(Session& session, Sandbox& sandbox) {
    session.out.note("");
    auto steps = walk_tour(session, sandbox);
    if (!steps) return steps.error();
    const int status = sandbox.stop();
    if (status != 0)
        return Error{Errc::corrupt, "the node stopped with status " + std::to_string(status)};
    session.out.line("every step gave the answer that is right");
    session.out.document(json::Object{{"folder", sandbox.folder()}, {"steps", *std::move(steps)}});
    return Exit::done;
}

Result<Exit> run_sandbox(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    watch_interrupts();
    std::error_code absent;
    if (call.has("once") && fs::exists(folder, absent)) {
        session.out.hint("chancery sandbox clean removes it");
        return Error{Errc::conflict, folder + ": is there; --once begins with a new one"};
    }
    auto sandbox = Sandbox::open(folder);
    if (!sandbox) return sandbox.error();
    const auto ready = set_up(session, *sandbox);
    if (!ready && is_interrupted()) return Exit::interrupted;
    if (!ready) return ready.error();
    if (call.has("once")) return tour(session, *sandbox);
    show_next(session, *sandbox, folder);
    session.out.document(
        json::Object{{"folder", sandbox->folder()},
                     {"node", sandbox->url()},
                     {"network_id", to_hex(ledger::network_id(sandbox->genesis()))}});
    return stay(session, *sandbox);
}

Result<Exit> clean(Session& session, const Invocation& call) {
    const std::string folder = folder_of(call);
    if (const auto removed = Sandbox::remove(folder); !removed) return removed.error();
    session.out.note("removed " + folder);
    return Exit::done;
}

}  // namespace

Command sandbox_command() {
    const Option dir{"dir", ValueKind::path, "DIR", "its folder, ./chancery-sandbox if not said"};
    return {
        .name = "sandbox",
        .summary = "a whole network on this machine, to try things out",
        .examples = {{"chancery sandbox", "a node, an issuer, three badges; Ctrl-C stops it"},
                     {"chancery sandbox --once --dir /tmp/tour",
                      "walk through everything once, and stop"},
                     {"chancery sandbox clean", "remove the folder"}},
        .options = {dir, {"once", ValueKind::flag, "", "issue, verify, revoke and all, then stop"}},
        .children = {{.name = "clean",
                      .summary = "remove a sandbox's folder, with its keys",
                      .options = {dir},
                      .run = clean}},
        .run = run_sandbox};
}

}  // namespace chancery::cli
