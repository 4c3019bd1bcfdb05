// Sandboxes that stay up by themselves: found again by their pid files, and only they.
#include <csignal>

#include "node/cli/altered_file.h"
#include "node/cli/pid_file.h"
#include "tests/support/one_node.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

cli::Process sleeper(const test::ScratchFolder& folder) {
    auto started = cli::Process::start({.words = {"/bin/sleep", "600"},
                                        .environment = {},
                                        .output = folder / "out",
                                        .errors = folder / "err"});
    CHECK(started);
    return *std::move(started);
}

TEST(PidFile, FindsTheProcessAgainAndEndsIt) {
    const test::ScratchFolder folder;
    cli::Process process = sleeper(folder);
    ASSERT_TRUE(cli::write_pid_file(folder / "pid", process.id()));
    auto known = cli::KnownProcess::in_file(folder / "pid");
    ASSERT_TRUE(known) << known.error().detail;
    EXPECT_EQ(known->id(), process.id());
    EXPECT_FALSE(known->has_ended());
    known->stop();
    EXPECT_TRUE(known->has_ended());
    EXPECT_EQ(process.wait(), 128 + SIGTERM);
    EXPECT_EQ(cli::KnownProcess::in_file(folder / "pid").error().code, Errc::not_found);
}

TEST(PidFile, TakesNoOtherProcessOfThatNumberForIt) {
    const test::ScratchFolder folder;
    const cli::Process process = sleeper(folder);
    ASSERT_TRUE(cli::write_pid_file(folder / "pid", process.id()));
    const std::string good = folder.read("pid");
    const std::size_t start = good.find(' ') + 1;
    const std::size_t boot = good.find(' ', start) + 1;
    for (const std::size_t changed : {start, boot}) {
        std::string other = good;
        other[changed] = other[changed] == '1' ? '2' : '1';
        folder.write("pid", other);
        const auto found = cli::KnownProcess::in_file(folder / "pid");
        ASSERT_FALSE(found) << other;
        EXPECT_EQ(found.error().code, Errc::not_found);
    }
    for (const std::string text : {"", "x", "1 1 boot\n", "-1 1 boot\n", "0 0 0", "12"}) {
        folder.write("pid", text);
        EXPECT_EQ(cli::KnownProcess::in_file(folder / "pid").error().code, Errc::invalid) << text;
    }
}

struct SandboxUp : testing::Test {
    test::ScratchFolder folder;

    ~SandboxUp() override { chancery({"sandbox", "clean"}); }

    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    }
    std::string pid() const { return folder.read("chancery-sandbox/uni-a/chanceryd.pid"); }
    bool is_up() const { return chancery({"network", "status"}).status == 0; }
};

TEST_F(SandboxUp, StaysUpUntilItIsTakenDown) {
    const auto up = chancery({"sandbox", "up", "--nodes", "1"});
    ASSERT_EQ(up.status, 0) << up.err;
    EXPECT_TRUE(is_up());
    const std::string first = pid();
    const auto again = chancery({"sandbox", "up"});
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(pid(), first);
    const auto foreground = chancery({"sandbox"});
    EXPECT_EQ(foreground.status, 7);
    EXPECT_NE(foreground.err.find("chancery sandbox down ends it"), std::string::npos);
    EXPECT_EQ(chancery({"sandbox", "up", "--nodes", "3"}).status, 7);

    const auto down = chancery({"sandbox", "down"});
    EXPECT_EQ(down.status, 0) << down.err;
    EXPECT_NE(down.err.find("stopped 1 node"), std::string::npos) << down.err;
    EXPECT_FALSE(is_up());
    EXPECT_EQ(chancery({"sandbox", "down"}).status, 0);
    EXPECT_EQ(chancery({"sandbox", "up"}).status, 0);
    EXPECT_EQ(chancery({"verify", "chancery-sandbox/badges/ana.badge.json"}).status, 0);
    const auto ours = cli::KnownProcess::in_file(folder / "chancery-sandbox/uni-a/chanceryd.pid");
    ASSERT_TRUE(ours);
    EXPECT_EQ(chancery({"sandbox", "clean"}).status, 0);
    EXPECT_TRUE(ours->has_ended());
    EXPECT_FALSE(fs::exists(folder / "chancery-sandbox"));
    EXPECT_EQ(chancery({"sandbox", "down"}).status, 4);
}

