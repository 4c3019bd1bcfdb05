// The issuer's own signature, as a step of the verdict.
#include <gtest/gtest.h>

#include "crypto/credential/data_integrity.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential {
namespace {

using test::result_of;
using test::step_of;

class VerdictOfSignatures : public test::VerdictTest {
protected:
    const keys::Ed25519Key key = test::ed25519_key(41);  // Member 1's, for assertions.
    const std::string method = "did:web:m1.example#key";

    void SetUp() override {
        register_document(json::Object{{"@context", "https://www.w3.org/ns/credentials/v2"},
                                       {"type", "VerifiableCredential"},
                                       {"issuer", "did:web:m1.example"},
                                       {"name", "Data analysis"}});
    }
    json::Value proof(Suite suite, const keys::Ed25519Key& by, const std::string& under) const {
        const auto made = sign_document(document, suite, by, {under, "2026-01-01T00:00:00Z"});
        EXPECT_TRUE(made) << made.error().detail;
        return made ? *made : json::Value();
    }
    Verdict judged_with(json::Array proofs) const {
        Evidence all = evidence();
        all.document.set("proof", std::move(proofs));
        return judge(all);
    }
    json::Value good(Suite suite) const { return proof(suite, key, method); }
};

TEST_F(VerdictOfSignatures, BothOfASetMakeItValidAndTheHeadlineHidesNothing) {
    const Verdict verdict =
        judged_with({good(Suite::eddsa_rdfc_2022), good(Suite::eddsa_jcs_2022)});
    EXPECT_EQ(verdict.headline, Headline::valid) << verdict.sentence;
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason,
              "m1 signed the document with eddsa-rdfc-2022 and eddsa-jcs-2022");
    EXPECT_TRUE(verdict.has_issuer_signature);
    EXPECT_EQ(verdict.sentence,
              "Valid: registered by Member 1 and in good standing as of 2026-01-01T00:00:01Z.");
}

TEST_F(VerdictOfSignatures, ABadOneIsAnAlteredDocumentEvenBesideAGoodOne) {
    json::Value bad = good(Suite::eddsa_jcs_2022);
    bad.set("created", "2026-01-01T00:00:01Z");
    EXPECT_EQ(judged_with({bad}).headline, Headline::altered);
    const Verdict verdict = judged_with({good(Suite::eddsa_rdfc_2022), bad});
    EXPECT_EQ(verdict.headline, Headline::altered);
    EXPECT_EQ(step_of(verdict, Step::issuer_signature).reason,
              "the issuer's eddsa-jcs-2022 proof: the signature does not match");
}

TEST_F(VerdictOfSignatures, OfAKeyThatIsNotTheIssuersIsAltered) {
    const keys::Ed25519Key stranger = test::ed25519_key(200);
    EXPECT_EQ(judged_with({proof(Suite::eddsa_rdfc_2022, stranger, method)}).headline,
              Headline::altered);
    // Another member's assertion key is not this member's.
    const keys::Ed25519Key neighbour = test::ed25519_key(42);
    EXPECT_EQ(judged_with({proof(Suite::eddsa_jcs_2022, neighbour, method)}).headline,
              Headline::altered);
}

TEST_F(VerdictOfSignatures, SomebodyElsesSaysNothing) {
    const json::Value foreign =
        proof(Suite::eddsa_rdfc_2022, test::ed25519_key(200), "did:web:else.example#key");
    EXPECT_EQ(judged_with({good(Suite::eddsa_rdfc_2022), foreign}).headline, Headline::valid);
    const Verdict alone = judged_with({foreign});
    EXPECT_EQ(alone.headline, Headline::cannot_tell);
    EXPECT_EQ(step_of(alone, Step::issuer_signature).reason,
              "none of the document's signatures is by the member that registered it");
    // Nor does the DID of another, of which this one is a beginning.
    const json::Value longer =
        proof(Suite::eddsa_rdfc_2022, key, "did:web:m1.example.evil.example#key");
    EXPECT_EQ(judged_with({longer}).headline, Headline::cannot_tell);
}

TEST_F(VerdictOfSignatures, WhatCannotBeReadIsNotJudged) {
    document.set("colour", "blue");
    register_document(document);
    const json::Value jcs = good(Suite::eddsa_jcs_2022);
    json::Value rdfc = jcs;
    rdfc.set("cryptosuite", "eddsa-rdfc-2022");
    rdfc.erase("@context");
    const Verdict alone = judged_with({rdfc});
    EXPECT_EQ(alone.headline, Headline::cannot_tell);
    EXPECT_EQ(step_of(alone, Step::issuer_signature).reason,
              "the issuer's proof: /colour: no context defines it");
    EXPECT_EQ(judged_with({rdfc, jcs}).headline, Headline::valid);
}

TEST_F(VerdictOfSignatures, AnExpiredOneIsNoneAndAnUnknownKindCannotBeTold) {
    json::Value expired = good(Suite::eddsa_jcs_2022);
    expired.set("expires", "2025-12-31T00:00:00Z");
    EXPECT_EQ(judged_with({expired}).headline, Headline::cannot_tell);
    json::Value unknown = good(Suite::eddsa_jcs_2022);
    unknown.set("cryptosuite", "bbs-2023");
    EXPECT_EQ(judged_with({unknown}).headline, Headline::cannot_tell);
    EXPECT_EQ(judged_with({unknown, good(Suite::eddsa_jcs_2022)}).headline, Headline::valid);
}

TEST_F(VerdictOfSignatures, WithoutTheLedgerNobodyKnowsWhoseKeysCount) {
    Evidence all = evidence();
    all.document.set("proof", good(Suite::eddsa_rdfc_2022));
    all.trust = nullptr;
    EXPECT_EQ(result_of(judge(all), Step::issuer_signature), StepResult::could_not_check);
    all = evidence();
    all.document.set("proof", good(Suite::eddsa_rdfc_2022));
    all.receipt.reset();
    EXPECT_EQ(result_of(judge(all), Step::issuer_signature), StepResult::could_not_check);
}

}  // namespace
}  // namespace chancery::credential
