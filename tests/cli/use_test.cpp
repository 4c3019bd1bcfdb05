// Every command used as it is meant, against a running node.
#include <signal.h>

#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

struct Using : test::SandboxTest {
    std::string verdict(const std::string& file, Words more = {}) const {
        Words words = {"verify", file};
        words.insert(words.end(), more.begin(), more.end());
        const json::Value said = document(words);
        const json::Value* found = said.find("verdict");
        return found == nullptr ? "" : *found->as_string();
    }
    void expect_verdict(const std::string& file, const std::string& wanted) const {
        EXPECT_EQ(verdict(file), wanted);
        EXPECT_EQ(verdict(file, {"--offline"}), wanted);
    }
};

TEST_F(Using, AStatusGoesItsWayAndTheFileBesideFollows) {
    const std::string one = issue("one.json");
    expect_verdict(one, "valid");
    ASSERT_EQ(chancery({"suspend", one, "--reason", "withdrawn_by_holder"}).status, 0);
    expect_verdict(one, "suspended");
    EXPECT_EQ(chancery({"suspend", one}).status, 7);
    ASSERT_EQ(chancery({"reinstate", one}).out, "1 changed, 0 failed\n");
    expect_verdict(one, "valid");
    ASSERT_EQ(chancery({"revoke", one}).status, 0);
    expect_verdict(one, "revoked");
    const auto again = chancery({"reinstate", one});
    EXPECT_EQ(again.status, 7);
    EXPECT_NE(again.err.find("one.json: is revoked and cannot become good"), std::string::npos);
}

TEST_F(Using, RenewLinksToTheNewerOneOrNamesNone) {
    const std::string old = issue("old.json");
    const std::string newer = issue("newer.json");
    const std::string third = issue("third.json");
    ASSERT_EQ(chancery({"renew", old, "--with", newer}).status, 0);
    expect_verdict(old, "superseded");
    const auto linked = chancery({"log", "tail", "--count", "2"});
    EXPECT_NE(linked.out.find("superseded"), std::string::npos) << linked.out;
    ASSERT_EQ(chancery({"renew", newer, "--unlinked"}).status, 0);
    expect_verdict(newer, "superseded");
    expect_verdict(third, "valid");
    const auto tail = chancery({"log", "tail", "--count", "2", "--json"});
    EXPECT_NE(tail.out.find("\"successor\":null"), std::string::npos) << tail.out;
}

TEST_F(Using, ManyAreRevokedFromATable) {
    const std::string one = issue("one.json");
    const std::string other = issue("other.json");
    const json::Value entry = *document({"proof", "check", "other.tlog-proof"}).find("entry");
    folder.write("list.csv",
                 "commitment;reason\r\n" + *entry.find("commitment")->as_string() +
                     ";key_compromise\r\n" + one + ";\r\nnone.json;\r\n" + one + ";spite\r\n\r\n" +
                     std::string(64, 'a') + ";\r\nshort\r\n");
    const auto revoked = chancery({"revoke", "--from-csv", "list.csv", "--errors", "failed.csv"});
    EXPECT_EQ(revoked.status, 10) << revoked.err;
    EXPECT_EQ(revoked.out, "2 changed, 4 failed\n");
    for (const std::string says : {"list.csv:4: none.json: No such file",
                                   "list.csv:5: column reason: is none that the ledger knows",
                                   "list.csv:8: 1 fields, want 2",
                                   "this member registered no such credential"})
        EXPECT_NE(revoked.err.find(says), std::string::npos) << says << revoked.err;
    EXPECT_NE(folder.read("failed.csv").find("\r\n4,list.csv,not_found,"), std::string::npos);
    EXPECT_EQ(verdict(one), "revoked");
    EXPECT_EQ(verdict(other), "revoked");
}

