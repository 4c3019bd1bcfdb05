// chancery audit: replays a log from its genesis and names the first thing that is wrong.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "crypto/base/encoding.h"
#include "crypto/credential/fork_evidence.h"
#include "node/audit/data_source.h"
#include "node/audit/folder_source.h"
#include "node/audit/list_audit.h"
#include "node/audit/replay.h"
#include "node/cli/commands.h"
#include "node/cli/node_client.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

json::Object about(const audit::ReplayReport& report) {
    return {{"network_id", to_hex(report.network_id)},
            {"origin", report.checkpoint.origin},
            {"size", report.checkpoint.head.size},
            {"root", to_hex(report.checkpoint.head.root)},
            {"height", report.state.height},
            {"batches", report.batches},
            {"credentials", report.credentials},
            {"status_changes", report.status_changes},
            {"publications", report.publications},
            {"anchors", report.anchors},
            {"acts", report.acts},
            {"cosigners", report.cosigners},
            {"had_tiles", report.had_tiles}};
}

Exit show_finding(Session& session, const audit::ReplayReport& report, json::Object document) {
    const audit::Finding& finding = *report.finding;
    session.out.line(session.out.paint(
        Colour::bad, finding.needs_newer_version ? "CANNOT TELL" : "NOT WHAT IT CLAIMS TO BE"));
    if (finding.position) session.out.line("  position  " + std::to_string(*finding.position));
    session.out.line("  what      " + printable(finding.what));
    session.out.line("  expected  " + printable(finding.expected));
    session.out.line("  actual    " + printable(finding.actual));
    json::Object found{{"what", finding.what},
                       {"expected", finding.expected},
                       {"actual", finding.actual},
                       {"needs_newer_version", finding.needs_newer_version}};
    if (finding.position) found.push_back({"position", *finding.position});
    document.push_back({"finding", std::move(found)});
    session.out.document(std::move(document));
    return finding.needs_newer_version ? Exit::cannot_tell : Exit::alarm;
}

// How long the replay took, and how fast that is. Never nothing, so that it can divide.
struct Pace {
    std::uint64_t milliseconds = 1;
    std::uint64_t entries_per_second(std::uint64_t entries) const {
        return entries * 1'000 / milliseconds;
    }
};

Pace pace_since(std::chrono::steady_clock::time_point start) {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    return {std::max<std::uint64_t>(1, static_cast<std::uint64_t>(took.count()))};
}

Exit show_good(Session& session,
               const audit::ReplayReport& report,
               Pace pace,
               json::Object document) {
    session.out.line(session.out.paint(Colour::good, "GOOD") + "  " +
                     grouped(report.checkpoint.head.size) + " entries in " +
                     grouped(report.state.height) + " blocks replayed, every root reproduced");
    session.out.line("  network id      " + to_hex(report.network_id));
    session.out.line("  credentials     " + grouped(report.credentials));
    session.out.line("  status changes  " + grouped(report.status_changes));
    session.out.line("  acts            " + grouped(report.acts));
    session.out.line("  cosigned by     " + counted(report.cosigners, "member"));
    const std::uint64_t speed = pace.entries_per_second(report.checkpoint.head.size);
    session.out.line("  took            " + grouped(pace.milliseconds) + " ms, " + grouped(speed) +
                     " entries/s");
    document.push_back({"milliseconds", pace.milliseconds});
    document.push_back({"finding", json::Value()});
    session.out.document(std::move(document));
    return Exit::done;
}

struct Replayed {
    audit::ReplayReport report;
    Pace pace;
};

Result<Replayed> replay_all(Session& session,
                            audit::LogSource& source,
                            audit::BlockWatcher* watcher) {
    audit::ReplayOptions options;
    options.network_id = session.context.network_id;
    options.table_key = keystore::random_hash();
    options.watcher = watcher;
    options.progress = [&session](std::uint64_t done, std::uint64_t size) {
        session.out.progress(done, size);
    };
    const auto start = std::chrono::steady_clock::now();
    auto report = audit::replay(source, options);
    const Pace pace = pace_since(start);
    session.out.end_progress();
    if (!report) return report.error();
    if (!session.context.network_id)
        session.out.warning("no --network-id: the log was held against its own genesis");
    return Replayed{*std::move(report), pace};
}

