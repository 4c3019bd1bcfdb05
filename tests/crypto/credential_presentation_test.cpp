#include <gtest/gtest.h>

#include "crypto/credential/presentation.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"
#include "tests/support/vectors.h"

namespace chancery::credential {
namespace {

constexpr const char* created = "2026-11-22T09:30:00Z";
constexpr std::int64_t now_s = 1'795'000'000;

const keys::Ed25519Key& holder() {
    static const keys::Ed25519Key key = keys::Ed25519Key::from_seed(Hash{7});
    return key;
}

json::Value badge_about(const std::string& subject) {
    return json::Object{{"id", "urn:uuid:1"}, {"credentialSubject", json::Object{{"id", subject}}}};
}

json::Value made(const std::string& challenge = "") {
    auto presentation = make_presentation(
        {badge_about("did:example:ana"), badge_about("x")}, holder(), created, challenge);
    EXPECT_TRUE(presentation) << presentation.error().detail;
    return *std::move(presentation);
}

std::string refusal(const json::Value& presentation) {
    const auto checked = check_presentation(presentation, now_s);
    return checked ? std::string("accepted") : checked.error().detail;
}

TEST(Presentation, IsWhatItsHolderSigned) {
    const auto checked = check_presentation(made("for you"), now_s);
    ASSERT_TRUE(checked) << checked.error().detail;
    EXPECT_EQ(checked->holder, keys::did_key(holder().public_key()));
    EXPECT_EQ(checked->created, created);
    EXPECT_EQ(checked->challenge, "for you");
    ASSERT_EQ(checked->credentials.size(), 2U);
    EXPECT_EQ(checked->credentials[0], badge_about("did:example:ana"));
    EXPECT_EQ(check_presentation(made(), now_s)->challenge, "");
}

TEST(Presentation, ShowsWhenAnythingWasChanged) {
    const json::Value whole = made("for you");
    json::Value changed = whole;
    changed.find("verifiableCredential")->as_array()->pop_back();
    EXPECT_NE(refusal(changed).find("the holder's signature: "), std::string::npos);
    changed = whole;
    std::ranges::reverse(*changed.find("verifiableCredential")->as_array());
    EXPECT_NE(refusal(changed).find("the holder's signature: "), std::string::npos);
    changed = whole;
    changed.find("proof")->set("challenge", "for another");
    EXPECT_NE(refusal(changed).find("the holder's signature: "), std::string::npos);
    changed = whole;
    changed.find("proof")->set("proofPurpose", "assertionMethod");
    EXPECT_NE(refusal(changed).find("its purpose is not authentication"), std::string::npos);
    changed = whole;
    changed.set("holder", keys::did_key(keys::Ed25519Key::from_seed(Hash{8}).public_key()));
    EXPECT_EQ(refusal(changed), "is signed by somebody else than its holder");
}

TEST(Presentation, RefusesOtherForms) {
    const json::Value whole = made();
    json::Value changed = whole;
    changed.set("type", "VerifiableCredential");
    EXPECT_EQ(refusal(changed), "is no verifiable presentation");
    changed = whole;
    changed.set("holder", "did:web:a.example");
    EXPECT_EQ(refusal(changed), "/holder: want a did:key of Ed25519");
    changed = whole;
    changed.set("verifiableCredential", json::Array{});
    EXPECT_EQ(refusal(changed), "/verifiableCredential: want 1 to 100 credentials");
    changed.set("verifiableCredential", json::Array(presented_max + 1, badge_about("x")));
    EXPECT_EQ(refusal(changed), "/verifiableCredential: want 1 to 100 credentials");
    changed.set("verifiableCredential", json::Array{badge_about("x"), "jwt"});
    EXPECT_EQ(refusal(changed), "/verifiableCredential/1: is no object");
    changed = whole;
    changed.erase("proof");
    EXPECT_EQ(refusal(changed), "/proof: want the holder's signature and nothing else");
    changed = whole;
    changed.set("proof", json::Array{*whole.find("proof"), *whole.find("proof")});
    EXPECT_EQ(refusal(changed), "/proof: want the holder's signature and nothing else");
    EXPECT_EQ(refusal(json::Object{}), "is no verifiable presentation");
}

TEST(Presentation, KnowsWhoseCredentialsItShows) {
    EXPECT_TRUE(is_subject(badge_about("did:key:z1"), "did:key:z1"));
    EXPECT_FALSE(is_subject(badge_about("did:key:z2"), "did:key:z1"));
    EXPECT_FALSE(is_subject(json::Object{}, "did:key:z1"));
    EXPECT_FALSE(is_subject(json::Object{{"credentialSubject", json::Array{}}}, "did:key:z1"));
    const json::Value two = json::Object{
        {"credentialSubject",
         json::Array{json::Object{{"id", "did:key:z1"}}, json::Object{{"id", "did:key:z2"}}}}};
    EXPECT_FALSE(is_subject(two, "did:key:z1")) << "one of two is somebody else";
}

}  // namespace
}  // namespace chancery::credential