TEST_F(Using, ProofsAreFetchedAnewAndCheckedAlone) {
    const std::string one = issue("one.json");
    fs::remove(folder / "one.status.json");
    ASSERT_EQ(chancery({"proof", "get", one}).out, "one.tlog-proof\none.status.json\n");
    EXPECT_EQ(verdict(one, {"--offline"}), "valid");
    const json::Value receipt = document({"proof", "check", "one.tlog-proof"});
    EXPECT_EQ(*receipt.find("verdict")->as_string(), "proven");
    const std::string commitment = *receipt.find("entry")->find("commitment")->as_string();
    const auto printed = chancery({"proof", "get", commitment, "--member", "uni-a"});
    EXPECT_EQ(printed.status, 0);
    EXPECT_TRUE(printed.out.starts_with("c2sp.org/tlog-proof@v1\n")) << printed.out;
    EXPECT_EQ(*document({"proof", "check", "one.status.json"}).find("status")->as_string(), "good");
    std::string text = folder.read("one.tlog-proof");
    const std::size_t index = text.find("index ");
    ASSERT_NE(index, std::string::npos);
    text.replace(index, 7, "index 9");
    folder.write("moved.tlog-proof", text);
    EXPECT_EQ(chancery({"proof", "check", "moved.tlog-proof"}).status, 1);
}

TEST_F(Using, TheLogIsShownFollowedAndCopied) {
    const auto shown = chancery({"log", "show", "0"});
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_TRUE(shown.out.starts_with("position      0\nkind")) << shown.out;
    EXPECT_EQ(chancery({"log", "tail", "--count", "0"}).out, "");
    EXPECT_NE(chancery({"log", "checkpoint"}).err.find("sealed by 1 member, as of"),
              std::string::npos);

    cli::Process follower = start({"log", "tail", "--follow", "--json", "--count", "1"});
    ASSERT_TRUE(test::eventually([&] { return !folder.read("out").empty(); }));
    issue("one.json");
    const json::Value receipt = document({"proof", "check", "one.tlog-proof"});
    const std::string commitment = *receipt.find("entry")->find("commitment")->as_string();
    EXPECT_TRUE(
        test::eventually([&] { return folder.read("out").find(commitment) != std::string::npos; }));
    ::kill(follower.id(), SIGINT);
    EXPECT_EQ(follower.wait(), 130);
    EXPECT_EQ(folder.read("err"), "");

    ASSERT_EQ(chancery({"log", "export", "copy"}).status, 0);
    issue("two.json");
    ASSERT_EQ(chancery({"log", "export", "copy"}).status, 0);
    for (const std::string& place : {std::string("copy"), sandbox.url()}) {
        const auto replayed = chancery({"audit", "replay", place});
        EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
        EXPECT_TRUE(replayed.out.starts_with("GOOD  ")) << replayed.out;
    }
}

TEST_F(Using, ACopyThatWasTamperedWithIsAnAlarm) {
    issue("one.json");
    ASSERT_EQ(chancery({"log", "export", "copy"}).status, 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder / "copy/tile/entries")) {
        if (!entry.is_regular_file()) continue;
        const std::string name = fs::relative(entry.path(), folder.path()).string();
        std::string bytes = folder.read(name);
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        folder.write(name, bytes);
        break;
    }
    const auto replayed = chancery({"audit", "replay", "copy"});
    EXPECT_EQ(replayed.status, 8) << replayed.out << replayed.err;
    for (const std::string says : {"NOT WHAT IT CLAIMS TO BE", "  expected  ", "  actual    "})
        EXPECT_NE(replayed.out.find(says), std::string::npos) << replayed.out;
}

