// chancery network compare: do all members' nodes show one history?
#include <memory>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/network_compare.h"
#include "node/cli/network_roll.h"
#include "node/cli/trust_store.h"
#include "node/cli/verdict_text.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

// A member's node with the log that it shows.
struct Witness {
    explicit Witness(NodeClient asked) : client(std::move(asked)), log(client) {}
    NodeClient client;
    NodeLog log;
};

Comparison compare_members(const Session& session,
                           const Roll& roll,
                           const credential::Trust& trust) {
    std::vector<std::unique_ptr<Witness>> witnesses;
    std::vector<ShownLog> shown;
    for (const MemberAddress& member : roll.members) {
        auto client = NodeClient::to(member.url, member_reach(session));
        if (!client) {
            // Its address is not one that this client can ask; no fault of this machine's.
            shown.push_back(
                {member.slug, nullptr, Error{Errc::unavailable, client.error().detail}});
            continue;
        }
        witnesses.push_back(std::make_unique<Witness>(*std::move(client)));
        shown.push_back({member.slug, &witnesses.back()->log});
    }
    return compare_logs(shown, trust);
}

Result<TrustStore> load_trust(Session& session) {
    if (!session.context.trust.empty())
        return TrustStore::load(session.context, nullptr, session.out);
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    NodeLog log(*node);
    return TrustStore::load(session.context, &log, session.out);
}

std::string evidence_path(const Invocation& call, const FoundFork& fork) {
    if (call.has("evidence")) return call.text("evidence");
    const auto short_hash = [](const std::string& note) {
        const auto shown = note::parse_checkpoint(note);
        return shown ? to_hex(shown->checkpoint.head.root).substr(0, 8) : std::string();
    };
    return "fork-" + short_hash(fork.evidence.a) + "-" + short_hash(fork.evidence.b) + ".json";
}

std::string names_of(const std::vector<credential::GuiltyKey>& guilty) {
    std::string names;
    for (const credential::GuiltyKey& key : guilty)
        names += (names.empty() ? "" : ", ") + key.slug;
    return names;
}

// Gives the evidence's file; empty if it would prove nothing.
Result<std::string> report_fork(Session& session, const Invocation& call, const FoundFork& fork) {
    session.out.line(session.out.paint(Colour::bad, "FORK") + "  " + fork.a + " and " + fork.b +
                     " show two histories");
    if (!fork.proof) {
        session.out.line("  nobody is proven guilty: " + fork.proof.error().detail);
        return std::string();
    }
    const std::string path = evidence_path(call, fork);
    const auto written =
        node::replace_file(path, json::pretty(to_json(fork.evidence)), node::public_mode);
    if (!written) return written.error();
    session.out.line("  signed both: " + names_of(fork.proof->guilty));
    session.out.line("  evidence in " + path + "; chancery audit evidence " + path + " checks it");
    return path;
}

void show_logs(Session& session, const Comparison& comparison) {
    for (const ComparedLog& log : comparison.logs)
        session.out.line(log.member + "  " +
                         (log.trouble
                              ? session.out.paint(Colour::bad, printable(log.trouble->detail))
                              : grouped(log.head.size) + " entries, root " +
                                    to_hex(log.head.root).substr(0, 16) + "…, sealed by " +
                                    counted(log.cosigners, "member")));
}

json::Array logs_json(const Comparison& comparison) {
    json::Array logs;
    for (const ComparedLog& log : comparison.logs) {
        json::Object fields{{"member", log.member}};
        if (log.trouble) {
            fields.push_back({"trouble", log.trouble->detail});
        } else {
            fields.push_back({"size", log.head.size});
            fields.push_back({"root", to_hex(log.head.root)});
            fields.push_back({"cosigners", log.cosigners});
        }
        logs.push_back(std::move(fields));
    }
    return logs;
}

Result<json::Array> report_forks(Session& session,
                                 const Invocation& call,
                                 const Comparison& comparison) {
    json::Array forks;
    for (const FoundFork& fork : comparison.forks) {
        const auto path = report_fork(session, call, fork);
        if (!path) return path.error();
        json::Array guilty;
        if (fork.proof)
            for (const credential::GuiltyKey& key : fork.proof->guilty)
                guilty.push_back(json::Object{{"member", key.slug}, {"key", key.key}});
        forks.push_back(json::Object{
            {"a", fork.a}, {"b", fork.b}, {"guilty", std::move(guilty)}, {"evidence", *path}});
    }
    return forks;
}

Result<Exit> compare(Session& session, const Invocation& call) {
    const auto trust = load_trust(session);
    if (!trust) return trust.error();
    const auto roll = call_roll(session);
    if (!roll) return roll.error();
    const Comparison comparison = compare_members(session, *roll, trust->trust());
    show_logs(session, comparison);
    auto forks = report_forks(session, call, comparison);
    if (!forks) return forks.error();
    const std::string count =
        std::to_string(comparison.compared()) + " of " + counted(comparison.logs.size(), "member");
    if (!comparison.is_alarm() && comparison.compared() > 0)
        session.out.line(session.out.paint(Colour::good, "ONE HISTORY") + "  " + count +
                         " compared");
    session.out.document(json::Object{
        {"compared", static_cast<std::uint64_t>(comparison.compared())},
        {"logs", logs_json(comparison)},
        {"forks", *std::move(forks)},
    });
    if (comparison.is_alarm()) return Exit::alarm;
    return comparison.compared() == 0 ? Exit::unreachable : Exit::done;
}

}  // namespace

Command compare_command() {
    return {.name = "compare",
            .summary = "hold the members' logs against one another; 8 if they fork",
            .examples = {{"chancery network compare", "all must be one history"}},
            .options = {{"evidence",
                         ValueKind::path,
                         "FILE",
                         "where proof of a fork goes, fork-<root>-<root>.json if not said"}},
            .run = compare};
}

}  // namespace chancery::cli
