// Issuing that ends at every place where it can: whatever a power cut leaves behind, the same
// command with --resume gives every row its badge, and the ledger has each once.
#include "storage/crash_point.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

struct BrokenIssue : test::SandboxTest {
    static constexpr std::size_t row_count = 12;
    static constexpr std::size_t batch_count = 2;

    // One folder beside the key serves all tests of the sandbox, so each takes a name of its own.
    const std::string list =
        "broken" + std::to_string(testing::UnitTest::GetInstance()->current_test_info()->line());

    void SetUp() override {
        if (!storage::has_crash_points) GTEST_SKIP() << "built without CHANCERY_CRASH_POINTS";
        folder.write("form.json",
                     R"({"id":"urn:uuid:{{uuid}}","issuer":"{{issuer_did}}","name":"{{name}}"})");
        std::string table = "file,name\n";
        for (std::size_t i = 0; i < row_count; ++i)
            table += badge(i) + ",Name " + std::to_string(i) + "\n";
        folder.write("people.csv", table);
        ASSERT_EQ(chancery({"status-list", "new", list}).status, 0);
    }

    static std::string badge(std::size_t row) { return "p" + std::to_string(row) + ".json"; }

    Words job(const std::string& out) const {
        return {"issue",
                "batch",
                "people.csv",
                "--template",
                "form.json",
                "--status-list",
                list,
                "--out",
                out,
                "--batch-size",
                std::to_string(row_count / batch_count),
                "--resume"};
    }

    // -1: it ended by the signal, as it should.
    int run_until(const std::string& point, const Words& words) const {
        return test::run({.program = "chancery",
                          .arguments = words,
                          .folder = folder.path(),
                          .environment = {"CHANCERY_SANDBOX=" + sandbox.path(),
                                          std::string(storage::crash_variable) + "=" + point}})
            .status;
    }

    // What was written and never synced may be there with nothing in it.
    void lose_what_is_not_synced(const std::string& out) const {
        for (const auto& file : fs::directory_iterator(folder / out))
            if (file.path().extension() == ".chancery-part") fs::resize_file(file.path(), 0);
    }

    void expect_whole(const std::string& out, const std::string& after) const {
        EXPECT_EQ(files_ending(out, ".tlog-proof"), row_count) << after;
        EXPECT_EQ(files_ending(out, ".status.json"), row_count) << after;
        EXPECT_EQ(files_ending(out, ".chancery-part"), 0U) << after;
        EXPECT_FALSE(fs::exists(folder / (out + "/.chancery-issue"))) << after;
        for (const std::size_t row : {std::size_t{0}, row_count / 2, row_count - 1}) {
            const auto verified = chancery({"verify", out + "/" + badge(row)});
            EXPECT_EQ(verified.status, 0) << after << ": " << verified.out << verified.err;
        }
    }
};

bool is_of_issuing(std::string_view name) {
    return name.starts_with("files.") || name.starts_with("issue.");
}

TEST_F(BrokenIssue, EachPlaceLosesNoBadgeAndRegistersNoneTwice) {
    std::size_t before = commitments().size();
    std::size_t walked = 0;
    for (const std::string_view name : storage::crash_point_names) {
        if (!is_of_issuing(name)) continue;
        for (std::size_t turn = 1; turn <= batch_count; ++turn) {
            const std::string point = std::string(name) + ":" + std::to_string(turn);
            const std::string out = "issued-" + std::to_string(walked++);
            ASSERT_EQ(run_until(point, job(out)), -1) << point << " was never reached";
            if (name == "files.staged") lose_what_is_not_synced(out);
            const auto rest = chancery(job(out));
            ASSERT_EQ(rest.status, 0) << point << ": " << rest.err;
            expect_whole(out, point);
            const auto found = commitments();
            EXPECT_EQ(found.size() - before, row_count) << point;
            EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
            before = found.size();
        }
    }
    EXPECT_EQ(walked, 7 * batch_count);
    // No run took places that it did not use.
    const json::Value shown = document({"status-list", "show", list});
    const json::Value& places = shown.find("lists")->as_array()->front();
    EXPECT_EQ(*places.find("taken")->as_integer(), static_cast<std::int64_t>(walked * row_count));
    EXPECT_EQ(*places.find("registered")->as_integer(), *places.find("taken")->as_integer());
}

// The resumed job is broken off again, each time one place further.
TEST_F(BrokenIssue, AJobThatIsBrokenOffAgainAndAgainComesToItsEnd) {
    const std::size_t before = commitments().size();
    for (const std::string point : {"files.half_placed:1",
                                    "issue.sealed:1",
                                    "files.half_placed:1",
                                    "issue.written:1",
                                    "files.synced:1",
                                    "issue.planned:2"})
        EXPECT_EQ(run_until(point, job("issued")), -1) << point << " was never reached";
    ASSERT_EQ(chancery(job("issued")).status, 0);
    expect_whole("issued", "the last");
    EXPECT_EQ(commitments().size() - before, row_count);
}

// The batch is sealed, and then a receipt cannot be put where it belongs.
TEST_F(BrokenIssue, AReceiptThatCannotBeWrittenIsWrittenByTheNextRun) {
    const std::size_t before = commitments().size();
    fs::create_directories(folder / "issued/p7.tlog-proof.chancery-part/in-the-way");
    const auto failed = chancery(job("issued"));
    EXPECT_NE(failed.status, 0);
    EXPECT_NE(failed.err.find("p7.tlog-proof"), std::string::npos) << failed.err;
    EXPECT_NE(failed.err.find("--resume"), std::string::npos) << failed.err;
    EXPECT_LT(files_ending("issued", ".tlog-proof"), row_count);
    fs::remove_all(folder / "issued/p7.tlog-proof.chancery-part");
    const auto rest = chancery(job("issued"));
    ASSERT_EQ(rest.status, 0) << rest.err;
    expect_whole("issued", "a failed write");
    EXPECT_EQ(commitments().size() - before, row_count);
}

}  // namespace
}  // namespace chancery
