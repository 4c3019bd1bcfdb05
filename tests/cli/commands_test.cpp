// What commands do when something is wrong: each exit status, and one document with --json.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "tests/support/fake_node.h"
#include "tests/support/memory_log.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

using Words = std::vector<std::string>;

struct Commands : testing::Test {
    test::ScratchFolder folder;
    test::SmallNetwork network;
    test::MemoryLog log{network};

    test::Finished chancery(Words words, const std::string& node) const {
        if (!node.empty()) words.insert(words.end(), {"--node", node});
        return test::run(
            {.program = "chancery", .arguments = std::move(words), .folder = folder.path()});
    }
    Words pinned(Words words) const {
        words.insert(words.end(), {"--network-id", to_hex(network.network_id())});
        return words;
    }
    std::map<std::string, test::FakeAnswer> papers() {
        return {{"GET /v1/trust", {200, "application/json", *log.trust()}},
                {"GET /checkpoint", {200, "text/plain", *log.checkpoint()}}};
    }
};

struct Case {
    Words words;
    int status = 0;
    std::string says;
};

TEST_F(Commands, RefuseBadCallsBeforeTheyAskAnybody) {
    folder.write("a.json", "{\"issuer\":\"did:example:a\"}");
    folder.write("bad.json", "{\"a\":1,\"a\":2}");
    folder.write("bad.tlog-proof", "c2sp.org/tlog-proof@v2\n");
    folder.write("trust.json", "{}");
    const std::string id(64, 'a');
    const std::vector<Case> table = {
        {{"verify"}, 2, "FILE is missing"},
        {{"verify", "none.json", "--offline"}, 4, "none.json"},
        {{"verify", "bad.json"}, 2, "bad.json"},
        {{"verify", "a.json"}, 2, "--node is missing"},
        {{"verify", "a.json", "--offline"}, 2, "--network-id is missing"},
        {{"verify", "a.json", "--offline", "--network-id", id}, 2, "--trust is missing"},
        {{"verify", "a.json", "--offline", "--network-id", id, "--trust", "trust.json"},
         2,
         "trust.json"},
        {{"verify", "a.json", "--status", "x"}, 2, "--offline"},
        {{"verify", "a.json", "--max-status-age", "old"}, 2, "--max-status-age"},
        {{"issue", "one"}, 2, "FILE is missing"},
        {{"issue", "batch"}, 2, "PATH is missing"},
        {{"issue", "batch", "--hashes", "h"}, 2, "--out is missing"},
        {{"issue", "batch", ".", "--batch-size", "0"}, 2, "--batch-size"},
        {{"issue", "one", "a.json"}, 2, "--node is missing"},
        {{"issue", "one", "none.json", "--dry-run"}, 4, "none.json"},
        {{"revoke", "a.json", "--reason", "spite"}, 2, "want one of unspecified"},
        {{"renew", "a.json"}, 2, "--with is missing"},
        {{"proof", "check", "bad.tlog-proof", "--network-id", id}, 2, "--trust is missing"},
        {{"log", "show", "first"}, 2, "want a number"},
        {{"log", "export"}, 2, "FOLDER is missing"},
        {{"completion", "tcsh"}, 2, "want one of bash"},
        {{"network", "genesis", "from-template", "none", "--out", "x"}, 4, "none"},
        {{"version", "--node", "ftp://x", "--timeout", "0s"}, 2, "--timeout"},
    };
    for (const Case& one : table) {
        const auto finished = chancery(one.words, "");
        EXPECT_EQ(finished.status, one.status) << testing::PrintToString(one.words) << finished.err;
        EXPECT_NE(finished.err.find(one.says), std::string::npos) << finished.err;
        Words json_words = one.words;
        json_words.emplace_back("--json");
        const auto with_json = chancery(json_words, "");
        EXPECT_EQ(with_json.status, one.status);
        EXPECT_TRUE(json::parse(with_json.out)) << with_json.out;
    }
}

TEST_F(Commands, TellANodeThatIsNotThereFromOneThatIsNone) {
    std::string gone;
    {
        const test::FakeNode node({});
        gone = node.url();
    }
    EXPECT_EQ(chancery({"network", "status"}, gone).status, 6);
    const test::FakeNode stranger({{"GET /v1/trust", {200, "text/html", "<html>", false}}});
    EXPECT_EQ(chancery({"network", "status"}, stranger.url()).status, 6);
    const test::FakeNode raw({{"GET /v1/trust", {200, "", "SSH-2.0-OpenSSH\r\n", true}}});
    EXPECT_EQ(chancery({"network", "status"}, raw.url()).status, 6);
    const test::FakeNode nothing({});
    EXPECT_EQ(chancery({"network", "status"}, nothing.url()).status, 6);
    EXPECT_EQ(chancery({"network", "status"}, "https://127.0.0.1:1").status, 6);
    EXPECT_EQ(chancery({"network", "status"}, "not a url").status, 2);
}

