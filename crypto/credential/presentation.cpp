#include "crypto/credential/presentation.h"

#include <algorithm>
#include <array>

#include "crypto/base/check.h"
#include "crypto/credential/receipt.h"
#include "crypto/json/members.h"
#include "crypto/keys/multikey.h"

namespace chancery::credential {
namespace {

constexpr std::string_view context_url = "https://www.w3.org/ns/credentials/v2";
constexpr std::string_view presentation_type = "VerifiablePresentation";
constexpr std::string_view envelope_type = "EnvelopedVerifiableCredential";
constexpr std::string_view jwt_url_prefix = "data:application/vc+jwt,";
constexpr std::string_view sd_jwt_url_prefix = "data:application/dc+sd-jwt,";

Error unfit(const std::string& what) { return {Errc::invalid, what}; }

}  // namespace

Result<json::Value> make_presentation(std::vector<json::Value> credentials,
                                      const keys::Ed25519Key& holder,
                                      const std::string& created,
                                      const std::string& challenge) {
    CHECK(!credentials.empty() && credentials.size() <= presented_max);
    const std::string did = keys::did_key(holder.public_key());
    json::Value presentation =
        json::Object{{"@context", json::Array{std::string(context_url)}},
                     {"type", json::Array{std::string(presentation_type)}},
                     {"holder", did},
                     {"verifiableCredential", json::Array(std::move(credentials))}};
    const ProofOptions options{did + "#" + keys::multikey(holder.public_key()),
                               created,
                               authentication_purpose,
                               challenge};
    auto proof = sign_document(presentation, Suite::eddsa_jcs_2022, holder, options);
    if (!proof) return proof.error();
    presentation.set("proof", *std::move(proof));
    return presentation;
}

Result<Presentation> check_presentation(const json::Value& presentation, std::int64_t now_s) {
    if (!json::has_type(presentation, presentation_type))
        return unfit("is no verifiable presentation");
    Presentation found;
    found.holder = json::text_in(presentation, "holder");
    const auto key = keys::ed25519_from_did_key(found.holder);
    if (!key) return unfit("/holder: want a did:key of Ed25519");
    const json::Value* const shown = presentation.find("verifiableCredential");
    const json::Array* const credentials = shown == nullptr ? nullptr : shown->as_array();
    if (credentials == nullptr || credentials->empty() || credentials->size() > presented_max)
        return unfit("/verifiableCredential: want 1 to " + std::to_string(presented_max) +
                     " credentials");
    for (std::size_t i = 0; i < credentials->size(); ++i)
        if ((*credentials)[i].as_object() == nullptr)
            return unfit("/verifiableCredential/" + std::to_string(i) + ": is no object");
    const auto proofs = proofs_of(presentation);
    if (!proofs) return proofs.error();
    if (proofs->size() != 1 || !suite_of(*proofs->front()))
        return unfit("/proof: want the holder's signature and nothing else");
    const json::Value& proof = *proofs->front();
    if (controller_of(proof) != found.holder)
        return Error{Errc::corrupt, "is signed by somebody else than its holder"};
    const std::array<ProofKey, 1> keys = {*key};
    const auto fault = authentication_fault_of(presentation, proof, keys, now_s);
    if (fault) return Error{Errc::corrupt, "the holder's signature: " + fault->reason};
    found.created = json::text_in(proof, "created");
    found.challenge = json::text_in(proof, "challenge");
    found.credentials = *credentials;
    return found;
}

json::Value enveloped(std::string_view text) {
    const bool is_sd_jwt = text.find('~') != std::string_view::npos;
    std::string url(is_sd_jwt ? sd_jwt_url_prefix : jwt_url_prefix);
    url += text;
    return json::Object{{"@context", std::string(context_url)},
                        {"id", std::move(url)},
                        {"type", std::string(envelope_type)}};
}

std::optional<std::string> text_in_envelope(const json::Value& credential) {
    if (!json::has_type(credential, envelope_type)) return std::nullopt;
    const std::string_view url = json::text_in(credential, "id");
    for (const std::string_view prefix : {jwt_url_prefix, sd_jwt_url_prefix})
        if (url.starts_with(prefix)) return std::string(url.substr(prefix.size()));
    return std::nullopt;
}

bool is_subject(const json::Value& credential, const std::string& holder) {
    const json::Value* const subjects = credential.find("credentialSubject");
    if (subjects == nullptr) return false;
    const auto all = json::one_or_several(*subjects);
    return !all.empty() && std::ranges::all_of(all, [&](const json::Value& subject) {
        return json::text_in(subject, "id") == holder;
    });
}

}  // namespace chancery::credential
