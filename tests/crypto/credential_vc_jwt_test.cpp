// Credentials as JWTs: what may stand in them, and what the verdict makes of them.
#include <gtest/gtest.h>

#include "crypto/credential/vc_jwt.h"
#include "crypto/json/canonical.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential::vc_jwt_test {
namespace {

using test::step_of;

const keys::P256Key& issuer_key() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{7}).value();
    return key;
}

json::Value a_badge() {
    return json::Object{{"@context", "https://www.w3.org/ns/credentials/v2"},
                        {"id", "urn:uuid:1"},
                        {"issuer", json::Object{{"id", "did:web:m1.example"}, {"name", "M"}}},
                        {"validFrom", "2025-12-31T23:00:00.5-01:00"},
                        {"validUntil", "2027-01-01T00:00:00Z"},
                        {"credentialSubject", json::Object{{"id", "did:example:ana"}}}};
}

std::string signed_payload(const json::Value& payload, const std::string& type = "JWT") {
    return jose::sign_jws({.type = type, .key_id = ""}, json::canonical(payload), issuer_key());
}

json::Value with(std::string_view name, json::Value value) {
    json::Value badge = a_badge();
    badge.set(name, std::move(value));
    return badge;
}

std::string refusal(const json::Value& payload) {
    const auto jwt = parse_vc_jwt(signed_payload(payload));
    return jwt ? "" : jwt.error().detail;
}

