#include "node/cli/document_signer.h"

#include <algorithm>
#include <filesystem>

#include "crypto/credential/assertion_keys.h"
#include "crypto/credential/date_time.h"
#include "crypto/credential/receipt.h"
#include "crypto/keys/multikey.h"
#include "crypto/rdf/json_ld.h"
#include "node/cli/issuer.h"
#include "node/keystore.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;
using credential::Suite;

constexpr std::string_view key_file_name = "assertion.key";

std::string key_path(const ClientContext& context) {
    if (!context.assertion_key.empty()) return context.assertion_key;
    if (context.key.empty()) return {};
    const fs::path beside = fs::path(context.key).parent_path() / key_file_name;
    std::error_code absent;
    return fs::exists(beside, absent) ? beside.string() : std::string();
}

// Whether a proof is one that we know, by a key of `did`.
bool is_of(const json::Value& proof, const std::string& did) {
    return credential::suite_of(proof) && credential::controller_of(proof) == did;
}

}  // namespace

Result<void> check_signable(const json::Value& document) {
    if (document.find("@context") == nullptr) return {};
    json::Value without = document;
    without.erase("proof");
    const auto dataset = rdf::to_dataset(without);
    if (!dataset) return dataset.error();
    return {};
}

Result<void> check_present(const json::Value& document, const ledger::Member& member) {
    const auto proofs = credential::proofs_of(document);
    if (!proofs) return proofs.error();
    const std::string did = did_of(member);
    const auto keys = credential::assertion_keys(member, credential::from_now_on);
    for (const json::Value* const proof : *proofs) {
        if (!is_of(*proof, did)) continue;
        // When it ends by its own date is for verifiers to see.
        const auto fault = credential::fault_of(document, *proof, keys, 0);
        if (fault) return Error{Errc::invalid, "the issuer's signature in it: " + fault->reason};
    }
    return {};
}

bool names_as_signer(const json::Value& document, const ledger::Member& member) {
    const auto proofs = credential::proofs_of(document);
    return proofs && std::ranges::any_of(*proofs, [did = did_of(member)](const json::Value* one) {
               return is_of(*one, did);
           });
}

Result<DocumentSigner> DocumentSigner::open(const ClientContext& context,
                                            const ledger::Member& member) {
    const std::string path = key_path(context);
    if (path.empty()) {
        return Error{Errc::invalid,
                     "--assertion-key is missing: what signs documents, and no assertion.key lies "
                     "beside the issuer key; --unsigned leaves them to the registry alone"};
    }
    auto key =
        keystore::load_ed25519_key({path, context.passphrase_file}, keystore::Use::assertion);
    if (!key) return key.error();
    const ledger::RecordedKey wanted = key->public_key();
    const bool is_in_force = std::ranges::any_of(member.keys, [&](const auto& record) {
        return record.use == ledger::KeyUse::assertion && record.key == wanted &&
               !record.in_force.until;
    });
    if (!is_in_force) {
        return Error{Errc::forbidden,
                     path + ": is no assertion key of " + member.slug + " in force"};
    }
    const std::string did = did_of(member);
    const std::string method = did + "#" + keys::multikey(key->public_key());
    return DocumentSigner(*key, did, method);
}

Result<json::Value> DocumentSigner::sign(json::Value document, std::uint64_t now_s) const {
    const auto present = credential::proofs_of(document);
    if (!present) return present.error();
    json::Array proofs;
    for (const json::Value* const proof : *present) {
        if (is_of(*proof, did_)) return document;
        proofs.push_back(*proof);
    }
    const credential::ProofOptions options{verification_method_, credential::to_date_time(now_s)};
    std::vector<Suite> suites = {Suite::eddsa_rdfc_2022, Suite::eddsa_jcs_2022};
    if (document.find("@context") == nullptr) suites.erase(suites.begin());
    json::Array own;
    for (const Suite suite : suites) {
        auto proof = credential::sign_document(document, suite, key_, options);
        if (!proof) return proof.error();
        own.push_back(*std::move(proof));
    }
    proofs.insert(proofs.begin(), own.begin(), own.end());
    document.set("proof", std::move(proofs));
    return document;
}

}  // namespace chancery::cli