TEST_F(SandboxUp, ANodeIsKilledAndStartedAgain) {
    ASSERT_EQ(chancery({"sandbox", "up", "--nodes", "1"}).status, 0);
    EXPECT_EQ(chancery({"sandbox", "start", "uni-a"}).status, 7);
    const auto nobody = chancery({"sandbox", "kill", "uni-x"});
    EXPECT_EQ(nobody.status, 4);
    EXPECT_NE(nobody.err.find("members of this sandbox: uni-a"), std::string::npos) << nobody.err;
    EXPECT_EQ(chancery({"sandbox", "kill", "uni-a"}).status, 0);
    const auto status = chancery({"network", "status"});
    EXPECT_EQ(status.status, 6);
    EXPECT_TRUE(
        status.out.starts_with("0 of 1 member reachable, 1 needed: writes are not accepted\n"))
        << status.out;
    EXPECT_EQ(chancery({"sandbox", "kill", "uni-a"}).status, 7);
    const auto started = chancery({"sandbox", "start", "uni-a"});
    EXPECT_EQ(started.status, 0) << started.err;
    EXPECT_TRUE(test::eventually([this] { return is_up(); }));
}

TEST_F(SandboxUp, DownLeavesAloneWhoeverHasANodesNumberNow) {
    ASSERT_EQ(chancery({"sandbox", "up", "--nodes", "1"}).status, 0);
    ASSERT_EQ(chancery({"sandbox", "down"}).status, 0);
    cli::Process stranger = sleeper(folder);
    const std::string path = "chancery-sandbox/uni-a/chanceryd.pid";
    ASSERT_TRUE(cli::write_pid_file(folder / path, stranger.id()));
    std::string text = folder.read(path);
    text.insert(text.find(' ') + 1, "9");  // Another start.
    folder.write(path, text);
    const auto down = chancery({"sandbox", "down"});
    EXPECT_EQ(down.status, 0) << down.err;
    EXPECT_NE(down.err.find("no node was up"), std::string::npos) << down.err;
    EXPECT_FALSE(stranger.ended());
}

TEST_F(SandboxUp, HasThePortsThatWereAskedForOrSaysWhichIsTaken) {
    const std::string base = test::port_base();
    const auto up = chancery({"sandbox", "up", "--nodes", "1", "--port-base", base});
    ASSERT_EQ(up.status, 0) << up.err;
    EXPECT_NE(
        folder.read("chancery-sandbox/uni-a/node.toml").find("listen = \"127.0.0.1:" + base + "\""),
        std::string::npos);
    const auto taken =
        chancery({"sandbox", "up", "--nodes", "1", "--port-base", base, "--dir", folder / "other"});
    EXPECT_EQ(taken.status, 7);
    EXPECT_NE(taken.err.find("port " + base + " of 127.0.0.1 is taken"), std::string::npos)
        << taken.err;
    EXPECT_FALSE(fs::exists(folder / "other"));
    // Where no port was asked for, any will do.
    EXPECT_EQ(chancery({"sandbox", "up", "--nodes", "1", "--dir", folder / "other"}).status, 0);
    EXPECT_EQ(chancery({"sandbox", "clean", "--dir", folder / "other"}).status, 0);
    for (const std::string wrong : {"80", "65535", "70000"})
        EXPECT_EQ(chancery({"sandbox", "up", "--port-base", wrong, "--dir", folder / "no"}).status,
                  2)
            << wrong;
}