// The one member's node is asked where it was named, whatever genesis says of its address.
TEST_F(Commands, TellHowEveryMembersNodeIs) {
    const auto told = [](const std::string& id, bool writes) {
        return test::FakeAnswer{
            200,
            "application/json",
            "{\"network_id\":\"" + id + R"(","node":{"member":1,"slug":"uni-a"},"role":"leader",)" +
                R"("term":3,"height":2,"size":9,"quorum":1,"reason":"no leader","accepts_writes":)" +
                (writes ? "true}" : "false}")};
    };
    const std::string ours = to_hex(network.network_id());
    auto answers = papers();
    answers["GET /readyz"] = {200, "application/json", "{}"};
    answers["GET /v1/status"] = told(ours, true);
    const test::FakeNode node(answers);
    const auto good = chancery({"network", "status", "--json"}, node.url());
    ASSERT_EQ(good.status, 0) << good.out << good.err;
    const auto document = json::parse(good.out);
    ASSERT_TRUE(document) << good.out;
    EXPECT_EQ(*document->find("headline")->as_string(),
              "1 of 1 member reachable, writes are accepted, quorum 1");
    EXPECT_EQ(*document->find("members")->as_array()->front().find("size")->as_integer(), 9);
    answers["GET /v1/status"] = told(ours, false);
    const test::FakeNode waiting(answers);
    const auto refused = chancery({"network", "status"}, waiting.url());
    EXPECT_EQ(refused.status, 6);
    EXPECT_NE(refused.out.find("1 of 1 member reachable, 1 needed: writes are not accepted"),
              std::string::npos)
        << refused.out;
    EXPECT_NE(refused.out.find("no leader"), std::string::npos) << refused.out;
    answers["GET /v1/status"] = told(std::string(64, 'a'), true);
    const test::FakeNode foreign(answers);
    const auto mistaken = chancery({"network", "status"}, foreign.url());
    EXPECT_EQ(mistaken.status, 6);
    EXPECT_NE(mistaken.out.find("a node of another network answers there"), std::string::npos)
        << mistaken.out;
}

TEST_F(Commands, GiveEachProblemItsExitStatus) {
    // Every node has this resource: whoever has it not is none.
    for (const auto& [code, status] : std::map<std::string, int>{{"not_found", 6},
                                                                 {"conflict", 7},
                                                                 {"forbidden", 5},
                                                                 {"unavailable", 6},
                                                                 {"timeout", 9}}) {
        const test::FakeNode node(
            {{"GET /v1/trust", {200, "application/json", *log.trust()}},
             {"GET /checkpoint",
              {422,
               "application/problem+json",
               "{\"code\":\"" + code + "\",\"detail\":\"the detail of it\"}"}}});
        const auto finished = chancery(pinned({"log", "checkpoint"}), node.url());
        EXPECT_EQ(finished.status, status) << code;
        EXPECT_NE(finished.err.find("the detail of it"), std::string::npos);
    }
}

TEST_F(Commands, ShowACheckpointOnlyUnderThePinnedNetwork) {
    log.append(Bytes{1, 2, 3});
    const test::FakeNode node(papers());
    EXPECT_EQ(chancery(pinned({"log", "checkpoint"}), node.url()).status, 0);
    EXPECT_EQ(chancery({"log", "checkpoint"}, node.url()).status, 2);
    EXPECT_EQ(
        chancery({"log", "checkpoint", "--network-id", std::string(64, '0')}, node.url()).status,
        5);
}

TEST_F(Commands, RaiseTheAlarmWhenALogForks) {
    for (int i = 0; i < 3; ++i)
        log.append(Bytes{1});
    {
        const test::FakeNode node(papers());
        ASSERT_EQ(chancery(pinned({"log", "checkpoint"}), node.url()).status, 0);
    }
    log.entry(1) = Bytes{2};
    const test::FakeNode node(papers());
    const auto finished = chancery(pinned({"log", "checkpoint", "--json"}), node.url());
    EXPECT_EQ(finished.status, 8) << finished.err;
    const auto document = json::parse(finished.out);
    ASSERT_TRUE(document);
    EXPECT_EQ(*document->find("error")->find("code")->as_string(), "corrupt");
}

TEST_F(Commands, VerifyCannotTellWithoutAReceipt) {
    folder.write("a.json", "{\"issuer\":\"did:example:a\",\"name\":\"A \\u001b[2Jbadge\"}");
    const test::FakeNode node(papers());
    const auto finished = chancery(pinned({"verify", "a.json", "--explain"}), node.url());
    EXPECT_EQ(finished.status, 3) << finished.err;
    EXPECT_NE(finished.out.find("CANNOT TELL"), std::string::npos);
    EXPECT_EQ(finished.out.find('\x1b'), std::string::npos);
}

TEST_F(Commands, HelpNeverAsksANode) {
    const test::FakeNode node({});
    for (const Words& words : {Words{"--help"}, Words{"verify", "--help"}, Words{"help", "issue"}})
        EXPECT_EQ(chancery(words, node.url()).status, 0);
    EXPECT_TRUE(node.asked().empty());
}

TEST_F(Commands, CompletionScriptsLoadInTheirShells) {
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        const auto script = chancery({"completion", shell}, "");
        EXPECT_EQ(script.status, 0);
        EXPECT_NE(script.out.find("chancery __complete"), std::string::npos);
        folder.write("script." + shell, script.out);
    }
    EXPECT_EQ(std::system(("bash -n " + (folder / "script.bash")).c_str()), 0);
}

}  // namespace
}  // namespace chancery
