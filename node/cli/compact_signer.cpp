#include "node/cli/compact_signer.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "crypto/credential/badge_sd_jwt.h"
#include "crypto/credential/sd_jwt.h"
#include "crypto/credential/vc_jwt.h"
#include "crypto/json/pointer.h"
#include "crypto/keys/multikey.h"
#include "node/cli/issuer.h"
#include "node/signing_key.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> form_names = {"json", "jwt", "sd-jwt"};
constexpr std::array<std::string_view, 3> key_file_names = {
    "assertion-p256.key", "assertion-rsa.key", "assertion.key"};

std::string jwt_key_path(const ClientContext& context) {
    if (!context.assertion_key.empty()) return context.assertion_key;
    if (context.key.empty()) return {};
    for (const std::string_view name : key_file_names) {
        const fs::path beside = fs::path(context.key).parent_path() / name;
        std::error_code absent;
        if (fs::exists(beside, absent)) return beside.string();
    }
    return {};
}

Result<jose::SecretKey> jwt_key_in(const std::string& path, const ClientContext& context) {
    auto key =
        keystore::load_signing_key({path, context.passphrase_file}, keystore::Use::assertion);
    if (!key) return key.error();
    if (auto* const p256 = std::get_if<keys::P256Key>(&*key))
        return jose::SecretKey(std::move(*p256));
    if (auto* const rsa = std::get_if<keys::RsaKey>(&*key)) return jose::SecretKey(std::move(*rsa));
    return Error{Errc::invalid,
                 path +
                     ": is an Ed25519 key, want P-256 or RSA for JWTs: chancery key add --use "
                     "assertion --type p256 makes one"};
}

std::string multikey_of(const jose::SecretKey& key) {
    return std::visit([](const auto& one) { return keys::multikey(one.public_key()); }, key);
}

}  // namespace

std::string_view name_of(IssueForm form) { return form_names.at(static_cast<std::size_t>(form)); }

std::optional<IssueForm> issue_form_named(std::string_view name) {
    const auto* const found = std::ranges::find(form_names, name);
    if (found == form_names.end()) return std::nullopt;
    return static_cast<IssueForm>(found - form_names.begin());
}

std::string ending_of(IssueForm form) { return "." + std::string(name_of(form)); }

json::Value document_within(const CredentialFile& file) {
    if (file.container.form == Form::json) return file.document;
    const bool is_sd_jwt = file.container.text.find('~') != std::string::npos;
    return is_sd_jwt ? credential::without_sd_jwt_claims(file.document)
                     : credential::without_claims(file.document);
}

Result<CompactSigner> CompactSigner::open(const ClientContext& context,
                                          const ledger::Member& member,
                                          CompactPlan plan) {
    const std::string path = jwt_key_path(context);
    if (path.empty())
        return Error{
            Errc::invalid,
            "--assertion-key is missing: what signs JWTs, and no assertion key lies beside "
            "the issuer key"};
    auto key = jwt_key_in(path, context);
    if (!key) return key.error();
    const std::string text = multikey_of(*key);
    const bool is_in_force = std::ranges::any_of(member.keys, [&](const auto& record) {
        return record.use == ledger::KeyUse::assertion && record.key.text() == text &&
               !record.in_force.until;
    });
    if (!is_in_force)
        return Error{Errc::forbidden,
                     path + ": is no assertion key of " + member.slug +
                         " in force; chancery key add puts it on the ledger"};
    return CompactSigner(std::move(plan), *std::move(key), did_of(member) + "#" + text);
}

CompactSigner CompactSigner::for_a_look(CompactPlan plan) {
    auto key = keys::P256Key::from_secret(Hash{1});
    CHECK(key);
    return {std::move(plan), *std::move(key), "did:example:issuer#key"};
}

Result<std::string> CompactSigner::sign(const json::Value& document,
                                        const std::optional<json::Value>& holder_key) const {
    if (plan_.form == IssueForm::sd_jwt) return sign_sd_jwt(document, holder_key);
    return credential::sign_vc_jwt(document, "", key_);
}

Result<std::string> CompactSigner::sign_sd_jwt(const json::Value& document,
                                               const std::optional<json::Value>& holder_key) const {
    auto claims = credential::sd_jwt_claims(document, {plan_.type, holder_key});
    if (!claims) return claims.error();
    credential::SdJwtPlan plan;
    for (const std::string& pointer :
         plan_.concealed ? *plan_.concealed : credential::personal_claims(document)) {
        const bool is_there = json::at(document, pointer) != nullptr;
        if (!is_there && !plan_.may_lack)
            return Error{Errc::invalid, "--conceal: nothing is at " + pointer};
        if (is_there) plan.concealed.push_back(pointer);
    }
    plan.claims = *std::move(claims);
    plan.salts.resize(plan.concealed.size());
    for (credential::Salt& salt : plan.salts)
        keystore::fill_random(salt);
    return credential::issue_sd_jwt(plan, key_id_, key_);
}

}  // namespace chancery::cli
