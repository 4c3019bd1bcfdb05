// chancery network: what a network and its nodes say of themselves.
#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/network_roll.h"
#include "node/cli/node_client.h"
#include "node/cli/session.h"
#include "node/cli/trust_store.h"
#include "node/cli/verdict_text.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

// Columns as wide as what stands in them.
void show_table(Output& out, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i) widths.push_back(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line +=
                row[i] + (i + 1 == row.size() ? std::string()
                                              : std::string(widths[i] - row[i].size() + 2, ' '));
        out.line(line);
    }
}

std::vector<std::string> status_row(const MemberReport& member) {
    if (!member.is_reached())
        return {member.slug, "-", "-", "-", "-", "-", "-", printable(member.why)};
    const std::string trouble = member.trouble();
    return {member.slug,
            printable(member.role),
            std::to_string(member.term),
            grouped(member.height),
            grouped(member.size),
            grouped(member.lag),
            grouped(member.checkpoint_age_s) + " s",
            trouble.empty() ? "ready" : printable(trouble.substr(member.slug.size() + 2))};
}

Result<Exit> status(Session& session, const Invocation& /*call*/) {
    const auto roll = call_roll(session);
    if (!roll) return roll.error();
    const NetworkReport report = survey(*roll, member_reach(session));
    const Colour colour = report.is_whole()         ? Colour::good
                          : report.accepts_writes() ? Colour::doubtful
                                                    : Colour::bad;
    session.out.line(session.out.paint(colour, report.headline()));
    std::vector<std::vector<std::string>> rows = {
        {"member", "role", "term", "height", "size", "lag", "sealed", ""}};
    for (const MemberReport& member : report.members)
        rows.push_back(status_row(member));
    show_table(session.out, rows);
    json::Value document = to_json(report);
    document.set("network_id", to_hex(roll->network));
    document.set("origin", roll->origin);
    session.out.document(std::move(document));
    return report.accepts_writes() ? Exit::done : Exit::unreachable;
}

Result<Exit> trust(Session& session, const Invocation& call) {
    if (!call.has("out")) return Error{Errc::invalid, "--out is missing: where the file goes"};
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    ClientContext context = session.context;
    context.trust.clear();  // What the node has, from genesis on, under the pinned network id.
    NodeLog log(*node);
    const auto store = TrustStore::load(context, &log, session.out);
    if (!store) return store.error();
    const auto text = log.trust();
    if (!text) return text.error();
    const auto written = node::replace_file(call.text("out"), *text, node::public_mode);
    if (!written) return written.error();
    const ledger::Members& members = store->trust().newest();
    for (const ledger::Member& member : members.members)
        session.out.line(std::to_string(member.number) + "  " + member.slug + "  " +
                         printable(member.name));
    session.out.note("wrote " + call.text("out") + ": " + std::to_string(members.quorum) + " of " +
                     counted(members.members.size(), "member") + " must sign a checkpoint");
    session.out.document(json::Object{{"file", call.text("out")},
                                      {"network_id", to_hex(store->network_id())},
                                      {"members", ledger::to_json(members)}});
    return Exit::done;
}

}  // namespace

Command network_command() {
    return {.name = "network",
            .summary = "found a network and look at it",
            .children = {genesis_command(),
                         {.name = "status",
                          .summary = "ask every member's node how it is; 0 if writes are accepted",
                          .examples = {{"chancery network status --json", "for a monitor"}},
                          .run = status},
                         compare_command(),
                         did_check_command(),
                         {.name = "trust",
                          .summary = "fetch the trust file, checked from the pinned network id on",
                          .examples = {{"chancery network trust --network-id 4f…9a --out "
                                        "trust.json",
                                        "for verifying offline"}},
                          .options = {{"out", ValueKind::path, "FILE", "where the file goes"}},
                          .run = trust}}};
}

}  // namespace chancery::cli
