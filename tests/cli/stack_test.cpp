// A skill stack from a holder's files to an employer's screen.
#include "crypto/json/canonical.h"
#include "node/cli/stack_file.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

class StackTest : public test::SandboxTest {
protected:
    void SetUp() override {
        folder.write("form.json", chancery({"issue", "template"}).out);
        folder.write("people.csv", chancery({"issue", "template", "--csv"}).out);
        ASSERT_EQ(
            chancery({"issue", "batch", "people.csv", "--template", "form.json", "--out", "o"})
                .status,
            0);
        folder.write("pass", "for a test\n", 0600);
        make_key({"holder", "ana", "ana.key", "pass", "ed25519"});
    }
    test::Finished make(test::Words more) const {
        test::Words words = {"stack",
                             "make",
                             "o/ana.badge.json",
                             "o/ben.badge.json",
                             "--holder-key",
                             "ana.key",
                             "--passphrase-file",
                             "pass"};
        words.insert(words.end(), more.begin(), more.end());
        return chancery(words);
    }
    static std::string without_end(std::string text) {
        while (text.ends_with('\n'))
            text.pop_back();
        return text;
    }
};

TEST_F(StackTest, IsOneLinkThatVerifiesByItself) {
    const auto made = make({"--link", "https://registry.example/stack"});
    ASSERT_EQ(made.status, 0) << made.err;
    const std::string link = without_end(made.out);
    EXPECT_TRUE(link.starts_with("https://registry.example/stack#u")) << link.substr(0, 60);
    const auto online = chancery({"stack", "open", link});
    EXPECT_EQ(online.status, 0) << online.out << online.err;
    EXPECT_NE(online.out.find("2 credentials, put together by did:key:z6Mk"), std::string::npos);
    EXPECT_NE(online.out.find("1  valid, Fundamentals of Cryptography → Ana"), std::string::npos)
        << online.out;
    ASSERT_EQ(chancery({"network", "trust", "--out", "trust.json"}).status, 0);
    const auto offline = chancery({"stack", "open", link, "--offline", "--trust", "trust.json"});
    EXPECT_EQ(offline.status, 0) << offline.out << offline.err;
    const json::Value answer = document({"stack", "open", link});
    EXPECT_EQ(*answer.find("verdict")->as_string(), "valid");
    EXPECT_EQ(answer.find("credentials")->as_array()->size(), 2U);

    // Revoked afterwards: today's status counts, not the one within.
    ASSERT_EQ(chancery({"revoke", "o/ben.badge.json"}).status, 0);
    const auto later = chancery({"stack", "open", link});
    EXPECT_EQ(later.status, 1) << later.out;
    EXPECT_NE(later.out.find("2  revoked"), std::string::npos) << later.out;
}

TEST_F(StackTest, HidesWhatItsHolderLeavesOut) {
    ASSERT_EQ(make({"--out", "all.stack"}).status, 0);
    const auto fewer = chancery({"stack",
                                 "make",
                                 "all.stack",
                                 "o/eva.badge.json",
                                 "--hide",
                                 "1,3",
                                 "--holder-key",
                                 "ana.key",
                                 "--passphrase-file",
                                 "pass",
                                 "--out",
                                 "some.stack"});
    ASSERT_EQ(fewer.status, 0) << fewer.err;
    const auto opened = chancery({"stack", "open", "some.stack"});
    EXPECT_EQ(opened.status, 0) << opened.out;
    EXPECT_NE(opened.out.find("1 credential, put together by"), std::string::npos) << opened.out;
    EXPECT_NE(opened.out.find("Ben Okafor"), std::string::npos) << opened.out;
    EXPECT_EQ(folder.read("some.stack").find("Ana P"), std::string::npos);
    for (const char* hidden : {"0", "4", "x", "1,,2"})
        EXPECT_EQ(make({"--out", "x.stack", "--hide", hidden}).status, 2) << hidden;
    EXPECT_EQ(make({"--out", "x.stack", "--hide", "1,2"}).status, 2) << "nothing is left";
}

TEST_F(StackTest, ShowsWhenItWasAltered) {
    ASSERT_EQ(make({"--out", "a.stack"}).status, 0);
    json::Value stack = *json::parse(folder.read("a.stack"));
    json::Value& presentation = *stack.find("presentation");
    presentation.find("verifiableCredential")->as_array()->pop_back();
    stack.find("status")->as_array()->pop_back();
    folder.write("b.stack", json::canonical(stack));
    const auto altered = chancery({"stack", "open", "b.stack"});
    EXPECT_EQ(altered.status, 1) << altered.err;
    EXPECT_NE(altered.out.find("NOT VALID  the holder's signature"), std::string::npos)
        << altered.out;

    const std::string link = without_end(make({"--link", "https://r.example/s"}).out);
    const auto cut = chancery({"stack", "open", link.substr(0, link.size() - 40)});
    EXPECT_EQ(cut.status, 2);
    EXPECT_NE(cut.err.find("the link was cut or altered"), std::string::npos) << cut.err;
}

TEST_F(StackTest, AnswersTheOneWhoAsked) {
    ASSERT_EQ(make({"--out", "a.stack", "--challenge", "job-4711"}).status, 0);
    EXPECT_EQ(chancery({"stack", "open", "a.stack", "--challenge", "job-4711"}).status, 0);
    const auto other = chancery({"stack", "open", "a.stack", "--challenge", "job-4712"});
    EXPECT_EQ(other.status, 1);
    EXPECT_NE(other.out.find("was not signed for this challenge"), std::string::npos);
}

TEST_F(StackTest, SaysWhatIsWrong) {
    EXPECT_EQ(make({}).status, 2) << "neither file nor link";
    EXPECT_EQ(chancery({"stack", "make", "o/ana.badge.json", "--out", "x"}).status, 2);
    EXPECT_EQ(chancery({"stack", "open", "o/ana.badge.json"}).status, 2);
    EXPECT_EQ(chancery({"stack", "open", "none.stack"}).status, 4);
    write_document("bare.json", "1");
    const auto bare = chancery({"stack",
                                "make",
                                "bare.json",
                                "--holder-key",
                                "ana.key",
                                "--passphrase-file",
                                "pass",
                                "--out",
                                "x"});
    EXPECT_EQ(bare.status, 4);
    EXPECT_NE(bare.err.find("has no receipt"), std::string::npos) << bare.err;
}

}  // namespace
}  // namespace chancery