TEST(AlteredFile, IsPutBackWhateverBecomesOfTheProgram) {
    const test::ScratchFolder folder;
    const std::string file = folder.write("file", "abc");
    const std::string note = folder / "note";
    {
        auto altered = cli::AlteredFile::at({file, 1}, note);
        ASSERT_TRUE(altered);
        EXPECT_EQ(folder.read("file"), "acc");
        EXPECT_TRUE(fs::exists(note));
        EXPECT_TRUE(altered->restore());
        EXPECT_EQ(folder.read("file"), "abc");
        EXPECT_FALSE(fs::exists(note));
    }
    EXPECT_FALSE(cli::AlteredFile::at({file, 3}, note)) << "behind the end";
    EXPECT_FALSE(fs::exists(note));
    std::string left;
    {
        const auto altered = cli::AlteredFile::at({file, 1}, note);
        left = folder.read("note");
    }
    const auto found = [&](const std::string& content) {
        folder.write("file", content);
        folder.write("note", left);
        EXPECT_TRUE(cli::restore_altered(note));
        EXPECT_FALSE(fs::exists(note));
        return folder.read("file");
    };
    EXPECT_EQ(found("acc"), "abc");
    EXPECT_EQ(found("acc, and more"), "abc, and more");
    EXPECT_EQ(found("abc"), "abc") << "noted, and not altered yet";
    EXPECT_EQ(found("axc"), "axc") << "written anew";
    EXPECT_EQ(found("a"), "a");
    EXPECT_TRUE(cli::restore_altered(note)) << "no note";
    for (const char* const junk : {"", "{}", "{\"file\":1}"}) {
        folder.write("note", junk);
        EXPECT_EQ(cli::restore_altered(note).error().code, Errc::corrupt);
    }
}

TEST_F(SandboxUp, WhoIsKilledWhileTamperingLeavesNothingAltered) {
    ASSERT_EQ(chancery({"sandbox", "up", "--nodes", "1"}).status, 0);
    const std::string note = folder / "chancery-sandbox/.altered";
    for (const std::string place : {"/journal/", "/ledger/"}) {
        cli::Process tampering = test::start_chancery(
            {"sandbox", "tamper", "--dir", folder / "chancery-sandbox"}, folder, "");
        ASSERT_TRUE(test::eventually([&] {
            return (fs::exists(note) &&
                    folder.read("chancery-sandbox/.altered").find(place) != std::string::npos) ||
                   tampering.ended();
        }));
        ASSERT_FALSE(tampering.ended()) << folder.read("err");
        tampering.kill();
        ASSERT_TRUE(fs::exists(note));
        const auto up = chancery({"sandbox", "up"});
        ASSERT_EQ(up.status, 0) << up.err;
        EXPECT_FALSE(fs::exists(note));
        EXPECT_EQ(chancery({"verify", "chancery-sandbox/badges/ana.badge.json"}).status, 0);
    }
    ASSERT_EQ(chancery({"sandbox", "down"}).status, 0);
    const auto audited = chancery({"audit", "replay", folder / "chancery-sandbox/uni-a/data"});
    EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
}

struct SandboxOfFour : SandboxUp {
    json::Value report() const {
        auto parsed = json::parse(chancery({"network", "status", "--json"}).out);
        return parsed ? *std::move(parsed) : json::Value();
    }
    std::string headline() const {
        const json::Value whole = report();
        const json::Value* text = whole.find("headline");
        return text == nullptr ? "" : *text->as_string();
    }
    bool eventually_says(const std::string& wanted) const {
        return test::eventually([&] { return headline() == wanted; });
    }
    std::string leader() const {
        const json::Value whole = report();
        for (const json::Value& member : *whole.find("members")->as_array()) {
            const json::Value* role = member.find("role");
            if (role != nullptr && *role == json::Value("leader"))
                return *member.find("slug")->as_string();
        }
        return "";
    }
    std::string url_of(const std::string& slug) const {
        const json::Value whole = report();
        for (const json::Value& member : *whole.find("members")->as_array())
            if (*member.find("slug") == json::Value(slug)) return *member.find("url")->as_string();
        return "";
    }
    test::Finished issue(const std::string& name, Words more = {}) const {
        const auto genesis = json::parse(folder.read("chancery-sandbox/genesis.json"));
        const json::Value& first = genesis->find("members")->as_array()->front();
        folder.write(name,
                     "{\"issuer\":\"" + *first.find("did")->as_string() +
                         "\",\"id\":\"urn:n:" + name + "\"}");
        more.insert(more.begin(), {"issue", "one", name});
        return chancery(more);
    }
};

