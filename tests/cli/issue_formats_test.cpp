// One table as JWTs and SD-JWTs: issued, shown, handed out, stacked and verified.
#include "crypto/base/encoding.h"
#include "crypto/credential/sd_jwt.h"
#include "crypto/image/png.h"
#include "crypto/jose/jws.h"
#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

class IssueFormats : public test::SandboxTest {
protected:
    IssueFormats() : SandboxTest(test::RunningSandbox::with_changing_keys()) {}
    // The sandbox's member gets its keys for JWTs with the first test.
    void SetUp() override {
        for (const Words& type : {Words{"p256"}, Words{"rsa", "--bits", "2048"}}) {
            Words words = {"key", "add", "--use", "assertion", "--type"};
            words.insert(words.end(), type.begin(), type.end());
            const auto added = chancery(words);
            ASSERT_EQ(added.status, 0) << added.err;
        }
        folder.write("form.json", chancery({"issue", "template"}).out);
        folder.write("passphrase", "a long passphrase\n", 0600);
        holder_ = "did:key:" + make_key({"holder", "ana", "ana.key", "passphrase"});
        write_table("Ana", holder_);
    }
    void write_table(const std::string& name, const std::string& key) const {
        folder.write("people.csv",
                     "file,recipient,email,valid_from,credits,holder\r\n"
                     "ana.json," +
                         name + ",ana@example.org,2026-01-01T00:00:00Z,3," + key +
                         "\r\n"
                         "ben,Ben,ben@example.org,2020-01-01T00:00:00Z,,\r\n");
    }
    test::Finished issue_table(const std::string& form, Words more = {}) const {
        Words words = {"issue",
                       "batch",
                       "people.csv",
                       "--template",
                       "form.json",
                       "--out",
                       "o",
                       "--format",
                       form};
        words.insert(words.end(), more.begin(), more.end());
        return chancery(words);
    }
    std::string key_file(const std::string& type) const {
        return sandbox.path() + "/uni-a/keys/assertion-" + type + ".key";
    }
    json::Value payload(const std::string& file) const {
        const std::string text = folder.read(file);
        return *json::parse(jose::parse_jws(text.substr(0, text.find('~')))->payload);
    }
    std::string verdict(const std::string& file) const {
        const json::Value said = document({"verify", file});
        const json::Value* const verdict = said.find("verdict");
        return verdict == nullptr ? json::canonical(said) : *verdict->as_string();
    }
    std::string holder_;
};