TEST(VcJwt, SaysAllItsClaimsAsTheCredentialDoes) {
    const auto compact = sign_vc_jwt(a_badge(), "did:web:m1.example#p256", issuer_key());
    ASSERT_TRUE(compact) << compact.error().detail;
    const auto jwt = parse_vc_jwt(*compact);
    ASSERT_TRUE(jwt) << jwt.error().detail;
    json::Value wanted = a_badge();
    wanted.set("iss", "did:web:m1.example");
    wanted.set("jti", "urn:uuid:1");
    wanted.set("sub", "did:example:ana");
    wanted.set("nbf", 1'767'225'600);
    wanted.set("exp", 1'798'761'600);
    EXPECT_EQ(json::canonical(jwt->document), json::canonical(wanted));
    EXPECT_EQ(jwt->jws.type, "JWT");
    EXPECT_EQ(jwt->jws.key_id, "did:web:m1.example#p256");
    // Signed again it is the same text.
    EXPECT_EQ(sign_vc_jwt(a_badge(), "did:web:m1.example#p256", issuer_key()).value(), *compact);
}

TEST(VcJwt, ClaimsMayBeMissingAndOthersAreThePayloadsOwn) {
    EXPECT_EQ(refusal(a_badge()), "");
    EXPECT_EQ(refusal(with("iat", 5)), "");
    EXPECT_EQ(refusal(json::Object{{"issuer", "did:a"}, {"iss", "did:a"}}), "");
    EXPECT_EQ(refusal(json::Object{{"issuanceDate", "1970-01-01T00:00:09Z"},
                                   {"expirationDate", "1970-01-01T00:01:00Z"},
                                   {"nbf", 9},
                                   {"exp", 60}}),
              "");
    EXPECT_TRUE(parse_vc_jwt(signed_payload(a_badge(), "")));
    EXPECT_TRUE(parse_vc_jwt(signed_payload(a_badge(), "vc+jwt")));
}

TEST(VcJwt, ClaimsThatSaySomethingElseAreRefused) {
    const auto differs = [](std::string_view claim) {
        return "JWT's " + std::string(claim) + " is not what the credential says";
    };
    for (const std::string_view claim : {"iss", "jti", "sub"}) {
        EXPECT_EQ(refusal(with(claim, "did:web:m2.example")), differs(claim));
        EXPECT_EQ(refusal(with(claim, json::Array{"did:web:m1.example"})), differs(claim));
        EXPECT_EQ(refusal(json::Object{{std::string(claim), "x"}}), differs(claim));
    }
    EXPECT_EQ(refusal(with("nbf", 1'767'225'601)), differs("nbf"));
    EXPECT_EQ(refusal(with("nbf", json::Value::fraction(1'767'225'600.5))), differs("nbf"));
    EXPECT_EQ(refusal(with("nbf", "1767225600")), differs("nbf"));
    EXPECT_EQ(refusal(with("exp", 1'798'761'599)), differs("exp"));
    EXPECT_EQ(refusal(json::Object{{"exp", 1}}), differs("exp"));
    EXPECT_EQ(refusal(json::Object{{"validFrom", "today"}, {"nbf", 1}}), differs("nbf"));
}

TEST(VcJwt, OtherPayloadsAndTypesAreRefused) {
    EXPECT_EQ(refusal(json::Array{}), "JWT's payload is array, want object");
    EXPECT_EQ(refusal(json::Object{{"vc", a_badge()}}),
              "JWT's payload has vc, as of VC 1.1; want the credential itself");
    EXPECT_EQ(refusal(with("proof", json::Object{})),
              "JWT's payload has a proof beside the signature around it");
    EXPECT_EQ(parse_vc_jwt(signed_payload(a_badge(), "vp+jwt")).error().detail,
              "JWT's typ is neither JWT nor vc+jwt");
    const std::string twice = jose::sign_jws({}, R"({"a":1,"a":1})", issuer_key());
    EXPECT_TRUE(parse_vc_jwt(twice).error().detail.starts_with("JWT's payload: "));
    EXPECT_FALSE(sign_vc_jwt(json::Object{}, "", issuer_key()));
    EXPECT_FALSE(sign_vc_jwt(with("validFrom", "today"), "", issuer_key()));
    EXPECT_FALSE(sign_vc_jwt(with("proof", json::Object{}), "", issuer_key()));
    EXPECT_FALSE(sign_vc_jwt(with("iss", "did:other"), "", issuer_key()));
}

class VerdictOfJwt : public test::VerdictTest {
protected:
    void SetUp() override {
        add_key(keys::multikey(issuer_key().public_key()));
        register_jwt(sign_vc_jwt(a_badge(), "", issuer_key()).value());
    }
    void add_key(const std::string& multikey) {
        auto& member_keys = network.members.members.front().keys;
        const auto last =
            std::ranges::find(member_keys, ledger::KeyUse::assertion, &ledger::KeyRecord::use);
        ledger::KeyRecord record = *last;
        record.number = 2;
        record.key = ledger::RecordedKey::parse(ledger::KeyUse::assertion, multikey).value();
        member_keys.insert(last + 1, record);
        trust = Trust::from_members(network.members);
    }
    void register_jwt(std::string text) {
        compact = std::move(text);
        document = parse_vc_jwt(compact).value().document;
        position = network.register_credential(1, commitment(salt, jwt_document_hash(compact)));
        network.end_block();
    }
    Verdict judged() const {
        Evidence all = evidence();
        all.jwt = compact;
        return judge(all);
    }
    std::string compact;
};

TEST_F(VerdictOfJwt, TheSignatureAroundItIsTheIssuersOwn) {
    const Verdict verdict = judged();
    EXPECT_EQ(verdict.headline, Headline::valid) << verdict.sentence;
    EXPECT_TRUE(verdict.has_issuer_signature);
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason, "m1 signed the JWT with ES256");
}

TEST_F(VerdictOfJwt, EveryChangeOfItsTextIsAnAlteredDocument) {
    const std::string good = compact;
    for (std::size_t i = 0; i < good.size(); i += 7) {
        compact[i] = compact[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(judged().headline, Headline::altered) << i;
        compact = good;
    }
    // The same words, signed the other way that ECDSA allows: another text, never registered.
    compact.erase(compact.rfind('.') + 1);
    Bytes zeros(64);
    compact += to_base64url(zeros);
    EXPECT_EQ(judged().headline, Headline::altered);
}

TEST_F(VerdictOfJwt, AnotherDocumentBesideItIsRefused) {
    document.set("name", "another");
    const Verdict verdict = judged();
    EXPECT_EQ(verdict.headline, Headline::altered);
    EXPECT_EQ(step_of(verdict, Step::format).reason,
              "the document is not what the signed text says");
}

TEST_F(VerdictOfJwt, AStrangersSignatureIsNotTheIssuers) {
    const keys::P256Key stranger = keys::P256Key::from_secret(Hash{8}).value();
    register_jwt(sign_vc_jwt(a_badge(), "", stranger).value());
    const Verdict verdict = judged();
    EXPECT_EQ(verdict.headline, Headline::altered);
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason,
              "the JWT's ES256 signature is by no assertion key of the issuer in force at its "
              "position");
}

TEST_F(VerdictOfJwt, AKeyThatWasNoLongerInForceDoesNotCount) {
    auto& member_keys = network.members.members.front().keys;
    for (ledger::KeyRecord& record : member_keys)
        if (record.use == ledger::KeyUse::assertion && record.number == 2)
            record.in_force.until = position;
    trust = Trust::from_members(network.members);
    network.end_block();
    const Verdict verdict = judged();
    EXPECT_EQ(verdict.headline, Headline::cannot_tell) << verdict.sentence;
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason,
              "the ledger has no ES256 key of the issuer at its position");
}

TEST_F(VerdictOfJwt, WithoutTheLedgerNobodyKnowsWhoseKeysCount) {
    Evidence all = evidence();
    all.jwt = compact;
    all.trust = nullptr;
    const Verdict verdict = judge(all);
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).result, StepResult::could_not_check);
}

}  // namespace
}  // namespace chancery::credential::vc_jwt_test
