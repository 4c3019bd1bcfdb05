// chancery verify: nine steps, one verdict, and never green for what could not be looked at.
#include "crypto/credential/recipient.h"
#include "crypto/credential/verdict.h"
#include "node/cli/badge_facts.h"
#include "node/cli/commands.h"
#include "node/cli/credential_file.h"
#include "node/cli/newest_answer.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using credential::StatusProof;

constexpr std::uint64_t status_age_default_s = 24 * 3'600;

Result<std::optional<StatusProof>> read_status(const Invocation& call, const std::string& path) {
    using Found = std::optional<StatusProof>;
    const std::string file = call.has("status") ? call.text("status") : status_path(path);
    const auto text = node::read_file(file, credential::status_proof_bytes_max);
    const bool is_optional = !call.has("status");
    if (!text && text.error().code == Errc::not_found && is_optional) return Found();
    if (!text) return text.error();
    auto proof = credential::parse_status_proof(*text);
    if (!proof) return Error{Errc::invalid, file + ": " + proof.error().detail};
    return Found(*std::move(proof));
}

// Revoked and superseded are for good: such a proof is never too old.
bool is_final(const StatusProof& proof) {
    const auto proven = credential::check_status_proof(proof);
    return proven && (proven->status == ledger::CredentialStatus::revoked ||
                      proven->status == ledger::CredentialStatus::superseded);
}

// What a node says today; without it the verdict is "cannot tell", never an error.
std::optional<StatusProof> ask_status(Session& session,
                                      Desk& desk,
                                      const std::optional<credential::Receipt>& receipt) {
    if (!receipt) return std::nullopt;
    const auto key = key_of(*receipt);
    if (!key) return std::nullopt;
    std::optional<StatusProof> last_final;
    const auto ask = [&](NodeClient& node) {
        auto proof = node.status_proof(*key);
        if (proof && is_final(*proof)) last_final = *proof;
        return proof;
    };
    const auto checkpoint_of = [](const StatusProof& proof) { return proof.checkpoint; };
    auto proof = newest_answer<StatusProof>(desk, ask, checkpoint_of);
    if (proof) return *std::move(proof);
    if (last_final) return last_final;
    session.out.warning("no status: " + proof.error().detail);
    return std::nullopt;
}

// The past cannot be asked for: a status proof says nothing of the time before its checkpoint.
Result<std::uint64_t> moment_of(const Session& session, const Invocation& call) {
    const std::uint64_t now = session.clock.now_s();
    if (!call.has("at")) return now;
    const std::uint64_t at = *parse_time(call.text("at"));
    if (at < now)
        return Error{Errc::invalid,
                     "--at: " + time_text(at) + " is past; now is " + time_text(now) +
                         ", and a status proof tells nothing of earlier times"};
    return at;
}

// Two sealed histories are an alarm; a status that is not sealed is for the verdict to tell.
Result<void> hold_against_history(TrustStore& trust,
                                  const std::optional<StatusProof>& status,
                                  audit::LogSource* source) {
    if (!status || !trust.is_sealed(status->checkpoint)) return {};
    const auto accepted = trust.accept(status->checkpoint, source);
    if (!accepted) return accepted.error();
    return {};
}

// A good credential of somebody else is not good here.
Exit exit_of_recipient(credential::StepResult recipient) {
    if (recipient == credential::StepResult::pass) return Exit::done;
    return recipient == credential::StepResult::fail ? Exit::not_valid : Exit::cannot_tell;
}

struct Gathered {
    CredentialFile file;
    std::optional<credential::Receipt> receipt;
    std::optional<StatusProof> status;
};

Result<Exit> conclude(Session& session,
                      const Invocation& call,
                      Gathered gathered,
                      const TrustStore* trust) {
    const auto moment = moment_of(session, call);
    if (!moment) return moment.error();
    const VerdictSubject subject = subject_of(gathered.file.document);
    credential::Evidence evidence;
    evidence.jwt = gathered.file.jwt();
    evidence.document = std::move(gathered.file.document);
    evidence.receipt = std::move(gathered.receipt);
    evidence.status = std::move(gathered.status);
    evidence.trust = trust == nullptr ? nullptr : &trust->trust();
    evidence.now_s = *moment;
    evidence.status_age_max_s = call.seconds("max-status-age", status_age_default_s);
    const credential::Verdict verdict = credential::judge(evidence);
    show_verdict(session.out, verdict, subject, call.has("explain"));
    json::Object about = verdict_json(verdict);
    about.push_back({"credential", badge_facts(evidence.document)});
    Exit exit = exit_of(verdict.headline);
    if (call.has("recipient")) {
        const auto recipient =
            credential::check_recipient(evidence.document, call.text("recipient"));
        show_recipient(session.out, recipient);
        about.push_back(
            {"recipient_check",
             json::Object{{"result", name_of(recipient.result)}, {"reason", recipient.reason}}});
        if (exit == Exit::done) exit = exit_of_recipient(recipient.result);
    }
    session.out.document(std::move(about));
    return exit;
}

Result<Gathered> gather(const std::string& path) {
    auto file = read_credential(path);
    if (!file) return file.error();
    auto receipt = receipt_of(*file);
    if (!receipt) return receipt.error();
    return Gathered{*std::move(file), *std::move(receipt), std::nullopt};
}

Result<Exit> verify_offline(Session& session, const Invocation& call) {
    auto gathered = gather(call.argument(0));
    if (!gathered) return gathered.error();
    if (session.context.trust.empty()) session.out.hint("chancery network trust --out trust.json");
    auto trust = TrustStore::load(session.context, nullptr, session.out);
    if (!trust) return trust.error();
    auto status = read_status(call, call.argument(0));
    if (!status) return status.error();
    gathered->status = *std::move(status);
    if (const auto seen = hold_against_history(*trust, gathered->status, nullptr); !seen)
        return seen.error();
    return conclude(session, call, *std::move(gathered), &*trust);
}

Result<Exit> verify_online(Session& session, const Invocation& call) {
    auto gathered = gather(call.argument(0));
    if (!gathered) return gathered.error();
    auto desk = open_desk(session);
    if (!desk && session.context.nodes.empty())
        session.out.hint("--offline checks with the status proof that lies beside the document");
    if (!desk) return desk.error();
    gathered->status = ask_status(session, *desk, gathered->receipt);
    NodeLog log(desk->node);
    if (const auto seen = hold_against_history(desk->trust, gathered->status, &log); !seen)
        return seen.error();
    return conclude(session, call, *std::move(gathered), &desk->trust);
}

Result<Exit> verify(Session& session, const Invocation& call) {
    if (call.has("offline")) return verify_offline(session, call);
    if (call.has("status"))
        return Error{Errc::invalid, "--status goes with --offline: online, the node is asked"};
    return verify_online(session, call);
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
        .options = {{"offline", ValueKind::flag, "", "ask nobody; use the status proof beside it"},
                    {"status", ValueKind::path, "FILE", "with --offline: the status proof"},
                    {"max-status-age",
                     ValueKind::duration,
                     "TIME",
                     "how old a status may be, 24h if not said"},
                    {"recipient",
                     ValueKind::text,
                     "EMAIL",
                     "whether it is about this address: exit 1 if not, 3 if it does not say"},
                    {"at", ValueKind::time, "TIME", "judge dates and ages as of a later time"},
                    {"explain", ValueKind::flag, "", "say why for each step, and what was proven"}},
        .run = verify};
}

}  // namespace chancery::cli