TEST_F(IssueFormats, JwtsAreSignedByTheKeyOfTheLedger) {
    for (const auto& [type, algorithm] :
         std::map<std::string, std::string>{{"p256", "ES256"}, {"rsa", "RS256"}}) {
        const auto issued = issue_table("jwt", {"--assertion-key", key_file(type)});
        ASSERT_EQ(issued.status, 0) << issued.err;
        EXPECT_EQ(issued.out, "2 registered, 0 were already, 0 failed\n");
        const auto verified = chancery({"verify", "o/ana.jwt", "--explain"});
        EXPECT_EQ(verified.status, 0) << verified.out;
        EXPECT_NE(verified.out.find("signed the JWT with " + algorithm), std::string::npos)
            << verified.out;
        EXPECT_EQ(verdict("o/ben.jwt"), "expired");
        const json::Value badge = payload("o/ana.jwt");
        EXPECT_EQ(*badge.find("jti"), *badge.find("id"));
        EXPECT_EQ(*badge.find("sub"), *badge.find("credentialSubject")->find("id"));
        EXPECT_EQ(*badge.find("nbf")->as_integer(), 1'767'225'600);
        EXPECT_EQ(chancery({"verify", "o/ana.jwt", "--recipient", "ana@example.org"}).status, 0);
        EXPECT_EQ(chancery({"verify", "o/ana.jwt", "--recipient", "ben@example.org"}).status, 1);
        fs::remove_all(folder / "o");
    }
}

TEST_F(IssueFormats, TheSameTableAgainChangesNothing) {
    for (const std::string form : {"jwt", "sd-jwt"}) {
        const Words more = form == "jwt" ? Words{} : Words{"--holder-column", "holder"};
        ASSERT_EQ(issue_table(form, more).status, 0);
        const std::string before = folder.read("o/ana." + form);
        const std::int64_t size = log_size();
        const auto again = issue_table(form, more);
        EXPECT_EQ(again.status, 0) << again.err;
        EXPECT_EQ(again.out, "0 registered, 2 were already, 0 failed\n");
        EXPECT_EQ(folder.read("o/ana." + form), before);
        write_table("Eve", holder_);
        const auto other = issue_table(form, more);
        EXPECT_EQ(other.status, 10) << other.out;
        EXPECT_EQ(other.out, "0 registered, 1 were already, 1 failed\n");
        EXPECT_EQ(log_size(), size);
        write_table("Ana", holder_);
        fs::remove_all(folder / "o");
    }
}

TEST_F(IssueFormats, WhatWasSignedAndNotRegisteredIsRegisteredAsItIs) {
    ASSERT_EQ(issue_table("sd-jwt", {"--holder-column", "holder"}).status, 0);
    const std::string before = folder.read("o/ana.sd-jwt");
    for (const std::string ending : {".tlog-proof", ".status.json"})
        fs::remove(folder / ("o/ana" + ending));
    // As if the job had ended between the two.
    const auto again = issue_table("sd-jwt", {"--holder-column", "holder"});
    EXPECT_EQ(again.out, "1 registered, 1 were already, 0 failed\n") << again.err;
    EXPECT_EQ(folder.read("o/ana.sd-jwt"), before);
    EXPECT_EQ(verdict("o/ana.sd-jwt"), "valid");
    // And none takes the place of another's receipt.
    fs::remove(folder / "o/ana.sd-jwt");
    const auto lost = issue_table("sd-jwt", {"--holder-column", "holder"});
    EXPECT_EQ(lost.status, 10);
    EXPECT_NE(folder.read("o/issue-errors.csv").find("ana.tlog-proof is of another credential"),
              std::string::npos)
        << folder.read("o/issue-errors.csv");
}

TEST_F(IssueFormats, AnSdJwtConcealsWhatIsAboutThePerson) {
    ASSERT_EQ(issue_table("sd-jwt", {"--holder-column", "holder"}).status, 0);
    const std::string said = json::canonical(payload("o/ana.sd-jwt"));
    for (const std::string hidden :
         {"\"Ana\"", "identityHash", "creditsEarned", "\"sub\"", "\"jti\""})
        EXPECT_EQ(said.find(hidden), std::string::npos) << hidden << said;
    EXPECT_NE(said.find("Fundamentals of Cryptography"), std::string::npos);
    EXPECT_EQ(*payload("o/ana.sd-jwt").find("vct")->as_string(),
              "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential");
    EXPECT_NE(payload("o/ana.sd-jwt").find("cnf"), nullptr);
    EXPECT_EQ(payload("o/ben.sd-jwt").find("cnf"), nullptr);

    const Words present = {"present",
                           "o/ana.sd-jwt",
                           "--show",
                           "name",
                           "--holder-key",
                           "ana.key",
                           "--audience",
                           "https://v",
                           "--nonce",
                           "n",
                           "--out",
                           "shown.sd-jwt",
                           "--passphrase-file",
                           "passphrase"};
    const auto shown = chancery(present);
    ASSERT_EQ(shown.status, 0) << shown.err;
    const auto verified =
        chancery({"verify", "shown.sd-jwt", "--audience", "https://v", "--nonce", "n"});
    EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
    EXPECT_NE(verified.out.find("key binding"), std::string::npos) << verified.out;
    EXPECT_EQ(
        chancery({"verify", "shown.sd-jwt", "--audience", "https://v", "--nonce", "m"}).status, 1);
    ASSERT_EQ(chancery({"revoke", "o/ana.sd-jwt"}).status, 0);
    EXPECT_EQ(verdict("shown.sd-jwt"), "revoked");
}

TEST_F(IssueFormats, TheIssuerSaysWhatElseIsConcealed) {
    ASSERT_EQ(issue_table("sd-jwt",
                          {"--conceal",
                           "/credentialSubject/creditsEarned",
                           "--conceal",
                           "/name",
                           "--vct",
                           "urn:example:badge"})
                  .status,
              0);
    const json::Value listed = document({"present", "o/ana.sd-jwt", "--list"});
    EXPECT_EQ(listed.find("claims")->as_array()->size(), 2U);
    EXPECT_EQ(*payload("o/ana.sd-jwt").find("vct")->as_string(), "urn:example:badge");
    // Ben earned no credits: his row's template left them out.
    EXPECT_EQ(document({"present", "o/ben.sd-jwt", "--list"}).find("claims")->as_array()->size(),
              1U);
    fs::remove_all(folder / "o");
    const auto nothing = issue_table("sd-jwt", {"--conceal", "/credentialSubject/nam"});
    EXPECT_EQ(nothing.status, 2);
    EXPECT_NE(nothing.err.find("--conceal: nothing is at /credentialSubject/nam"),
              std::string::npos)
        << nothing.err;
    EXPECT_EQ(issue_table("sd-jwt", {"--conceal", "/issuer", "--conceal", "/validFrom"}).status, 0);
    EXPECT_EQ(verdict("o/ana.sd-jwt"), "valid");
}

TEST_F(IssueFormats, OneDocumentAndItsHolder) {
    folder.write("ana.json",
                 R"({"@context":["https://www.w3.org/ns/credentials/v2"],)"
                 R"("type":["VerifiableCredential"],"issuer":")" +
                     sandbox.did() + R"(","id":"urn:n:)" + folder.path() +
                     R"(","credentialSubject":{"id":"urn:uuid:1"}})");
    const auto issued =
        chancery({"issue", "one", "ana.json", "--format", "sd-jwt", "--holder", holder_});
    ASSERT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(verdict("ana.sd-jwt"), "valid");
    EXPECT_NE(payload("ana.sd-jwt").find("cnf"), nullptr);
    // The same document in another form would take the receipt's place.
    const auto again = chancery({"issue", "one", "ana.json", "--format", "jwt"});
    EXPECT_EQ(again.status, 7) << again.err;
    const auto apart = chancery({"issue", "one", "ana.json", "--format", "jwt", "--out", "apart"});
    ASSERT_EQ(apart.status, 0) << apart.err;
    EXPECT_EQ(verdict("apart/ana.jwt"), "valid");
}

