#include "crypto/credential/badge_sd_jwt.h"

#include "crypto/credential/vc_jwt.h"
#include "crypto/jose/jws.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "crypto/json/pointer.h"
#include "crypto/keys/multikey.h"

namespace chancery::credential {
namespace {

constexpr std::string_view badge_type =
    "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential";
constexpr std::string_view any_type = "https://www.w3.org/2018/credentials#VerifiableCredential";
constexpr std::string_view did_key_prefix = "did:key:";
constexpr json::Limits jwk_limits{
    .bytes_max = std::size_t{8} * 1024, .depth_max = 4, .elements_max = 64};

// The pointer, and those of the elements if it leads to an array: each can be shown alone.
void add_claim(const json::Value& value,
               const std::string& pointer,
               std::vector<std::string>& pointers) {
    pointers.push_back(pointer);
    const json::Array* const array = value.as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
        pointers.push_back(json::step(pointer, i));
}

void add_claims_of_subject(const json::Value& subject,
                           const std::string& pointer,
                           std::vector<std::string>& pointers) {
    const json::Object* const members = subject.as_object();
    if (members == nullptr) return;
    for (const json::Member& member : *members)
        if (member.name != "type" && member.name != "achievement")
            add_claim(member.value, json::step(pointer, member.name), pointers);
}

Result<jose::PublicKey> key_of_jwk(std::string_view text) {
    const auto jwk = json::parse(text, jwk_limits);
    if (!jwk || jwk->as_object() == nullptr) {
        return Error{Errc::invalid, "holder's key is neither a did:key nor a JWK"};
    }
    if (jwk->find("d") != nullptr) {
        return Error{Errc::invalid, "holder's key is a secret one, want its public half"};
    }
    return jose::public_key_from_jwk(*jwk);
}

}  // namespace

std::string type_claim_of(const json::Value& document) {
    const bool is_badge = json::has_type(document, "OpenBadgeCredential") ||
                          json::has_type(document, "AchievementCredential");
    return std::string(is_badge ? badge_type : any_type);
}

Result<json::Value> sd_jwt_claims(json::Value document, const BadgeClaims& with) {
    for (const std::string_view claim : {"vct", "cnf", "iss", "nbf", "exp"}) {
        if (document.find(claim) != nullptr) {
            return Error{Errc::invalid, "/" + std::string(claim) + ": is for the SD-JWT to say"};
        }
    }
    const std::string type = with.type.empty() ? type_claim_of(document) : with.type;
    auto claims = with_claims(std::move(document));
    if (!claims) return claims.error();
    claims->erase("jti");
    claims->erase("sub");
    claims->set("vct", type);
    if (with.holder_key) claims->set("cnf", json::Object{{"jwk", *with.holder_key}});
    return claims;
}

json::Value without_sd_jwt_claims(json::Value claims) {
    for (const std::string_view claim : {"vct", "cnf", "iss", "nbf", "exp"})
        claims.erase(claim);
    return claims;
}

std::vector<std::string> personal_claims(const json::Value& document) {
    std::vector<std::string> pointers;
    if (const json::Value* const subject = document.find("credentialSubject")) {
        const json::Array* const several = subject->as_array();
        if (several == nullptr) add_claims_of_subject(*subject, "/credentialSubject", pointers);
        for (std::size_t i = 0; several != nullptr && i < several->size(); ++i)
            add_claims_of_subject((*several)[i], json::step("/credentialSubject", i), pointers);
    }
    if (const json::Value* const evidence = document.find("evidence"))
        add_claim(*evidence, "/evidence", pointers);
    return pointers;
}

Result<json::Value> holder_jwk(std::string_view text) {
    if (!text.starts_with(did_key_prefix)) {
        const auto key = key_of_jwk(text);
        if (!key) return key.error();
        return jose::to_jwk(*key);
    }
    const auto key = jose::public_key_from_multikey(text.substr(did_key_prefix.size()));
    if (!key) return Error{Errc::invalid, "holder's did:key is of another kind than P-256 and RSA"};
    return jose::to_jwk(*key);
}

}  // namespace chancery::credential
