// Credentials as SD-JWTs: whatever part is shown, the verdict is on what was registered.
#include <gtest/gtest.h>

#include "crypto/credential/compact_form.h"
#include "crypto/credential/key_binding.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential::verdict_sd_jwt_test {
namespace {

using test::step_of;

constexpr auto registered_s = static_cast<std::int64_t>(test::SmallNetwork::time_s);

class VerdictOfSdJwt : public test::VerdictTest {
protected:
    const keys::P256Key key = keys::P256Key::from_secret(Hash{7}).value();

    void SetUp() override {
        auto& member_keys = network.members.members.front().keys;
        const auto last =
            std::ranges::find(member_keys, ledger::KeyUse::assertion, &ledger::KeyRecord::use);
        ledger::KeyRecord record = *last;
        record.number = 2;
        record.key =
            ledger::RecordedKey::parse(ledger::KeyUse::assertion, keys::multikey(key.public_key()))
                .value();
        member_keys.insert(last + 1, record);
        trust = Trust::from_members(network.members);
        register_claims(claims(), key);
    }
    static json::Value claims() {
        return json::Object{{"iss", "did:web:m1.example"},
                            {"vct", "https://m1.example/badge"},
                            {"name", "Data analysis"},
                            {"recipient", "Ana"}};
    }
    void register_claims(json::Value said, const keys::P256Key& by) {
        SdJwtPlan plan;
        plan.claims = std::move(said);
        plan.concealed = {"/recipient", "/name"};
        plan.salts = {Salt{1}, Salt{2}};
        text = issue_sd_jwt(plan, "", by).value();
        position = network.register_credential(1, commitment(salt, sd_jwt_document_hash(text)));
        network.end_block();
    }
    Verdict judged(const std::string& shown) const {
        Evidence all = evidence();
        all.jwt = shown;
        const auto read = read_compact_form(shown);
        all.document = read ? read->document : claims();
        return judge(all);
    }
    Verdict judged_claims(std::string_view name, json::Value value) {
        json::Value said = claims();
        said.set(name, std::move(value));
        register_claims(said, key);
        return judged(text);
    }
    std::string text;
};

TEST_F(VerdictOfSdJwt, IsTheSameForAllAndForAnyPart) {
    for (const std::vector<std::string>& pointers : std::vector<std::vector<std::string>>{
             {}, {"/name"}, {"/recipient"}, {"/name", "/recipient"}}) {
        const Verdict verdict = judged(present_sd_jwt(text, pointers).value());
        EXPECT_EQ(verdict.headline, Headline::valid) << verdict.sentence;
        EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason,
                  "m1 signed the SD-JWT with ES256");
    }
    const std::string bound =
        bind_key(text, {.audience = "v", .nonce = "n", .issued_at_s = now_s}, key).value();
    EXPECT_EQ(judged(bound).headline, Headline::valid);
}

TEST_F(VerdictOfSdJwt, WhatWasAddedOrChangedIsAltered) {
    const std::string foreign = text + to_base64url(bytes_of(R"(["salt","grade",1])")) + "~";
    const Verdict verdict = judged(foreign);
    EXPECT_EQ(verdict.headline, Headline::altered);
    EXPECT_EQ(step_of(verdict, Step::format).reason, "1 disclosures belong nowhere");
    for (std::size_t i = 0; i < text.size(); i += 5) {
        std::string flipped = text;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(judged(flipped).headline, Headline::altered) << i;
    }
    Evidence other = evidence();
    other.jwt = text;
    other.document = json::Object{{"iss", "did:web:m1.example"}};
    EXPECT_EQ(step_of(judge(other), Step::format).reason,
              "the document is not what the signed text says");
}

TEST_F(VerdictOfSdJwt, ItsClaimsNameTheIssuerAndTheDates) {
    EXPECT_EQ(judged_claims("iss", "did:web:m2.example").headline, Headline::unknown_issuer);
    const auto now = static_cast<std::int64_t>(now_s);
    EXPECT_EQ(judged_claims("exp", now).headline, Headline::expired);
    EXPECT_EQ(judged_claims("exp", now + 1).headline, Headline::valid);
    EXPECT_EQ(judged_claims("nbf", now + 1).headline, Headline::not_yet_valid);
    EXPECT_EQ(judged_claims("nbf", registered_s).headline, Headline::valid);
    EXPECT_EQ(judged_claims("exp", "never").headline, Headline::cannot_tell);
}

TEST_F(VerdictOfSdJwt, AStrangersSignatureIsNotTheIssuers) {
    register_claims(claims(), keys::P256Key::from_secret(Hash{8}).value());
    EXPECT_EQ(judged(text).headline, Headline::altered);
}

TEST(CompactForm, OfAnotherTypeIsRefused) {
    SdJwtPlan plan;
    plan.claims = json::Object{{"iss", "did:a"}};
    plan.type = "example+sd-jwt";
    const auto key = keys::P256Key::from_secret(Hash{7}).value();
    EXPECT_EQ(read_compact_form(issue_sd_jwt(plan, "", key).value()).error().detail,
              "SD-JWT's typ is not dc+sd-jwt");
    EXPECT_EQ(read_compact_form("a.b.c").error().code, Errc::invalid);
}

}  // namespace
}  // namespace chancery::credential::verdict_sd_jwt_test
