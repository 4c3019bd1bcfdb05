// What a credential is issued as: the JSON document, which carries its proofs, or a text that the
// issuer signs before it is registered.
//
//     json     ana.json      signed after registration, with its receipt among the proofs
//     jwt      ana.jwt       Open Badges 3.0 §8.2: the document with its claims is the payload
//     sd-jwt   ana.sd-jwt    SD-JWT VC: the same, and what is about the person concealed
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/jose/jws.h"
#include "crypto/ledger/members.h"
#include "node/cli/client_context.h"
#include "node/cli/credential_file.h"

namespace chancery::cli {

enum class IssueForm : std::uint8_t { json, jwt, sd_jwt };
std::string_view name_of(IssueForm form);  // "json", "jwt", "sd-jwt"
std::optional<IssueForm> issue_form_named(std::string_view name);
std::string ending_of(IssueForm form);  // ".json", ".jwt", ".sd-jwt"

// The document that was put into the file: without the claims that its form adds.
json::Value document_within(const CredentialFile& file);

struct CompactPlan {
    IssueForm form = IssueForm::jwt;
    std::string type;  // Of an SD-JWT, `vct`; empty: that of the document's own type.
    // JSON pointers to what an SD-JWT conceals; nullopt: what is about the person.
    std::optional<std::vector<std::string>> concealed;
    bool may_lack = false;  // Nothing need be at such a pointer: a template left it out.
};

class CompactSigner {
public:
    // With --assertion-key, or beside --key the first of assertion-p256.key, assertion-rsa.key and
    // assertion.key. Errc::invalid if there is none or it is an Ed25519 key, Errc::forbidden unless
    // it is an assertion key of `member` in force.
    static Result<CompactSigner> open(const ClientContext& context,
                                      const ledger::Member& member,
                                      CompactPlan plan);
    // For a dry run: what it signs is good for a look alone.
    static CompactSigner for_a_look(CompactPlan plan);

    // An SD-JWT is another each time: its salts are random. Errc::invalid with what is wrong with
    // the document. `holder_key` is a JWK, which only an SD-JWT has room for.
    Result<std::string> sign(const json::Value& document,
                             const std::optional<json::Value>& holder_key) const;

    const CompactPlan& plan() const { return plan_; }

private:
    CompactSigner(CompactPlan plan, jose::SecretKey key, std::string key_id)
        : plan_(std::move(plan)), key_(std::move(key)), key_id_(std::move(key_id)) {}

    Result<std::string> sign_sd_jwt(const json::Value& document,
                                    const std::optional<json::Value>& holder_key) const;

    CompactPlan plan_;
    jose::SecretKey key_;
    std::string key_id_;  // As the member's DID document names it.
};

}  // namespace chancery::cli
