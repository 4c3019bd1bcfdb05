// What a holder's signature says beside the verdict, and badges as claims of an SD-JWT.
#include <gtest/gtest.h>

#include "crypto/credential/badge_sd_jwt.h"
#include "crypto/credential/key_binding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"

namespace chancery::credential::key_binding_test {
namespace {

constexpr std::uint64_t now_s = 1'767'225'600;
const KeyBindingWanted wanted{.audience = "https://v", .nonce = "n"};

const keys::P256Key& key_of(std::uint8_t byte) {
    static const keys::P256Key issuer = keys::P256Key::from_secret(Hash{1}).value();
    static const keys::P256Key holder = keys::P256Key::from_secret(Hash{2}).value();
    return byte == 1 ? issuer : holder;
}

std::string presentation(bool names_holder) {
    SdJwtPlan plan;
    plan.claims = json::Object{{"iss", "did:example:a"}, {"name", "Ana"}, {"level", 5}};
    if (names_holder)
        plan.claims.set("cnf", json::Object{{"jwk", jose::to_jwk(key_of(2).public_key())}});
    plan.concealed = {"/name", "/level"};
    plan.salts = {Salt{1}, Salt{2}};
    const std::string whole = issue_sd_jwt(plan, "", key_of(1)).value();
    return present_sd_jwt(whole, {"/name"}).value();
}

std::string bound(const std::string& text, const KeyBinding& binding, std::uint8_t signer = 2) {
    return bind_key(text, binding, key_of(signer)).value();
}

StepResult result_of(const std::string& text, const std::optional<KeyBindingWanted>& asked) {
    const auto report = weigh_key_binding(text, asked, now_s);
    return report ? report->result : StepResult::could_not_check;
}

TEST(KeyBinding, OneThatIsThereMustHoldAndOneThatIsWantedMustBeThere) {
    const std::string shown = presentation(true);
    const std::string good = bound(shown, {"https://v", "n", now_s});
    EXPECT_EQ(result_of(good, wanted), StepResult::pass);
    EXPECT_EQ(result_of(good, std::nullopt), StepResult::pass);
    EXPECT_FALSE(weigh_key_binding(shown, std::nullopt, now_s));
    EXPECT_FALSE(weigh_key_binding("", std::nullopt, now_s));  // A JSON document.
    for (const std::string& unbound : {shown, std::string(), std::string("a.b.c")})
        EXPECT_EQ(result_of(unbound, wanted), StepResult::fail) << unbound;
}

TEST(KeyBinding, IsForOneAudienceOneNonceAndNow) {
    const std::string shown = presentation(true);
    EXPECT_EQ(result_of(bound(shown, {"https://w", "n", now_s}), wanted), StepResult::fail);
    EXPECT_EQ(result_of(bound(shown, {"https://v", "m", now_s}), wanted), StepResult::fail);
    EXPECT_EQ(result_of(bound(shown, {"https://v", "n", now_s - 300}), wanted), StepResult::pass);
    EXPECT_EQ(result_of(bound(shown, {"https://v", "n", now_s - 301}), wanted), StepResult::fail);
    EXPECT_EQ(result_of(bound(shown, {"https://v", "n", now_s + 300}), wanted), StepResult::pass);
    const std::string ahead = bound(shown, {"https://v", "n", now_s + 301});
    EXPECT_EQ(result_of(ahead, wanted), StepResult::fail);
    EXPECT_EQ(result_of(ahead, std::nullopt), StepResult::fail);
}

TEST(KeyBinding, IsOfOnePresentationByTheKeyThatTheIssuerNamed) {
    const std::string shown = presentation(true);
    const std::string good = bound(shown, {"https://v", "n", now_s});
    const std::string more = present_sd_jwt(shown, {}).value() + good.substr(good.rfind('~') + 1);
    EXPECT_EQ(result_of(more, std::nullopt), StepResult::fail);
    const std::string thief = bound(shown, {"https://v", "n", now_s}, 1);
    EXPECT_EQ(result_of(thief, std::nullopt), StepResult::fail);
    const std::string nobody = bound(presentation(false), {"https://v", "n", now_s});
    EXPECT_EQ(weigh_key_binding(nobody, wanted, now_s)->reason,
              "key binding: the issuer names no key in cnf");
}

json::Value badge() {
    return json::parse(R"({"type":["VerifiableCredential","OpenBadgeCredential"],
        "issuer":{"id":"did:example:a"},"id":"urn:x","validFrom":"2026-01-01T00:00:00Z",
        "validUntil":"2029-01-01T00:00:00Z","evidence":[{"id":"https://e/1"}],
        "credentialSubject":{"type":"AchievementSubject","id":"urn:s","name":"Ana",
          "identifier":[{"salt":"s"},{"salt":"t"}],"achievement":{"name":"x"}}})")
        .value();
}

TEST(BadgeSdJwt, SaysTheCredentialAgainAndNothingOfItsSubject) {
    const json::Value jwk = jose::to_jwk(key_of(2).public_key());
    const json::Value claims = sd_jwt_claims(badge(), {"", jwk}).value();
    EXPECT_EQ(*claims.find("vct")->as_string(),
              "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential");
    EXPECT_EQ(*claims.find("iss")->as_string(), "did:example:a");
    EXPECT_EQ(*claims.find("nbf")->as_integer(), 1'767'225'600);
    EXPECT_EQ(*claims.find("exp")->as_integer(), 1'861'920'000);
    EXPECT_EQ(*claims.find("cnf")->find("jwk"), jwk);
    EXPECT_EQ(claims.find("sub"), nullptr);
    EXPECT_EQ(claims.find("jti"), nullptr);
    EXPECT_EQ(without_sd_jwt_claims(claims), badge());
    EXPECT_EQ(sd_jwt_claims(badge(), {"urn:t", {}})->find("cnf"), nullptr);
    json::Value taken = badge();
    taken.set("cnf", 1);
    EXPECT_EQ(sd_jwt_claims(taken, {}).error().detail, "/cnf: is for the SD-JWT to say");
}

TEST(BadgeSdJwt, WhatIsAboutThePersonStandsAlone) {
    const std::vector<std::string> all = {"/credentialSubject/id",
                                          "/credentialSubject/name",
                                          "/credentialSubject/identifier",
                                          "/credentialSubject/identifier/0",
                                          "/credentialSubject/identifier/1",
                                          "/evidence",
                                          "/evidence/0"};
    EXPECT_EQ(personal_claims(badge()), all);
    json::Value two = badge();
    two.set("credentialSubject", json::Array{json::Object{{"name", "Ana"}}});
    two.erase("evidence");
    EXPECT_EQ(personal_claims(two), std::vector<std::string>{"/credentialSubject/0/name"});
}

TEST(BadgeSdJwt, AHoldersKeyIsAPublicOne) {
    const json::Value jwk = jose::to_jwk(key_of(2).public_key());
    json::Value secret = jwk;
    secret.set("d", "x");
    const std::string did = "did:key:" + keys::multikey(key_of(2).public_key());
    EXPECT_EQ(holder_jwk(did).value(), jwk);
    EXPECT_EQ(holder_jwk(json::canonical(jwk)).value(), jwk);
    EXPECT_EQ(holder_jwk(json::canonical(secret)).error().detail,
              "holder's key is a secret one, want its public half");
    for (const std::string wrong : {"",
                                    "did:key:",
                                    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
                                    "{",
                                    "{}",
                                    "[]",
                                    "did:web:a"})
        EXPECT_FALSE(holder_jwk(wrong)) << wrong;
}

}  // namespace
}  // namespace chancery::credential::key_binding_test