Result<Exit> replay_source(Session& session, audit::LogSource& source) {
    const auto replayed = replay_all(session, source, nullptr);
    if (!replayed) return replayed.error();
    const audit::ReplayReport& report = replayed->report;
    return report.finding ? show_finding(session, report, about(report))
                          : show_good(session, report, replayed->pace, about(report));
}

json::Array findings_json(const audit::ListReport& lists) {
    json::Array list;
    for (const audit::ListFinding& each : lists.findings)
        list.push_back(json::Object{{"position", each.position},
                                    {"member", each.member},
                                    {"list", each.list},
                                    {"what", each.what},
                                    {"is_contradiction", each.is_contradiction}});
    return list;
}

Exit show_list_audit(Session& session, const audit::ListReport& lists, json::Object document) {
    const bool is_wrong = lists.contradictions > 0;
    const Colour colour = is_wrong           ? Colour::bad
                          : lists.untold > 0 ? Colour::doubtful
                                             : Colour::good;
    const std::string_view verdict = is_wrong           ? "CONTRADICTS THE LEDGER"
                                     : lists.untold > 0 ? "CANNOT TELL"
                                                        : "GOOD";
    session.out.line(session.out.paint(colour, verdict) + "  " + grouped(lists.read) + " of " +
                     counted(lists.publications, "publication") + " of " +
                     counted(lists.lists, "status list") + " read, " +
                     counted(lists.contradictions, "contradiction") + ", " + grouped(lists.untold) +
                     " that cannot be told");
    for (const audit::ListFinding& each : lists.findings)
        session.out.line("  " + grouped(each.position) + "  " + printable(each.member) +
                         (each.list.empty() ? "" : "/" + printable(each.list)) + ": " +
                         printable(each.what));
    document.push_back({"list_publications", lists.publications});
    document.push_back({"lists", lists.lists});
    document.push_back({"read", lists.read});
    document.push_back({"contradictions", lists.contradictions});
    document.push_back({"untold", lists.untold});
    document.push_back({"findings", findings_json(lists)});
    session.out.document(std::move(document));
    if (is_wrong) return Exit::alarm;
    return lists.untold > 0 ? Exit::cannot_tell : Exit::done;
}

// A log that is not what it claims to be says nothing of its lists.
Result<Exit> check_lists_of(Session& session, audit::LogSource& source) {
    audit::ListAudit lists(source);
    const auto replayed = replay_all(session, source, &lists);
    if (!replayed) return replayed.error();
    const audit::ReplayReport& report = replayed->report;
    if (report.finding) return show_finding(session, report, about(report));
    return show_list_audit(session, std::move(lists).finish(), about(report));
}

using Audit = Result<Exit> (*)(Session& session, audit::LogSource& source);

Result<Exit> audit_place(Session& session, const std::string& place, Audit look) {
    if (!node::is_url(place)) {
        std::error_code error;
        if (!std::filesystem::is_directory(place, error))
            return Error{Errc::not_found, place + ": is no folder"};
        if (audit::is_data_directory(place)) {
            const auto source = audit::DataSource::open(place);
            if (!source && source.error().code == Errc::conflict)
                session.out.hint("a node that runs is replayed by its URL");
            if (!source) return source.error();
            return look(session, **source);
        }
        if (!std::filesystem::exists(std::filesystem::path(place) / "checkpoint", error))
            return Error{Errc::not_found,
                         place + ": holds neither an exported log nor a node's data"};
        audit::FolderSource source{std::filesystem::path(place)};
        return look(session, source);
    }
    auto node = NodeClient::to(place, session.context.reach());
    if (!node) return node.error();
    NodeLog log(*node);
    return look(session, log);
}

