#include "node/cli/credential_evidence.h"

#include "node/cli/credential_file.h"
#include "node/local_file.h"

namespace chancery::cli {

Result<credential::Evidence> evidence_in(const std::string& path, std::uint64_t now_s) {
    auto file = read_credential(path);
    if (!file) return file.error();
    auto receipt = receipt_of(*file);
    if (!receipt) return receipt.error();
    credential::Evidence evidence;
    evidence.jwt = file->jwt();
    // A signed text has no receipt within: what lies beside it is said to be of it, and shows if it
    // was altered since.
    if (!*receipt && !evidence.jwt.empty()) receipt = any_receipt_beside(path);
    if (!receipt) return receipt.error();
    evidence.document = std::move(file->document);
    evidence.receipt = *std::move(receipt);
    evidence.now_s = now_s;
    return evidence;
}

Result<credential::StatusProof> read_status_proof(const std::string& file) {
    const auto text = node::read_file(file, credential::status_proof_bytes_max);
    if (!text) return text.error();
    auto proof = credential::parse_status_proof(*text);
    if (!proof) return Error{Errc::invalid, file + ": " + proof.error().detail};
    return proof;
}

Result<std::optional<credential::StatusProof>> status_beside(const std::string& path) {
    using Found = std::optional<credential::StatusProof>;
    auto proof = read_status_proof(status_path(path));
    if (!proof && proof.error().code == Errc::not_found) return Found();
    if (!proof) return proof.error();
    return Found(*std::move(proof));
}

}  // namespace chancery::cli
