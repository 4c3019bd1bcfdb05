// chancery verify: nine steps, one verdict, and never green for what could not be looked at.
#include "crypto/credential/key_binding.h"
#include "crypto/credential/recipient.h"
#include "crypto/credential/verdict.h"
#include "node/cli/badge_facts.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/inspector.h"
#include "node/cli/session.h"
#include "node/cli/stack_file.h"
#include "node/cli/stack_view.h"
#include "node/cli/verdict_text.h"
#include "node/cli/web_credential.h"

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

// What was asked beside the verdict: is it about this person, was it shown to this employer? A good
// credential is not good here if it is somebody else's, or shown by somebody else.
struct AlsoAsked {
    std::string what;
    std::string name;  // In JSON.
    credential::StepReport report;
};

std::vector<AlsoAsked> look_at_asked(const credential::Evidence& evidence,
                                     const Invocation& call,
                                     const std::optional<credential::KeyBindingWanted>& wanted,
                                     std::uint64_t now_s) {
    std::vector<AlsoAsked> asked;
    if (call.has("recipient"))
        asked.push_back({"recipient",
                         "recipient_check",
                         credential::check_recipient(evidence.document, call.text("recipient"))});
    if (auto binding = credential::weigh_key_binding(evidence.jwt, wanted, now_s))
        asked.push_back({"key binding", "key_binding", *std::move(binding)});
    return asked;
}

credential::StepResult worst_of(const std::vector<AlsoAsked>& asked) {
    auto worst = credential::StepResult::pass;
    for (const AlsoAsked& each : asked)
        if (each.report.result == credential::StepResult::fail ||
            worst == credential::StepResult::pass)
            worst = each.report.result;
    return worst;
}

Exit exit_with(Exit exit, credential::StepResult as_asked) {
    if (exit != Exit::done || as_asked == credential::StepResult::pass) return exit;
    return as_asked == credential::StepResult::fail ? Exit::not_valid : Exit::cannot_tell;
}

json::Value beside_json(const credential::StepReport& report) {
    return json::Object{{"result", name_of(report.result)}, {"reason", report.reason}};
}

Result<std::optional<credential::KeyBindingWanted>> wanted_binding(const Invocation& call) {
    using Wanted = std::optional<credential::KeyBindingWanted>;
    if (call.has("audience") != call.has("nonce"))
        return Error{Errc::invalid,
                     "--audience and --nonce go together: without both, what was shown to somebody "
                     "else could be shown again"};
    if (!call.has("audience")) {
        if (call.has("max-binding-age"))
            return Error{Errc::invalid, "--max-binding-age goes with --audience and --nonce"};
        return Wanted();
    }
    return Wanted({call.text("audience"),
                   call.text("nonce"),
                   call.seconds("max-binding-age", credential::binding_age_default_s)});
}

WebReach web_reach(const Session& session, const Invocation& call) {
    return {.timeout = session.context.timeout,
            .ca_file = session.context.ca,
            .allows_http = call.has("plain-http")};
}

Result<credential::Evidence> gather(const Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    const bool is_on_the_web = begins_as_web_address(path);
    const bool wants_status = call.has("offline") && !call.has("status");
    auto evidence = is_on_the_web ? evidence_at({.address = path, .wants_status = wants_status},
                                                web_reach(session, call),
                                                session.clock.now_s())
                                  : evidence_in(path, session.clock.now_s());
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
    if (is_on_the_web) return evidence;
    auto beside = status_beside(path);
    if (!beside) return beside.error();
    evidence->status = *std::move(beside);
    return evidence;
}

// Of a did:web issuer that is no member, as a stranger's own word for its signature. What cannot be
// had is told, and leaves the step open.
void add_issuer_keys(Session& session, const Invocation& call, credential::Evidence& evidence) {
    const bool is_claimed = evidence.document.find("issuer") == nullptr;
    const std::string did = credential::issuer_named_by(evidence.document, is_claimed);
    for (const ledger::Member& member : evidence.trust->newest().members)
        for (const ledger::DidRecord& record : member.dids)
            if (record.did == did) return;
    const auto address = credential::did_web_address(did);
    if (!address) {
        session.out.warning("the issuer's keys were not fetched: " + address.error().detail);
        return;
    }
    WebReach reach = web_reach(session, call);
    reach.bytes_max = credential::did_document_bytes_max;
    reach.only_public = !call.has("private-network");
    const auto text = fetch_web(*address, reach);
    auto keys = text ? credential::parse_did_document(*text, did)
                     : Result<credential::IssuerKeys>(text.error());
    if (keys)
        evidence.issuer_keys = *std::move(keys);
    else
        session.out.warning("the issuer's keys: " + (text ? *address + ": " : std::string()) +
                            keys.error().detail);
}