TEST_F(SandboxOfFour, GoesOnWithoutItsLeaderStopsWithoutAQuorumAndHeals) {
    const auto up = chancery({"sandbox", "up", "--nodes", "4"});
    ASSERT_EQ(up.status, 0) << up.err;
    EXPECT_EQ(headline(), "4 of 4 members reachable, writes are accepted, quorum 3");

    const std::string first = leader();
    ASSERT_FALSE(first.empty());
    ASSERT_EQ(chancery({"sandbox", "kill", first}).status, 0);
    const auto issued = issue("one.json");
    EXPECT_EQ(issued.status, 0) << issued.err;
    EXPECT_TRUE(eventually_says("3 of 4 members reachable, writes are accepted, quorum 3"));
    EXPECT_EQ(chancery({"verify", "one.json"}).status, 0);

    const std::string second = leader();
    ASSERT_EQ(chancery({"sandbox", "kill", second}).status, 0);
    EXPECT_TRUE(eventually_says("2 of 4 members reachable, 3 needed: writes are not accepted"));
    const int refused = issue("two.json", {"--timeout", "3s"}).status;
    EXPECT_TRUE(refused == 6 || refused == 9) << refused;

    for (const std::string& slug : {first, second})
        EXPECT_EQ(chancery({"sandbox", "start", slug}).status, 0);
    EXPECT_TRUE(eventually_says("4 of 4 members reachable, writes are accepted, quorum 3"));
    EXPECT_EQ(chancery({"issue", "one", "two.json", "--resume"}).status, 0);
    EXPECT_TRUE(test::eventually([this] {
        const auto compared = chancery({"network", "compare"});
        return compared.status == 0 &&
               compared.out.find("ONE HISTORY  4 of 4 members compared") != std::string::npos;
    }));
    EXPECT_EQ(chancery({"audit", "replay", url_of(second)}).status, 0);
}

TEST_F(SandboxOfFour, FindsOutEveryTampering) {
    const auto shown = chancery({"sandbox", "tamper", "--nodes", "4", "--json"});
    EXPECT_EQ(shown.status, 0) << shown.err;
    const auto document = json::parse(shown.out);
    ASSERT_TRUE(document) << shown.out;
    EXPECT_EQ(document->find("demonstrations")->as_array()->size(), 7U);
    EXPECT_EQ(chancery({"network", "status"}).status, 6);
}

// The largest shape; of five as of seven, as many may be down as lie above the quorum.
TEST_F(SandboxOfFour, OfSevenGoesOnWithTwoDown) {
    const auto up = chancery({"sandbox", "up", "--nodes", "7"});
    ASSERT_EQ(up.status, 0) << up.err;
    EXPECT_NE(up.err.find("5 of 7 seal; 2 may be down, and 2 may lie"), std::string::npos);
    EXPECT_EQ(headline(), "7 of 7 members reachable, writes are accepted, quorum 5");
    const std::string first = leader();
    ASSERT_EQ(chancery({"sandbox", "kill", first}).status, 0);
    ASSERT_EQ(chancery({"sandbox", "kill", first == "uni-g" ? "uni-f" : "uni-g"}).status, 0);
    const auto issued = issue("one.json");
    EXPECT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(chancery({"verify", "one.json"}).status, 0);
    EXPECT_TRUE(eventually_says("5 of 7 members reachable, writes are accepted, quorum 5"));
    const auto down = chancery({"sandbox", "down"});
    EXPECT_EQ(down.status, 0) << down.err;
    EXPECT_NE(down.err.find("stopped 5 nodes"), std::string::npos) << down.err;
}

// In the foreground.
TEST_F(SandboxOfFour, SaysWhichNodeEndedAndGoesOn) {
    cli::Process sandbox = test::start_chancery(
        {"sandbox", "--nodes", "4", "--dir", folder / "chancery-sandbox"}, folder, "");
    const auto says = [&](std::string_view text) {
        return test::eventually(
            [&] { return folder.read("err").find(text) != std::string::npos || sandbox.ended(); });
    };
    ASSERT_TRUE(says("Stop with Ctrl-C"));
    const auto kill = [this](const std::string& slug) {
        auto node =
            cli::KnownProcess::in_file(folder / ("chancery-sandbox/" + slug + "/chanceryd.pid"));
        ASSERT_TRUE(node);
        node->kill();
    };
    kill("uni-d");
    EXPECT_TRUE(says("the node of uni-d ended with status 137"));
    EXPECT_TRUE(says("3 of 4 nodes left, 3 needed: the network goes on"));
    EXPECT_FALSE(sandbox.ended());
    EXPECT_EQ(issue("one.json").status, 0);
    kill("uni-b");
    EXPECT_EQ(sandbox.wait(), 6);
    EXPECT_TRUE(says("2 of 4 nodes left, 3 needed"));
}

}  // namespace
}  // namespace chancery