TEST_F(Using, TheNetworkTellsOfItselfAndIsTrustedFromItsIdOn) {
    const auto status = chancery({"network", "status"});
    EXPECT_EQ(status.status, 0) << status.err;
    EXPECT_TRUE(status.out.starts_with("1 of 1 member reachable, writes are accepted, quorum 1\n"))
        << status.out;
    EXPECT_NE(status.out.find("\nuni-a   leader  "), std::string::npos) << status.out;
    const auto compared = chancery({"network", "compare"});
    EXPECT_EQ(compared.status, 0) << compared.err;
    EXPECT_NE(compared.out.find("ONE HISTORY  1 of 1 member compared"), std::string::npos)
        << compared.out;
    const auto trusted = chancery({"network", "trust", "--out", "trust.json"});
    EXPECT_EQ(trusted.status, 0) << trusted.err;
    EXPECT_NE(trusted.err.find("1 of 1 member must sign a checkpoint"), std::string::npos);
    const std::string one = issue("one.json");
    const json::Value about = document({"network", "status"});
    const auto elsewhere = test::run({.program = "chancery",
                                      .arguments = {"verify",
                                                    one,
                                                    "--offline",
                                                    "--trust",
                                                    "trust.json",
                                                    "--network-id",
                                                    *about.find("network_id")->as_string()},
                                      .folder = folder.path()});
    EXPECT_EQ(elsewhere.status, 0) << elsewhere.err;
    EXPECT_EQ(chancery({"network", "genesis", "check", sandbox.path() + "/genesis.json"}).status,
              0);
}

TEST_F(Using, DoctorSaysWhatIsWrongAndWhatToDo) {
    EXPECT_EQ(chancery({"doctor"}).status, 0);
    const auto without_key = chancery({"doctor", "--key", "none"});
    EXPECT_EQ(without_key.status, 4);
    EXPECT_NE(without_key.out.find("✘ none: No such file"), std::string::npos) << without_key.out;
    EXPECT_NE(without_key.out.find("--key and --passphrase-file"), std::string::npos);
    const json::Value checks = document({"doctor"});
    for (const json::Value& check : *checks.find("checks")->as_array())
        EXPECT_EQ(*check.find("result")->as_string(), "good") << json::pretty(check);
}

struct Sandboxes : testing::Test {
    test::RunningSandbox sandbox;

    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery",
                          .arguments = words,
                          .folder = sandbox.folder().path(),
                          .environment = {"CHANCERY_SANDBOX=" + sandbox.path()}});
    }
    std::string log() const {
        const auto tail = chancery({"log", "tail", "--count", "1000"});
        EXPECT_EQ(tail.status, 0) << tail.err;
        return tail.out;
    }
};

TEST_F(Sandboxes, GoOnWithTheSameLedgerAfterCtrlC) {
    const std::string ben = sandbox.path() + "/badges/ben.badge.json";
    ASSERT_EQ(chancery({"revoke", ben}).status, 0);
    const std::string before = log();
    const json::Value genesis = sandbox.genesis();
    for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
        ::kill(sandbox.process().id(), signal);
        EXPECT_EQ(sandbox.process().wait(), signal == SIGKILL ? 128 + SIGKILL : 0);
        const std::string told = "chancery sandbox goes on where this ended";
        EXPECT_EQ(sandbox.said().find(told) != std::string::npos, signal != SIGKILL);
        // The node ends with who started it, and with it its lock and its port.
        EXPECT_TRUE(test::eventually([&] {
            return chancery({"network", "status", "--timeout", "1s"}).status == 6;
        }));
        sandbox.start();
        EXPECT_EQ(sandbox.genesis(), genesis);
        EXPECT_EQ(log(), before);
    }
    EXPECT_EQ(chancery({"verify", ben}).status, 1);
    const auto data = sandbox.path() + "/uni-a/data";
    ::kill(sandbox.process().id(), SIGINT);
    ASSERT_EQ(sandbox.process().wait(), 0);
    const auto replayed = chancery({"audit", "replay", data});
    EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
}

TEST_F(Sandboxes, AreNeitherRunTwiceNorRemovedWhileTheyRun) {
    for (const Words& words : {Words{"sandbox"}, Words{"sandbox", "clean"}}) {
        Words named = words;
        named.insert(named.end(), {"--dir", sandbox.path()});
        const auto refused = chancery(named);
        EXPECT_EQ(refused.status, 7) << refused.err;
        EXPECT_NE(refused.err.find("a sandbox is at work there"), std::string::npos) << refused.err;
    }
    EXPECT_EQ(chancery({"doctor"}).status, 0);
}

}  // namespace
}  // namespace chancery