Result<Exit> verify(Session& session, const Invocation& call) {
    if (call.has("status-lists") && call.has("offline"))
        return Error{Errc::invalid, "--status-lists asks the node, and --offline nobody"};
    if (call.has("private-network") && !call.has("did-web"))
        return Error{Errc::invalid, "--private-network goes with --did-web"};
    if (call.has("status") && !call.has("offline"))
        return Error{Errc::invalid, "--status goes with --offline: online, the node is asked"};
    if (is_stack_link(call.argument(0))) {
        for (const std::string_view name :
             {"recipient", "at", "status", "status-lists", "audience"})
            if (call.has(name))
                return Error{Errc::invalid,
                             "--" + std::string(name) + " goes with one credential, not a stack"};
        return open_stack(session, call);
    }
    const auto wanted = wanted_binding(call);
    if (!wanted) return wanted.error();
    auto evidence = gather(session, call);
    if (!evidence) return evidence.error();
    auto inspector = Inspector::open(session, call.has("offline"));
    if (!inspector) return inspector.error();
    if (const auto done = inspector->complete(*evidence); !done) return done.error();
    if (call.has("did-web")) add_issuer_keys(session, call, *evidence);
    const credential::Verdict verdict = credential::judge(*evidence);
    const std::vector<AlsoAsked> asked =
        look_at_asked(*evidence, call, *wanted, session.clock.now_s());
    const credential::StepResult as_asked = worst_of(asked);
    show_verdict(
        session.out, verdict, subject_of(evidence->document), call.has("explain"), as_asked);
    json::Object about = verdict_json(verdict);
    about.push_back({"credential", badge_facts(evidence->document)});
    if (call.has("status-lists")) {
        if (const auto lists = inspector->compare_status_lists(*evidence, verdict)) {
            show_beside(session.out, "status list", *lists);
            about.push_back({"status_list", beside_json(*lists)});
        }
    }
    for (const AlsoAsked& each : asked) {
        show_beside(session.out, each.what, each.report);
        about.push_back({each.name, beside_json(each.report)});
    }
    if (!asked.empty()) about.push_back({"as_asked", name_of(as_asked)});
    session.out.document(std::move(about));
    return exit_with(exit_of(verdict.headline), as_asked);
}

std::vector<Option> verify_options() {
    return {
        {"offline", ValueKind::flag, "", "ask no node; use the status proof beside it"},
        {"plain-http",
         ValueKind::flag,
         "",
         "let a web address be http:// elsewhere than on this machine"},
        {"did-web",
         ValueKind::flag,
         "",
         "of an issuer that is no member: fetch the keys that its domain serves, which tells "
         "it that somebody looks"},
        {"private-network",
         ValueKind::flag,
         "",
         "with --did-web: also from this machine and private networks"},
        {"status", ValueKind::path, "FILE", "with --offline: the status proof"},
        {"max-status-age", ValueKind::duration, "TIME", "how old a status may be, 24h if not said"},
        {"recipient",
         ValueKind::text,
         "EMAIL",
         "whether it is about this address: exit 1 if not, 3 if it does not say"},
        {"audience",
         ValueKind::text,
         "TEXT",
         "with --nonce: its holder must have signed it for this audience, exit 1 if not"},
        {"nonce", ValueKind::text, "TEXT", "with --audience: what the holder was given to sign"},
        {"max-binding-age",
         ValueKind::duration,
         "TIME",
         "how old the holder's signature may be, 5m if not said"},
        {"at",
         ValueKind::time,
         "TIME",
         "judge as of another time: a later one, or an earlier one as far as it is shown"},
        {"status-lists",
         ValueKind::flag,
         "",
         "say whether the lists that it names for other verifiers say what the ledger says"},
        {"explain", ValueKind::flag, "", "say why for each step, and what was proven"}};
}

}  // namespace

Command verify_command() {
    return {
        .name = "verify",
        .summary = "check a credential against the registry",
        .examples = {{"chancery verify ana.badge.json", "asks the node for today's status"},
                     {"chancery verify ana.badge.json --offline --trust trust.json",
                      "with ana.badge.status.json beside it"},
                     {"chancery verify https://example.org/ana.badge.png",
                      "fetched, with its receipt beside it if there is none inside"},
                     {"chancery verify shown.sd-jwt --audience https://employer.example --nonce "
                      "n-0S6",
                      "and was it shown to us, just now, by its holder?"},
                     {"chancery verify - --json < ana.badge.json", "for programs"}},
        .arguments =
            {{.name = "FILE",
              .help = "the credential: JSON, JWT, SD-JWT, or PNG or SVG with it inside, as a file "
                      "or a web address; a link to a skill stack; - is stdin"}},
        .options = verify_options(),
        .run = verify};
}

}  // namespace chancery::cli
