// did:web identifiers and the documents behind them, taken and refused.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/credential/did_document.h"
#include "crypto/credential/did_web.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential::did_web_test {
namespace {

const std::string did = "did:web:uni-x.example";
const keys::Ed25519Key key = test::ed25519_key(77);
const keys::P256Key p256 = *keys::P256Key::from_secret(Hash{5});

TEST(DidWeb, LeadsToItsAddress) {
    for (const auto& [one, address] :
         {std::pair("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
          std::pair("did:web:w3c-ccg.github.io:user:alice",
                    "https://w3c-ccg.github.io/user/alice/did.json"),
          std::pair("did:web:example.com%3A3000:user:alice",
                    "https://example.com:3000/user/alice/did.json"),
          std::pair("did:web:localhost%3a8443", "https://localhost:8443/.well-known/did.json"),
          std::pair("did:web:a.example:x_y-z.1", "https://a.example/x_y-z.1/did.json")}) {
        const auto made = did_web_address(one);
        ASSERT_TRUE(made) << one << made.error().detail;
        EXPECT_EQ(*made, address);
    }
}

TEST(DidWeb, IsRefusedIfItLeadsAnywhereElse) {
    for (const std::string one : {"",
                                  "did:web",
                                  "did:web:",
                                  "did:key:z6Mk",
                                  "DID:WEB:a.example",
                                  "did:web:127.0.0.1",
                                  "did:web:10",
                                  "did:web:a.1",
                                  "did:web:%5B::1%5D",
                                  "did:web:a..example",
                                  "did:web:.example",
                                  "did:web:-a.example",
                                  "did:web:a-.example",
                                  "did:web:a_b.example",
                                  "did:web:user@a.example",
                                  "did:web:a.example/x",
                                  "did:web:a.example#x",
                                  "did:web:a.example?x",
                                  "did:web:a.example%2Fx",
                                  "did:web:a.example%3A",
                                  "did:web:a.example%3A0",
                                  "did:web:a.example%3A65536",
                                  "did:web:a.example%3A08443",
                                  "did:web:a.example%3A80%3A90",
                                  "did:web:a.example%3Ax",
                                  "did:web:a.example%3",
                                  "did:web:a.example:",
                                  "did:web:a.example::x",
                                  "did:web:a.example:x:",
                                  "did:web:a.example:.",
                                  "did:web:a.example:..:x",
                                  "did:web:a.example:%2e%2e",
                                  "did:web:a.example:a b",
                                  "did:web:a.example:\xc3\xa9"})
        EXPECT_FALSE(did_web_address(one)) << one;
    EXPECT_FALSE(did_web_address("did:web:" + std::string(64, 'a') + ".example"));
    EXPECT_TRUE(did_web_address("did:web:" + std::string(63, 'a') + ".example"));
    EXPECT_FALSE(did_web_address("did:web:a.example:" + std::string(256, 'a')));
}

json::Value method(const std::string& id, json::Object key_member) {
    json::Object made{{"id", id}, {"type", "Multikey"}, {"controller", did}};
    for (json::Member& member : key_member)
        made.push_back(std::move(member));
    return made;
}
json::Value multikey_method(const std::string& id) {
    return method(id, {{"publicKeyMultibase", keys::multikey(key.public_key())}});
}
json::Value jwk_of(const keys::Ed25519Key& of) {
    return json::Object{
        {"kty", "OKP"}, {"crv", "Ed25519"}, {"x", to_base64url(of.public_key().bytes())}};
}

json::Value document_with(json::Array methods, json::Array assertions) {
    return json::Object{{"@context", "https://www.w3.org/ns/did/v1"},
                        {"id", did},
                        {"verificationMethod", std::move(methods)},
                        {"assertionMethod", std::move(assertions)},
                        {"service", json::Array{}}};
}
Result<IssuerKeys> parsed(const json::Value& value) {
    return parse_did_document(json::canonical(value), did);
}

TEST(DidDocument, GivesTheKeysThatMakeAssertions) {
    const auto keys = parsed(document_with({multikey_method(did + "#a"),
                                            multikey_method("#b"),
                                            method("#c", {{"publicKeyJwk", jwk_of(key)}}),
                                            multikey_method("#unlisted")},
                                           {did + "#a", "#b", "#c", multikey_method("#d")}));
    ASSERT_TRUE(keys) << keys.error().detail;
    EXPECT_EQ(keys->did, did);
    ASSERT_EQ(keys->methods.size(), 4U);
    for (const char* id : {"#a", "#b", "#c", "#d"}) {
        const IssuerKeys::Method* const found = keys->find(did + id);
        ASSERT_NE(found, nullptr) << id;
        EXPECT_EQ(found->proof_key, ProofKey(key.public_key())) << id;
        EXPECT_FALSE(found->jwt_key);
    }
    EXPECT_EQ(keys->find(did + "#unlisted"), nullptr);
}

TEST(DidDocument, TakesEveryKindOfKeyThatIsKnown) {
    const jose::PublicKey jwt_key = p256.public_key();
    const auto keys = parsed(
        document_with({method("#1", {{"publicKeyMultibase", keys::multikey(p256.public_key())}}),
                       method("#2", {{"publicKeyJwk", jose::to_jwk(jwt_key)}})},
                      {"#1", "#2"}));
    ASSERT_TRUE(keys) << keys.error().detail;
    ASSERT_EQ(keys->methods.size(), 2U);
    for (const IssuerKeys::Method& each : keys->methods) {
        EXPECT_EQ(each.proof_key, ProofKey(p256.public_key())) << each.id;
        EXPECT_EQ(each.jwt_key, jwt_key) << each.id;
    }
}

TEST(DidDocument, PassesOverWhatItCannotUse) {
    json::Value foreign = multikey_method("#a");
    foreign.set("controller", "did:web:other.example");
    json::Value private_jwk = jwk_of(key);
    private_jwk.set("d", "AAAA");
    json::Value both = multikey_method("#c");
    both.set("publicKeyJwk", jwk_of(key));
    json::Value odd_curve = jwk_of(key);
    odd_curve.set("crv", "X25519");
    const auto keys = parsed(document_with({foreign,
                                            method("#b", {{"publicKeyJwk", private_jwk}}),
                                            both,
                                            method("#d", {{"publicKeyMultibase", "z6Mk"}}),
                                            method("#e", {{"publicKeyJwk", "text"}}),
                                            method("#f", {{"publicKeyJwk", odd_curve}}),
                                            method("#g", {})},
                                           {"#a", "#b", "#c", "#d", "#e", "#f", "#g", "#none"}));
    ASSERT_TRUE(keys) << keys.error().detail;
    EXPECT_TRUE(keys->methods.empty());
    EXPECT_TRUE(parsed(json::Object{{"id", did}}));
}

TEST(DidDocument, IsRefusedWithThePlace) {
    json::Array many;
    for (std::size_t i = 0; i <= verification_methods_max; ++i)
        many.push_back(multikey_method("#" + std::to_string(i)));
    json::Value nameless = multikey_method("#a");
    nameless.erase("id");
    const std::vector<std::pair<json::Value, std::string>> wrongs = {
        {json::Array{}, "/id"},
        {json::Object{{"id", "did:web:other.example"}}, "/id"},
        {json::Object{{"id", did + "#x"}}, "/id"},
        {json::Object{{"id", did}, {"verificationMethod", "x"}}, "/verificationMethod"},
        {json::Object{{"id", did}, {"assertionMethod", json::Object{}}}, "/assertionMethod"},
        {document_with(many, {}), "/verificationMethod: has 65 methods"},
        {document_with({nameless}, {}), "/verificationMethod: has a method without id"},
        {document_with({1}, {}), "/verificationMethod: has a method without id"},
        {document_with({}, {1}), "/assertionMethod: has a method without id"},
        {document_with({multikey_method("#a"), multikey_method(did + "#a")}, {}), "occurs twice"},
        {document_with({multikey_method("#a")}, {multikey_method("#a")}), "occurs twice"}};
    for (const auto& [value, says] : wrongs) {
        const auto keys = parsed(value);
        ASSERT_FALSE(keys) << says;
        EXPECT_EQ(keys.error().code, Errc::invalid);
        EXPECT_NE(keys.error().detail.find(says), std::string::npos) << keys.error().detail;
    }
    EXPECT_FALSE(parse_did_document("<html>", did));
    EXPECT_FALSE(parse_did_document("{\"id\":\"a\",\"id\":\"b\"}", did));
    EXPECT_FALSE(parse_did_document(std::string(did_document_bytes_max + 1, ' '), did));
}

TEST(DidDocument, OfAMemberIsReadAsItsNodesWriteIt) {
    ledger::Member member;
    member.dids.push_back({did, {}});
    member.keys.push_back({ledger::KeyUse::assertion, 1, key.public_key(), {}});
    const auto keys = parsed(*did_document(member));
    ASSERT_TRUE(keys) << keys.error().detail;
    ASSERT_EQ(keys->methods.size(), 1U);
    EXPECT_EQ(keys->methods.front().proof_key, ProofKey(key.public_key()));
}

// A document of somebody whom the ledger does not know.
struct StrangersVerdict : test::VerdictTest {
    json::Value signed_by(const keys::Ed25519Key& by, const std::string& under) const {
        json::Value made = json::Object{{"issuer", did}, {"name", "Data analysis"}};
        const auto proof =
            sign_document(made, Suite::eddsa_jcs_2022, by, {under, "2026-01-01T00:00:00Z"});
        EXPECT_TRUE(proof) << proof.error().detail;
        made.set("proof", *proof);
        return made;
    }
    Verdict judged(const json::Value& of, bool has_keys = true) const {
        Evidence given;
        given.document = of;
        given.trust = evidence().trust;
        given.now_s = evidence().now_s;
        if (has_keys)
            given.issuer_keys = *parsed(document_with({multikey_method("#key")}, {"#key"}));
        return judge(given);
    }
    static StepReport signature(const Verdict& verdict) {
        return test::step_of(verdict, Step::issuer_signature);
    }
};

TEST_F(StrangersVerdict, PassesStepTwoByWhatTheDomainServesAndIsNeverValid) {
    const Verdict verdict = judged(signed_by(key, did + "#key"));
    EXPECT_EQ(signature(verdict).result, StepResult::pass);
    EXPECT_EQ(signature(verdict).reason,
              "signed with eddsa-jcs-2022 by a key that did:web:uni-x.example serves today");
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(signature(judged(signed_by(key, did + "#key"), false)).result,
              StepResult::could_not_check);
}

TEST_F(StrangersVerdict, IsNeverCalledAlteredByAWebPage) {
    json::Value altered = signed_by(key, did + "#key");
    altered.set("name", "Data synthesis");
    const Verdict verdict = judged(altered);
    EXPECT_EQ(signature(verdict).result, StepResult::could_not_check);
    EXPECT_NE(signature(verdict).reason.find("does not verify by a key that"), std::string::npos);
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    for (const std::string& under : {did + "#other", did, std::string("did:web:other#key")})
        EXPECT_EQ(signature(judged(signed_by(key, under))).result, StepResult::could_not_check)
            << under;
    EXPECT_EQ(signature(judged(signed_by(test::ed25519_key(78), did + "#key"))).result,
              StepResult::could_not_check);
    json::Value of_another = signed_by(key, did + "#key");
    of_another.set("issuer", "did:web:somebody.example");
    EXPECT_EQ(signature(judged(of_another)).result, StepResult::could_not_check);
}

TEST_F(StrangersVerdict, OfAMemberIsForTheLedgerAlone) {
    const std::string members = "did:web:m1.example";
    json::Value made = json::Object{{"issuer", members}, {"name", "Data analysis"}};
    const auto proof =
        sign_document(made, Suite::eddsa_jcs_2022, key, {members + "#key", "2026-01-01T00:00:00Z"});
    made.set("proof", *proof);
    Evidence given;
    given.document = made;
    given.trust = evidence().trust;
    IssuerKeys claimed{.did = members, .methods = {}};
    claimed.methods.push_back(
        {.id = members + "#key", .proof_key = key.public_key(), .jwt_key = {}});
    given.issuer_keys = claimed;
    EXPECT_EQ(signature(judge(given)).result, StepResult::could_not_check);
    given.trust = nullptr;
    EXPECT_EQ(signature(judge(given)).result, StepResult::pass);
    EXPECT_EQ(judge(given).headline, Headline::cannot_tell);
}

TEST_F(StrangersVerdict, OfAJwtIsToldTheSameWay) {
    const std::string payload = json::canonical(json::Object{{"iss", did}, {"issuer", did}});
    const std::string jwt = jose::sign_jws({"JWT", did + "#jwt"}, payload, p256);
    Evidence given;
    given.jwt = jwt;
    given.document = *json::parse(payload);
    given.issuer_keys = *parsed(document_with(
        {method("#jwt", {{"publicKeyMultibase", keys::multikey(p256.public_key())}})}, {"#jwt"}));
    EXPECT_EQ(signature(judge(given)).reason,
              "signed with ES256 by a key that did:web:uni-x.example serves today");
    EXPECT_NE(judge(given).headline, Headline::valid);
    given.issuer_keys = *parsed(document_with({multikey_method("#jwt")}, {"#jwt"}));
    EXPECT_EQ(signature(judge(given)).reason,
              "the ES256 signature is by no key that did:web:uni-x.example serves today");
}

}  // namespace
}  // namespace chancery::credential::did_web_test
