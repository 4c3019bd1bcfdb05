#include "node/cli/inspector.h"

#include "node/cli/credential_file.h"
#include "node/cli/newest_answer.h"
#include "node/cli/status_list_view.h"

namespace chancery::cli {
namespace {

using credential::StatusProof;

// Revoked and superseded are for good: such a proof is never too old.
bool is_final(const StatusProof& proof) {
    const auto proven = credential::check_status_proof(proof);
    return proven && (proven->status == ledger::CredentialStatus::revoked ||
                      proven->status == ledger::CredentialStatus::superseded);
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

}  // namespace

Result<Inspector> Inspector::open(Session& session, bool is_offline) {
    Inspector inspector(session);
    if (is_offline) {
        if (session.context.trust.empty())
            session.out.hint("chancery network trust --out trust.json");
        auto trust = TrustStore::load(session.context, nullptr, session.out);
        if (!trust) return trust.error();
        inspector.offline_trust_.emplace(*std::move(trust));
        return inspector;
    }
    auto desk = open_desk(session);
    if (!desk && session.context.nodes.empty())
        session.out.hint("--offline checks with the status proof that lies beside the document");
    if (!desk) return desk.error();
    inspector.desk_.emplace(*std::move(desk));
    return inspector;
}

std::optional<StatusProof> Inspector::ask_status(
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
    auto proof = newest_answer<StatusProof>(*desk_, ask, checkpoint_of);
    if (proof) return *std::move(proof);
    if (last_final) return last_final;
    session_.out.warning("no status: " + proof.error().detail);
    return std::nullopt;
}

Result<void> Inspector::complete(credential::Evidence& evidence) {
    std::optional<NodeLog> log;
    if (desk_) {
        evidence.status = ask_status(evidence.receipt);
        log.emplace(desk_->node);
    }
    const auto seen = hold_against_history(trust(), evidence.status, log ? &*log : nullptr);
    if (!seen) return seen.error();
    evidence.trust = &trust().trust();
    return {};
}

Result<credential::Verdict> Inspector::judge(credential::Evidence& evidence) {
    if (const auto done = complete(evidence); !done) return done.error();
    return credential::judge(evidence);
}

std::optional<credential::StepReport> Inspector::compare_status_lists(
    const credential::Evidence& evidence, const credential::Verdict& verdict) {
    if (!desk_ || !evidence.receipt || !evidence.status || !verdict.status_time_s)
        return std::nullopt;
    const auto key = key_of(*evidence.receipt);
    const auto proven = credential::check_status_proof(*evidence.status);
    if (!key || !proven) return std::nullopt;
    const ledger::Member* const member = trust().trust().newest().find(key->member);
    if (member == nullptr) return std::nullopt;
    return compare_lists(desk_->node, *member, evidence.document, proven->status);
}

}  // namespace chancery::cli
