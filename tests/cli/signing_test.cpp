// The issuer's signatures in documents: made by issue, checked by verify.
#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

class Signing : public test::SandboxTest {
protected:
    void SetUp() override {
        const auto form = chancery({"issue", "template"});
        ASSERT_EQ(form.status, 0) << form.err;
        folder.write("form.json", form.out);
        folder.write("people.csv", "file,recipient,valid_from\r\nana,Ana,2026-01-01T00:00:00Z\r\n");
    }
    test::Finished issue_table(test::Words more = {}) const {
        test::Words words = {
            "issue", "batch", "people.csv", "--template", "form.json", "--out", "o"};
        words.insert(words.end(), more.begin(), more.end());
        return chancery(words);
    }
    json::Value issued() const { return *json::parse(folder.read("o/ana.json")); }
    std::vector<std::string> suites() const {
        std::vector<std::string> names;
        const json::Value document = issued();
        for (const json::Value& proof : *document.find("proof")->as_array())
            names.push_back(*proof.find("cryptosuite")->as_string());
        return names;
    }
    std::string keys() const { return sandbox.path() + "/uni-a/keys/"; }
};

TEST_F(Signing, ABadgeCarriesBothProofsThenTheReceipt) {
    ASSERT_EQ(issue_table().status, 0);
    const std::vector<std::string> wanted = {
        "eddsa-rdfc-2022", "eddsa-jcs-2022", "chancery-receipt-2026"};
    EXPECT_EQ(suites(), wanted);
    const auto verdict = chancery({"verify", "o/ana.json"});
    EXPECT_EQ(verdict.status, 0) << verdict.out;
    EXPECT_NE(verdict.out.find("✔ issuer signature"), std::string::npos) << verdict.out;
    EXPECT_EQ(verdict.out.find("carries no signature"), std::string::npos) << verdict.out;

    // The registry knows the document without its proofs; whoever changes one is found out.
    json::Value document = issued();
    document.find("proof")->as_array()->front().set("created", "2020-01-01T00:00:00Z");
    folder.write("o/ana.json", json::pretty(document));
    const auto changed = chancery({"verify", "o/ana.json"});
    EXPECT_EQ(changed.status, 1) << changed.out;
    EXPECT_NE(changed.out.find("ALTERED"), std::string::npos) << changed.out;
}

TEST_F(Signing, UnsignedLeavesTheDocumentToTheRegistry) {
    ASSERT_EQ(issue_table({"--unsigned"}).status, 0);
    EXPECT_EQ(suites(), std::vector<std::string>{"chancery-receipt-2026"});
    const auto verdict = chancery({"verify", "o/ana.json"});
    EXPECT_EQ(verdict.status, 0) << verdict.out;
    EXPECT_NE(verdict.out.find("carries no signature of its issuer"), std::string::npos);
}

TEST_F(Signing, WhatNoSignatureWouldCoverIsRefusedBeforeAnythingIsRegistered) {
    json::Value form = *json::parse(folder.read("form.json"));
    form.find("credentialSubject")->set("colour", "blue");
    folder.write("form.json", json::pretty(form));
    const std::int64_t before = log_size();
    const auto refused = issue_table();
    EXPECT_EQ(refused.status, 10) << refused.out;
    EXPECT_NE(folder.read("o/issue-errors.csv")
                  .find("invalid,/credentialSubject/colour: no context defines it"),
              std::string::npos)
        << folder.read("o/issue-errors.csv");
    EXPECT_EQ(log_size(), before);
    EXPECT_EQ(issue_table({"--dry-run"}).status, 10);
    EXPECT_EQ(issue_table({"--unsigned"}).status, 0);
}

TEST_F(Signing, OnlyTheMembersAssertionKeySigns) {
    const std::int64_t before = log_size();
    const auto other_use = issue_table({"--assertion-key", keys() + "cosigner.key"});
    EXPECT_EQ(other_use.status, 2) << other_use.err;
    EXPECT_NE(other_use.err.find("assertion"), std::string::npos) << other_use.err;
    const auto absent = issue_table({"--assertion-key", "nowhere.key"});
    EXPECT_EQ(absent.status, 4) << absent.err;
    EXPECT_EQ(log_size(), before);
    EXPECT_EQ(issue_table({"--assertion-key", keys() + "assertion.key"}).status, 0);
}

TEST_F(Signing, ADocumentThatIsSignedAlreadyIsLeftAsItIsIfTheSignatureIsGood) {
    ASSERT_EQ(issue_table().status, 0);
    json::Value document = issued();
    document.find("proof")->as_array()->pop_back();  // The receipt.
    const json::Value proofs = *document.find("proof");
    folder.write("signed/ana.json", json::pretty(document));
    const auto again = chancery({"issue", "one", "signed/ana.json", "--out", "again"});
    // Registered once more, under another salt; its issuer's signatures are the same.
    ASSERT_EQ(again.status, 0) << again.err;
    json::Array now = *json::parse(folder.read("again/ana.json"))->find("proof")->as_array();
    now.pop_back();
    EXPECT_EQ(json::canonical(now), json::canonical(proofs));

    document.set("name", "Another");
    folder.write("altered/ana.json", json::pretty(document));
    const std::int64_t before = log_size();
    const auto altered = chancery({"issue", "one", "altered/ana.json", "--out", "third"});
    EXPECT_EQ(altered.status, 2) << altered.err;
    EXPECT_NE(altered.err.find("the issuer's signature in it: the signature does not match"),
              std::string::npos)
        << altered.err;
    EXPECT_EQ(log_size(), before);
}

}  // namespace
}  // namespace chancery
