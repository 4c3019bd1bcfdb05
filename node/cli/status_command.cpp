// chancery revoke, suspend, reinstate and renew: one change of status each.
#include "node/cli/commands.h"
#include "node/cli/status_follow.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using ledger::CredentialStatus;
using ledger::Reason;

Result<Reason> reason_of(const Invocation& call, Reason otherwise) {
    if (!call.has("reason")) return otherwise;
    return *ledger::reason_named(call.text("reason"));
}

Result<StatusTargets> targets_of(const Invocation& call, const Issuer& issuer, Reason reason) {
    if (call.has("from-csv") && !call.arguments().empty())
        return Error{Errc::invalid, "TARGET or --from-csv, not both"};
    if (call.has("from-csv")) return read_targets(call.text("from-csv"), reason, issuer);
    if (call.arguments().empty())
        return Error{Errc::invalid, "TARGET is missing: a document or commitment, or --from-csv"};
    StatusTargets found;
    for (const std::string& name : call.arguments()) {
        auto target = find_target(name, issuer);
        if (!target) return target.error();
        target->reason = reason;
        found.targets.push_back(*std::move(target));
    }
    return found;
}

// One target that fails is the command's own error; of many, each has its row.
Result<Exit> report(Session& session,
                    const Invocation& call,
                    const StatusJob& job,
                    std::vector<RowError> errors,
                    json::Array lists) {
    errors.insert(errors.end(), job.errors().begin(), job.errors().end());
    if (job.changed() == 0 && errors.size() == 1 && !call.has("from-csv")) {
        return error_of(errors.front());
    }
    json::Array list;
    for (const RowError& error : errors) {
        session.out.note("  " + text_of(error));
        list.push_back(json_of(error));
    }
    if (!errors.empty() && call.has("errors")) {
        const auto written =
            node::replace_file(call.text("errors"), errors_csv(errors), node::public_mode);
        if (!written) return written.error();
    }
    session.out.line(grouped(job.changed()) + " changed, " + grouped(errors.size()) + " failed");
    session.out.document(json::Object{{"changed", job.changed()},
                                      {"failed", errors.size()},
                                      {"errors", std::move(list)},
                                      {"status_lists", std::move(lists)}});
    return errors.empty() ? Exit::done : Exit::some_failed;
}

Result<Exit> change_status(Session& session, const Invocation& call, CredentialStatus status) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto issuer = load_issuer(session.context, desk->trust);
    if (!issuer) return issuer.error();
    const auto reason = reason_of(call, Reason::unspecified);
    if (!reason) return reason.error();
    const auto found = targets_of(call, *issuer, *reason);
    if (!found) return found.error();
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    StatusJob job(session, desk->node, desk->trust, *issuer);
    const auto done = job.run(found->targets, StatusChange{status, ledger::no_position});
    auto told = tell_lists(session, *desk, *issuer, *lists, job);
    if (!done) return done.error();
    if (!told) return told.error();
    return report(session, call, job, found->errors, *std::move(told));
}

Result<Exit> revoke(Session& session, const Invocation& call) {
    return change_status(session, call, CredentialStatus::revoked);
}
Result<Exit> suspend(Session& session, const Invocation& call) {
    return change_status(session, call, CredentialStatus::suspended);
}
Result<Exit> reinstate(Session& session, const Invocation& call) {
    return change_status(session, call, CredentialStatus::good);
}

// The position of the new credential: only what this member registered may be named.
Result<ledger::Position> successor_position(NodeClient& node,
                                            const StatusTarget& successor,
                                            const StatusTarget& old) {
    if (successor.key.commitment == old.key.commitment)
        return Error{Errc::invalid, "--with: is the same credential as OLD, want the newer one"};
    const auto standing = node.credential(successor.key);
    if (!standing && standing.error().code == Errc::not_found)
        return Error{Errc::not_found, successor.name + ": " + std::string(not_registered)};
    if (!standing) return standing.error();
    return standing->position;
}

Result<Exit> renew(Session& session, const Invocation& call) {
    if (call.has("with") == call.has("unlinked"))
        return Error{Errc::invalid,
                     call.has("with") ? "--with or --unlinked, not both"
                                      : "--with is missing: the new credential, issued already; or "
                                        "--unlinked, to name none"};
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto issuer = load_issuer(session.context, desk->trust);
    if (!issuer) return issuer.error();
    auto target = find_target(call.argument(0), *issuer);
    if (!target) return target.error();
    StatusChange change{CredentialStatus::superseded, ledger::no_position};
    if (call.has("with")) {
        const auto successor = find_target(call.text("with"), *issuer);
        if (!successor) return successor.error();
        const auto position = successor_position(desk->node, *successor, *target);
        if (!position) return position.error();
        change.successor = *position;
    }
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    target->reason = Reason::replaced;
    StatusJob job(session, desk->node, desk->trust, *issuer);
    const auto done = job.run({*target}, change);
    if (!done) return done.error();
    auto told = tell_lists(session, *desk, *issuer, *lists, job);
    if (!told) return told.error();
    return report(session, call, job, {}, *std::move(told));
}

std::vector<std::string> reasons() {
    std::vector<std::string> names;
    for (std::uint8_t code = 0; code <= static_cast<std::uint8_t>(Reason::legal_order); ++code)
        names.emplace_back(ledger::name_of(static_cast<Reason>(code)));
    return names;
}

struct ChangeWords {
    std::string name;
    std::string summary;
    std::string example;
    Run run;
};

Command change_command(const ChangeWords& words) {
    return {
        .name = words.name,
        .summary = words.summary,
        .examples = {{words.example, "one"},
                     {"chancery " + words.name + " --from-csv list.csv --errors failed.csv",
                      "many: columns file or commitment, and reason"}},
        .arguments = {{.name = "TARGET",
                       .help = "a document with its receipt, a .tlog-proof, or a commitment",
                       .is_required = false,
                       .is_repeated = true}},
        .options = {{"reason", ValueKind::choice, "NAME", "why, for everyone to read", reasons()},
                    {"from-csv", ValueKind::path, "FILE", "a table of targets"},
                    {"errors", ValueKind::path, "FILE", "where failed rows go, as CSV"}},
        .run = words.run};
}

}  // namespace

Command revoke_command() {
    return change_command({"revoke",
                           "withdraw a credential for good",
                           "chancery revoke ana.badge.json --reason issued_in_error",
                           revoke});
}
Command suspend_command() {
    return change_command({"suspend",
                           "put a credential on hold",
                           "chancery suspend ana.badge.json --reason withdrawn_by_holder",
                           suspend});
}
Command reinstate_command() {
    return change_command(
        {"reinstate", "end a suspension", "chancery reinstate ana.badge.json", reinstate});
}

Command renew_command() {
    return {.name = "renew",
            .summary = "mark a credential as superseded by a newer one",
            .examples = {{"chancery renew old.json --with new.json",
                          "both issued by this member; new.json is registered already"},
                         {"chancery renew old.json --unlinked",
                          "without naming the new one on the ledger"}},
            .arguments = {{.name = "OLD", .help = "the credential that is superseded"}},
            .options = {{"with", ValueKind::path, "NEW", "the credential that takes its place"},
                        {"unlinked",
                         ValueKind::flag,
                         "",
                         "do not name it: a link tells that both are one person's"}},
            .run = renew};
}

}  // namespace chancery::cli
