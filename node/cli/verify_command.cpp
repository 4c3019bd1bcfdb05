// chancery verify: nine steps, one verdict, and never green for what could not be looked at.
#include "crypto/credential/recipient.h"
#include "crypto/credential/verdict.h"
#include "node/cli/badge_facts.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/inspector.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

// Of a later time only dates and ages are judged; of an earlier one, what the status shows of it.
void set_moment(credential::Evidence& evidence, const Session& session, const Invocation& call) {
    evidence.now_s = session.clock.now_s();
    if (!call.has("at")) return;
    const std::uint64_t at = *parse_time(call.text("at"));
    if (at < evidence.now_s)
        evidence.as_of_s = at;
    else
        evidence.now_s = at;
}

// A good credential of somebody else is not good here.
Exit exit_of_recipient(credential::StepResult recipient) {
    if (recipient == credential::StepResult::pass) return Exit::done;
    return recipient == credential::StepResult::fail ? Exit::not_valid : Exit::cannot_tell;
}

Result<credential::Evidence> gather(const Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    auto evidence = evidence_in(path, session.clock.now_s());
    if (!evidence) return evidence;
    set_moment(*evidence, session, call);
    evidence->status_age_max_s = call.seconds("max-status-age", status_age_default_s);
    if (!call.has("offline")) return evidence;
    if (call.has("status")) {
        auto proof = read_status_proof(call.text("status"));
        if (!proof) return proof.error();
        evidence->status = *std::move(proof);
        return evidence;
    }
    auto beside = status_beside(path);
    if (!beside) return beside.error();
    evidence->status = *std::move(beside);
    return evidence;
}

Result<Exit> verify(Session& session, const Invocation& call) {
    if (call.has("status-lists") && call.has("offline"))
        return Error{Errc::invalid, "--status-lists asks the node, and --offline nobody"};
    if (call.has("status") && !call.has("offline"))
        return Error{Errc::invalid, "--status goes with --offline: online, the node is asked"};
    auto evidence = gather(session, call);
    if (!evidence) return evidence.error();
    auto inspector = Inspector::open(session, call.has("offline"));
    if (!inspector) return inspector.error();
    const auto verdict = inspector->judge(*evidence);
    if (!verdict) return verdict.error();
    show_verdict(session.out, *verdict, subject_of(evidence->document), call.has("explain"));
    json::Object about = verdict_json(*verdict);
    about.push_back({"credential", badge_facts(evidence->document)});
    if (call.has("status-lists")) {
        if (const auto lists = inspector->compare_status_lists(*evidence, *verdict)) {
            show_beside(session.out, "status list", *lists);
            about.push_back(
                {"status_list",
                 json::Object{{"result", name_of(lists->result)}, {"reason", lists->reason}}});
        }
    }
    Exit exit = exit_of(verdict->headline);
    if (call.has("recipient")) {
        const auto recipient =
            credential::check_recipient(evidence->document, call.text("recipient"));
        show_beside(session.out, "recipient", recipient);
        about.push_back(
            {"recipient_check",
             json::Object{{"result", name_of(recipient.result)}, {"reason", recipient.reason}}});
        if (exit == Exit::done) exit = exit_of_recipient(recipient.result);
    }
    session.out.document(std::move(about));
    return exit;
}

}  // namespace

Command verify_command() {
    return {
        .name = "verify",
        .summary = "check a credential against the registry",
        .examples = {{"chancery verify ana.badge.json", "asks the node for today's status"},
                     {"chancery verify ana.badge.json --offline --trust trust.json",
                      "with ana.badge.status.json beside it"},
                     {"chancery verify - --json < ana.badge.json", "for programs"}},
        .arguments =
            {{.name = "FILE",
              .help =
                  "the credential: JSON, JWT, SD-JWT, or PNG or SVG with it inside; - is stdin"}},
        .options =
            {{"offline", ValueKind::flag, "", "ask nobody; use the status proof beside it"},
             {"status", ValueKind::path, "FILE", "with --offline: the status proof"},
             {"max-status-age",
              ValueKind::duration,
              "TIME",
              "how old a status may be, 24h if not said"},
             {"recipient",
              ValueKind::text,
              "EMAIL",
              "whether it is about this address: exit 1 if not, 3 if it does not say"},
             {"at",
              ValueKind::time,
              "TIME",
              "judge as of another time: a later one, or an earlier one as far as it is shown"},
             {"status-lists",
              ValueKind::flag,
              "",
              "say whether the lists that it names for other verifiers say what the ledger says"},
             {"explain", ValueKind::flag, "", "say why for each step, and what was proven"}},
        .run = verify};
}

}  // namespace chancery::cli
