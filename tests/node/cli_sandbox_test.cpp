// Sandboxes that stay up by themselves: found again by their pid files, and only they.
#include <csignal>

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
    const std::string listen = test::free_listen();
    const std::string base = listen.substr(listen.rfind(':') + 1);
    const auto up = chancery({"sandbox", "up", "--nodes", "1", "--port-base", base});
    ASSERT_EQ(up.status, 0) << up.err;
    EXPECT_NE(folder.read("chancery-sandbox/uni-a/node.toml").find("listen = \"" + listen + "\""),
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

}  // namespace
}  // namespace chancery