TEST_F(IssueFormats, ADryRunNeedsNoKeyAndWritesNothing) {
    const std::int64_t before = log_size();
    const auto looked = issue_table("sd-jwt", {"--dry-run", "--holder-column", "holder"});
    EXPECT_EQ(looked.status, 0) << looked.err;
    EXPECT_EQ(looked.out, "2 would be registered, 0 are already, 0 cannot be\n");
    EXPECT_FALSE(fs::exists(folder / "o"));
    write_table("Ana", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    const auto wrong = issue_table("sd-jwt", {"--dry-run", "--holder-column", "holder"});
    EXPECT_EQ(wrong.status, 10);
    EXPECT_NE(wrong.err.find("people.csv:2: column holder: holder's did:key"), std::string::npos)
        << wrong.err;
    EXPECT_EQ(log_size(), before);
}

TEST_F(IssueFormats, RefusesKeysAndWordsThatDoNotGoWithJwts) {
    make_key({"assertion", "uni-a", "strange.key", sandbox.path() + "/uni-a/keys/passphrase"});
    struct Bad {
        Words words;
        int status;
        std::string says;
    };
    const std::vector<Bad> table = {
        {{"--assertion-key", sandbox.path() + "/uni-a/keys/assertion.key"},
         2,
         "is an Ed25519 key, want P-256 or RSA"},
        {{"--assertion-key", "strange.key"}, 5, "is no assertion key of uni-a in force"},
        {{"--unsigned"}, 2, "--unsigned goes with --format json"},
        {{"--conceal", "/name"}, 2, "--conceal goes with --format sd-jwt"},
        {{"--holder-column", "holder"}, 2, "--holder-column goes with --format sd-jwt"},
    };
    const std::int64_t before = log_size();
    for (const Bad& bad : table) {
        const auto refused = issue_table("jwt", bad.words);
        EXPECT_EQ(refused.status, bad.status) << testing::PrintToString(bad.words) << refused.err;
        EXPECT_NE(refused.err.find(bad.says), std::string::npos) << refused.err;
    }
    const auto column = issue_table("sd-jwt", {"--holder-column", "key"});
    EXPECT_EQ(column.status, 2);
    EXPECT_NE(column.err.find("has no column key"), std::string::npos) << column.err;
    EXPECT_EQ(log_size(), before);
}

TEST_F(IssueFormats, GoIntoPicturesHandoutsAndStacks) {
    ASSERT_EQ(issue_table("sd-jwt", {"--holder-column", "holder"}).status, 0);
    folder.write("plain.png", image::png_of({.width = 1, .are_black = {true}}, 8));
    const auto handed = chancery({"handout", "o", "--out", "mail", "--image", "plain.png"});
    ASSERT_EQ(handed.status, 0) << handed.err;
    EXPECT_EQ(verdict("mail/ana/badge.sd-jwt"), "valid");
    EXPECT_EQ(verdict("mail/ana/badge.png"), "valid");
    const std::string letter = folder.read("mail/ana/README.txt");
    EXPECT_NE(letter.find("chancery present badge.sd-jwt --list"), std::string::npos) << letter;

    ASSERT_EQ(chancery({"present", "o/ana.sd-jwt", "--none", "--out", "some.sd-jwt"}).status, 0);
    issue("plain.json");
    ASSERT_EQ(chancery({"key",
                        "new",
                        "--use",
                        "holder",
                        "--member",
                        "ana",
                        "--out",
                        "stack.key",
                        "--passphrase-file",
                        "passphrase"})
                  .status,
              0);
    const auto made = chancery({"stack",
                                "make",
                                "some.sd-jwt",
                                "plain.json",
                                "mail/ana/badge.png",
                                "--holder-key",
                                "stack.key",
                                "--passphrase-file",
                                "passphrase",
                                "--out",
                                "ana.stack"});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto opened = chancery({"stack", "open", "ana.stack"});
    EXPECT_EQ(opened.status, 0) << opened.out << opened.err;
    EXPECT_NE(opened.out.find("3 credentials"), std::string::npos) << opened.out;
    const auto smaller = chancery({"stack",
                                   "make",
                                   "ana.stack",
                                   "--hide",
                                   "2,3",
                                   "--holder-key",
                                   "stack.key",
                                   "--passphrase-file",
                                   "passphrase",
                                   "--out",
                                   "less.stack"});
    ASSERT_EQ(smaller.status, 0) << smaller.err;
    EXPECT_EQ(chancery({"stack", "open", "less.stack"}).status, 0);
}

}  // namespace
}  // namespace chancery
