#include "node/cli/credential_evidence.h"

#include "node/cli/credential_file.h"
#include "node/cli/newest_answer.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using Status = std::optional<credential::StatusProof>;

Result<Status> status_beside(const std::string& path) {
    if (path == "-") return Status();
    const auto text = node::read_file(status_path(path), credential::status_proof_bytes_max);
    if (!text && text.error().code == Errc::not_found) return Status();
    if (!text) return text.error();
    auto proof = credential::parse_status_proof(*text);
    if (!proof) return invalid_at(status_path(path), proof.error().detail);
    return Status(*std::move(proof));
}

Status status_of_today(const credential::Evidence& evidence, Session& session, Desk& desk) {
    if (!evidence.receipt) return std::nullopt;
    const auto key = key_of(*evidence.receipt);
    if (!key) return std::nullopt;
    auto proof = newest_answer<credential::StatusProof>(
        desk,
        [&](NodeClient& node) { return node.status_proof(*key); },
        [](const credential::StatusProof& answer) { return answer.checkpoint; });
    if (proof) return *std::move(proof);
    session.out.warning("no status: " + proof.error().detail);
    return std::nullopt;
}

Result<credential::Evidence> evidence_in(const std::string& path,
                                         const TrustStore& trust,
                                         std::uint64_t now_s) {
    auto file = read_credential(path);
    if (!file) return file.error();
    auto receipt = receipt_of(*file);
    if (!receipt) return receipt.error();
    credential::Evidence evidence;
    evidence.jwt = file->jwt();
    evidence.document = std::move(file->document);
    evidence.receipt = *std::move(receipt);
    evidence.trust = &trust.trust();
    evidence.now_s = now_s;
    evidence.status_age_max_s = status_age_max_default_s;
    return evidence;
}

// Two sealed histories are an alarm, whatever was asked.
Result<void> hold_against_kept(const credential::Evidence& evidence,
                               TrustStore& trust,
                               audit::LogSource* source) {
    if (!evidence.status || !trust.is_sealed(evidence.status->checkpoint)) return {};
    const auto accepted = trust.accept(evidence.status->checkpoint, source);
    if (!accepted) return accepted.error();
    return {};
}

}  // namespace

Result<credential::Evidence> evidence_beside(const std::string& path,
                                             TrustStore& trust,
                                             std::uint64_t now_s) {
    auto evidence = evidence_in(path, trust, now_s);
    if (!evidence) return evidence;
    auto status = status_beside(path);
    if (!status) return status.error();
    evidence->status = *std::move(status);
    if (const auto held = hold_against_kept(*evidence, trust, nullptr); !held) return held.error();
    return evidence;
}

Result<credential::Evidence> evidence_of_today(const std::string& path,
                                               Session& session,
                                               Desk& desk) {
    auto evidence = evidence_in(path, desk.trust, session.clock.now_s());
    if (!evidence) return evidence;
    evidence->status = status_of_today(*evidence, session, desk);
    NodeLog log(desk.node);
    if (const auto held = hold_against_kept(*evidence, desk.trust, &log); !held)
        return held.error();
    return evidence;
}

}  // namespace chancery::cli
