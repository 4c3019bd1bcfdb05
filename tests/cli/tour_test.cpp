// The programs as people run them: a sandbox with a real node, from the first key to the audit.
#include <signal.h>

#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

struct Tour : testing::Test {
    test::ScratchFolder folder;

    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    }
};

TEST_F(Tour, EveryStepGivesTheAnswerThatIsRight) {
    const auto toured = chancery({"sandbox", "--once", "--json"});
    ASSERT_EQ(toured.status, 0) << toured.err;
    const auto document = json::parse(toured.out);
    ASSERT_TRUE(document) << toured.out;
    EXPECT_GE(document->find("steps")->as_array()->size(), 40U);
    EXPECT_EQ(chancery({"sandbox", "--once"}).status, 7);
    EXPECT_EQ(chancery({"sandbox", "--once", "--learners", "1", "--dir", "x"}).status, 2);
    EXPECT_EQ(chancery({"sandbox", "--learners", "5", "--dir", "x"}).status, 2);
    EXPECT_EQ(chancery({"sandbox", "clean"}).status, 0);
    EXPECT_FALSE(fs::exists(folder / "chancery-sandbox"));
    EXPECT_EQ(chancery({"sandbox", "clean"}).status, 4);
}

TEST_F(Tour, SandboxCleanLeavesFoldersOfOthersAlone) {
    folder.write("chancery-sandbox/thesis.txt", "years of work");
    EXPECT_EQ(chancery({"sandbox", "clean"}).status, 7);
    EXPECT_EQ(chancery({"sandbox"}).status, 7);
    EXPECT_TRUE(fs::exists(folder / "chancery-sandbox/thesis.txt"));
}

using Running = test::SandboxTest;

// Killed whenever some receipts are there, and taken up again each time.
TEST_F(Running, AKilledJobRegistersEveryDocumentOnce) {
    constexpr std::size_t document_count = 60;
    write_documents(document_count);
    const std::size_t before = commitments().size();
    const Words words = {
        "issue", "batch", "docs", "--out", "issued", "--batch-size", "7", "--resume"};
    Words absolute = words;
    absolute[2] = folder / "docs";
    absolute[4] = folder / "issued";
    for (const std::size_t wanted : {1U, 9U, 20U, 33U}) {
        cli::Process job = start(absolute);
        ASSERT_TRUE(test::eventually(
            [&] { return files_ending("issued", ".tlog-proof") >= wanted || job.ended(); }));
        job.kill();
    }
    const auto rest = chancery(words);
    ASSERT_EQ(rest.status, 0) << rest.err;
    EXPECT_EQ(files_ending("issued", ".tlog-proof"), document_count);
    EXPECT_EQ(files_ending("issued", ".status.json"), document_count);
    const auto found = commitments();
    EXPECT_EQ(found.size() - before, document_count);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
    EXPECT_EQ(chancery({"verify", "issued/59.json", "--json"}).status, 0);
    const auto again = chancery(words);
    EXPECT_EQ(again.status, 0);
    EXPECT_NE(again.out.find("0 registered, 60 were already"), std::string::npos) << again.out;
}

TEST_F(Running, PaddingHidesHowManyThereAre) {
    write_documents(5);
    const std::size_t before = commitments().size();
    ASSERT_EQ(chancery({"issue", "batch", "docs", "--pad"}).status, 0);
    EXPECT_EQ(commitments().size() - before, 8U);
}

TEST_F(Running, AnAlteredDocumentIsNotValid) {
    std::string text = sandbox.folder().read("chancery-sandbox/badges/ana.badge.json");
    const std::size_t name = text.find("Ana P");
    ASSERT_NE(name, std::string::npos);
    text.replace(name, 3, "Eva");
    folder.write("altered.json", text);
    const auto verified = chancery({"verify", "altered.json", "--json"});
    EXPECT_EQ(verified.status, 1) << verified.err;
    EXPECT_EQ(*json::parse(verified.out)->find("verdict")->as_string(), "altered");
}

TEST_F(Running, AnotherKeyMayNotIssueOrRevoke) {
    folder.write("pass", "a passphrase\n", 0600);
    ASSERT_EQ(chancery({"key",
                        "new",
                        "--use",
                        "issuer",
                        "--member",
                        "uni-a",
                        "--passphrase-file",
                        "pass",
                        "--out",
                        "other.key"})
                  .status,
              0);
    const std::string ana = sandbox.path() + "/badges/ana.badge.json";
    for (const Words& words : {Words{"issue", "one", ana}, Words{"revoke", ana}}) {
        Words with_key = words;
        with_key.insert(with_key.end(), {"--key", "other.key", "--passphrase-file", "pass"});
        EXPECT_EQ(chancery(with_key).status, 5);
    }
}

TEST_F(Running, ADocumentOfAnotherIssuerIsRefusedBeforeItIsRegistered) {
    folder.write("foreign.json", "{\"issuer\":\"did:example:somebody-else\"}");
    const std::size_t before = commitments().size();
    const auto issued = chancery({"issue", "one", "foreign.json"});
    EXPECT_EQ(issued.status, 5);
    EXPECT_NE(issued.err.find("foreign.json: issuer is not the member's DID"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "issue-errors.csv"));
    EXPECT_EQ(commitments().size(), before);
}

TEST_F(Running, DoctorFindsNothingWrong) {
    const auto visit = chancery({"doctor"});
    EXPECT_EQ(visit.status, 0) << visit.out << visit.err;
    EXPECT_EQ(visit.out.find("✘"), std::string::npos) << visit.out;
}

}  // namespace
}  // namespace chancery
