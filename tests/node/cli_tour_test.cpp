// The programs as people run them: a sandbox with a real node, from the first key to the audit.
#include <chrono>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "crypto/json/parse.h"
#include "node/cli/process.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

using Words = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

struct Tour : testing::Test {
    test::ScratchFolder folder;

    void SetUp() override { ASSERT_TRUE(fs::exists(CHANCERY_BIN "/chanceryd")); }
    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    }
    cli::Process start(const Words& words) const {
        cli::ProcessPlan plan{.words = {CHANCERY_BIN "/chancery"},
                              .environment = {{"PATH", "/usr/bin:/bin"},
                                              {"HOME", folder.path()},
                                              {"CHANCERY_SANDBOX", folder / "chancery-sandbox"}},
                              .output = folder / "out",
                              .errors = folder / "err"};
        plan.words.insert(plan.words.end(), words.begin(), words.end());
        auto started = cli::Process::start(plan);
        CHECK(started);
        return *std::move(started);
    }
    // Until the claim holds; false if it never does.
    template <typename Claim>
    static bool eventually(Claim claim) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!claim()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::yield();
        }
        return true;
    }
    std::size_t files_ending(const std::string& name, std::string_view ending) const {
        std::size_t count = 0;
        std::error_code error;
        for (fs::directory_iterator entry(folder / name, error), end; !error && entry != end;
             entry.increment(error))
            count += entry->path().string().ends_with(ending) ? 1U : 0U;
        return count;
    }
};

TEST_F(Tour, EveryStepGivesTheAnswerThatIsRight) {
    const auto toured = chancery({"sandbox", "--once", "--json"});
    ASSERT_EQ(toured.status, 0) << toured.err;
    const auto document = json::parse(toured.out);
    ASSERT_TRUE(document) << toured.out;
    EXPECT_GE(document->find("steps")->as_array()->size(), 16U);
    EXPECT_EQ(chancery({"sandbox", "--once"}).status, 7);
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

std::string did_in(const json::Value& genesis) {
    return *genesis.find("members")->as_array()->front().find("did")->as_string();
}

struct Running : Tour {
    std::optional<cli::Process> sandbox;

    void SetUp() override {
        Tour::SetUp();
        if (IsSkipped()) return;
        sandbox.emplace(start({"sandbox", "--dir", folder / "chancery-sandbox"}));
        ASSERT_TRUE(eventually([this] {
            return folder.read("err").find("Stop with Ctrl-C") != std::string::npos ||
                   sandbox->ended();
        })) << folder.read("err");
        ASSERT_FALSE(sandbox->ended()) << folder.read("err");
    }
    void TearDown() override {
        if (!sandbox) return;
        EXPECT_EQ(sandbox->stop(), 0) << folder.read("err");
    }
    void write_documents(std::size_t count) const {
        const auto genesis = json::parse(folder.read("chancery-sandbox/genesis.json"));
        for (std::size_t i = 0; i < count; ++i)
            folder.write("docs/" + std::to_string(i) + ".json",
                         "{\"issuer\":\"" + did_in(*genesis) +
                             "\",\"id\":\"urn:n:" + std::to_string(i) + "\"}");
    }
    // All commitments on the ledger, each as often as it stands there.
    std::multiset<std::string> commitments() const {
        const auto tail = chancery({"log", "tail", "--count", "100000", "--json"});
        EXPECT_EQ(tail.status, 0) << tail.err;
        std::multiset<std::string> found;
        for (std::size_t begin = 0; begin < tail.out.size();) {
            const std::size_t end = tail.out.find('\n', begin);
            const auto entry = json::parse(tail.out.substr(begin, end - begin));
            if (entry && *entry->find("kind")->as_string() == "credential")
                found.insert(*entry->find("commitment")->as_string());
            begin = end + 1;
        }
        return found;
    }
};

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
        ASSERT_TRUE(eventually(
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
    const std::string ana = "chancery-sandbox/badges/ana.badge.json";
    std::string text = folder.read(ana);
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
    for (const Words& words : {Words{"issue", "one", "chancery-sandbox/badges/ana.badge.json"},
                               Words{"revoke", "chancery-sandbox/badges/ana.badge.json"}}) {
        Words with_key = words;
        with_key.insert(with_key.end(), {"--key", "other.key", "--passphrase-file", "pass"});
        EXPECT_EQ(chancery(with_key).status, 5);
    }
}

TEST_F(Running, ADocumentOfAnotherIssuerIsRefusedBeforeItIsRegistered) {
    folder.write("foreign.json", "{\"issuer\":\"did:example:somebody-else\"}");
    const std::size_t before = commitments().size();
    const auto issued = chancery({"issue", "one", "foreign.json"});
    EXPECT_EQ(issued.status, 10);
    EXPECT_NE(folder.read("issue-errors.csv").find("issuer_mismatch"), std::string::npos);
    EXPECT_EQ(commitments().size(), before);
}

TEST_F(Running, DoctorFindsNothingWrong) {
    const auto visit = chancery({"doctor"});
    EXPECT_EQ(visit.status, 0) << visit.out << visit.err;
    EXPECT_EQ(visit.out.find("✘"), std::string::npos) << visit.out;
}

}  // namespace
}  // namespace chancery