Result<Exit> replay(Session& session, const Invocation& call) {
    return audit_place(session, call.argument(0), replay_source);
}

Result<Exit> audit_lists(Session& session, const Invocation& call) {
    return audit_place(session, call.argument(0), check_lists_of);
}

Result<credential::ProvenFork> read_evidence(const std::string& text,
                                             const ledger::Members& members) {
    const auto evidence = credential::parse_fork_evidence(text);
    if (!evidence) return evidence.error();
    return credential::check_fork_evidence(*evidence, members);
}

Exit show_fork(Session& session, const credential::ProvenFork& fork) {
    session.out.line(session.out.paint(Colour::bad, "FORK PROVEN") + "  the log " +
                     printable(fork.a.origin) + " was signed in two histories");
    json::Array guilty;
    for (const auto& [name, checkpoint] : {std::pair{"a", &fork.a}, std::pair{"b", &fork.b}})
        session.out.line(std::string("  ") + name + "   " + grouped(checkpoint->head.size) +
                         " entries, root " + to_hex(checkpoint->head.root));
    for (const credential::GuiltyKey& key : fork.guilty) {
        session.out.line("  signed both: " + key.slug + ", cosigner key " +
                         std::to_string(key.number) + "  " + key.key);
        guilty.push_back(
            json::Object{{"member", key.slug}, {"number", key.number}, {"key", key.key}});
    }
    session.out.document(json::Object{{"verdict", "fork"},
                                      {"origin", fork.a.origin},
                                      {"a", fork.a.head.size},
                                      {"b", fork.b.head.size},
                                      {"guilty", std::move(guilty)}});
    return Exit::alarm;
}

Result<Exit> evidence(Session& session, const Invocation& call) {
    const auto text = node::read_file(call.argument(0), credential::fork_evidence_bytes_max);
    if (!text) return text.error();
    std::optional<NodeClient> node;
    std::optional<NodeLog> log;
    if (session.context.trust.empty()) {
        auto client = NodeClient::to(session.context);
        if (!client) return client.error();
        node.emplace(*std::move(client));
        log.emplace(*node);
    }
    const auto trust = TrustStore::load(session.context, log ? &*log : nullptr, session.out);
    if (!trust) return trust.error();
    const auto fork = read_evidence(*text, trust->trust().newest());
    if (fork) return show_fork(session, *fork);
    session.out.line("PROVES NOTHING  " + printable(fork.error().detail));
    session.out.document(json::Object{{"verdict", "nothing"}, {"why", fork.error().detail}});
    return Exit::not_valid;
}

Argument log_argument() {
    return {.name = "LOG",
            .help = "a node's URL, an exported folder, or the data directory of a stopped node"};
}

}  // namespace

Command audit_command() {
    return {
        .name = "audit",
        .summary = "check a whole log",
        .children = {{.name = "replay",
                      .summary = "do everything again from the genesis on, and compare every root",
                      .examples = {{"chancery audit replay export/ --network-id 4f…9a",
                                    "a folder made by chancery log export"},
                                   {"chancery audit replay http://127.0.0.1:8443",
                                    "a node, over the network"},
                                   {"chancery audit replay /var/lib/chancery/data",
                                    "a stopped node's data directory"}},
                      .arguments = {log_argument()},
                      .run = replay},
                     {.name = "lists",
                      .summary = "replay, and hold every published status list against the ledger",
                      .examples = {{"chancery audit lists export/",
                                    "8 if one says what the ledger does not, 3 if a content is "
                                    "missing"}},
                      .arguments = {log_argument()},
                      .run = audit_lists},
                     {.name = "evidence",
                      .summary = "check proof of a fork, and name who signed both; 8 if it holds",
                      .examples = {{"chancery audit evidence fork-1a2b3c4d-5e6f7a8b.json",
                                    "what network compare wrote, or anybody else"}},
                      .arguments = {{.name = "FILE", .help = "the evidence, JSON"}},
                      .run = evidence}}};
}

}  // namespace chancery::cli
