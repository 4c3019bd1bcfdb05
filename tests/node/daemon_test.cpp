// The daemon as operators meet it: killed under load, started on a damaged directory,
// misconfigured.
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "node/audit/data_source.h"
#include "node/audit/replay.h"
#include "node/cli/process.h"
#include "tests/support/eventually.h"
#include "tests/support/one_node.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// A sandbox that has been through the tour and stands still.
struct Daemon : testing::Test {
    test::ScratchFolder folder;
    std::string config;  // node.toml

    void SetUp() override {
        // Not the usual ports: other tests' sandboxes come back to those.
        const auto toured = chancery({"sandbox",
                                      "--once",
                                      "--learners",
                                      "0",
                                      "--nodes",
                                      "1",
                                      "--port-base",
                                      test::port_base()});
        ASSERT_EQ(toured.status, 0) << toured.err;
        for (const auto& file : fs::recursive_directory_iterator(folder.path())) {
            if (file.path().filename() == "node.toml") config = file.path().string();
        }
        ASSERT_FALSE(config.empty());
    }

    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    }
    test::Finished chanceryd(const Words& words) const {
        return test::run({.program = "chanceryd", .arguments = words, .folder = folder.path()});
    }
    std::string data() const { return (fs::path(config).parent_path() / "data").string(); }

    cli::Process start(const Words& words) const {
        auto started =
            cli::Process::start({.words = words,
                                 .environment = {{"PATH", "/usr/bin:/bin"},
                                                 {"HOME", folder.path()},
                                                 {"CHANCERY_SANDBOX", folder / "chancery-sandbox"}},
                                 .output = folder / "out",
                                 .errors = folder / "err"});
        CHECK(started);
        return *std::move(started);
    }
    cli::Process start_node() const {
        return start({CHANCERY_BIN "/chanceryd", "run", "--config", config});
    }
    bool answers() const { return chancery({"log", "checkpoint"}).status == 0; }
    std::size_t receipts() const {
        std::size_t count = 0;
        if (!fs::exists(folder / "issued")) return 0;
        for (const auto& file : fs::directory_iterator(folder / "issued")) {
            if (file.path().extension() == ".tlog-proof") ++count;
        }
        return count;
    }
};

TEST_F(Daemon, KilledUnderLoadItLosesNothingAcknowledged) {
    constexpr std::size_t document_count = 120;
    const auto genesis = json::parse(folder.read("chancery-sandbox/genesis.json"));
    ASSERT_TRUE(genesis);
    const std::string did = *genesis->find("members")->as_array()->front().find("did")->as_string();
    for (std::size_t i = 0; i < document_count; ++i) {
        folder.write("docs/" + std::to_string(i) + ".json",
                     "{\"issuer\":\"" + did + "\",\"id\":\"urn:n:" + std::to_string(i) + "\"}");
    }
    const Words issue = {"issue",
                         "batch",
                         folder / "docs",
                         "--out",
                         folder / "issued",
                         "--batch-size",
                         "3",
                         "--resume"};
    Words job = issue;
    job.insert(job.begin(), CHANCERY_BIN "/chancery");
    for (const std::size_t wanted : {5U, 20U, 50U, 80U}) {
        cli::Process node = start_node();
        ASSERT_TRUE(test::eventually([&] { return answers() || node.ended(); }));
        cli::Process issuing = start(job);
        ASSERT_TRUE(test::eventually([&] { return receipts() >= wanted || issuing.ended(); }));
        node.kill();
        issuing.stop();
    }
    cli::Process node = start_node();
    ASSERT_TRUE(test::eventually([&] { return answers(); }));
    const auto rest = chancery(issue);
    ASSERT_EQ(rest.status, 0) << rest.err;
    EXPECT_EQ(receipts(), document_count);
    for (std::size_t i = 0; i < document_count; i += 17) {
        const std::string file = folder / ("issued/" + std::to_string(i) + ".json");
        EXPECT_EQ(chancery({"verify", file}).status, 0) << i;
    }
    EXPECT_EQ(node.stop(), 0);
    const auto audited = chancery({"audit", "replay", data(), "--json"});
    ASSERT_EQ(audited.status, 0) << audited.out << audited.err;
    const auto report = json::parse(audited.out);
    ASSERT_TRUE(report);
    // Nothing twice: the tour's four badges, and each document once.
    EXPECT_EQ(*report->find("credentials")->as_integer(),
              static_cast<std::int64_t>(4 + document_count));
}

TEST_F(Daemon, RefusesToStartTwiceOnOneDirectory) {
    cli::Process node = start_node();
    ASSERT_TRUE(test::eventually([&] { return answers() || node.ended(); }));
    const auto second = chanceryd({"run",
                                   "--config",
                                   config,
                                   "--public-listen",
                                   "127.0.0.1:0",
                                   "--admin-listen",
                                   "127.0.0.1:0"});
    EXPECT_EQ(second.status, 7) << second.err;
    EXPECT_EQ(chancery({"audit", "replay", data()}).status, 7);
    EXPECT_EQ(node.stop(), 0);
}

TEST_F(Daemon, RefusesToInitWhatIsInitialised) {
    const auto again = chanceryd({"init", "--config", config});
    EXPECT_EQ(again.status, 7) << again.err;
}

TEST_F(Daemon, AKnownMemberWithAnEmptyDirectoryDoesNotStart) {
    fs::rename(data(), data() + ".away");
    fs::create_directory(data());
    const auto refused = chanceryd({"run", "--config", config});
    EXPECT_EQ(refused.status, 4);
    EXPECT_FALSE(fs::exists(data() + "/node.json")) << refused.err;
}

TEST_F(Daemon, ALostJournalIsAmnesiaAndSaysSo) {
    fs::remove_all(data() + "/journal");
    const auto refused = chanceryd({"run", "--config", config});
    EXPECT_EQ(refused.status, 8) << refused.err;
    EXPECT_NE(refused.err.find("journal"), std::string::npos) << refused.err;
}

TEST_F(Daemon, ADamagedDatabaseIsRebuiltFromTheJournal) {
    const auto before = chancery({"audit", "replay", data(), "--json"});
    ASSERT_EQ(before.status, 0);
    fs::remove(data() + "/ledger/CURRENT");
    const auto refused = chanceryd({"run", "--config", config});
    EXPECT_EQ(refused.status, 8) << refused.err;
    const auto rebuilt = chanceryd({"recover", "--config", config});
    ASSERT_EQ(rebuilt.status, 0) << rebuilt.err;
    const auto after = chancery({"audit", "replay", data(), "--json"});
    EXPECT_EQ(after.status, 0) << after.err;
    EXPECT_EQ(json::parse(after.out)->find("root")->as_string()->size(), 64U);
    EXPECT_EQ(*json::parse(after.out)->find("root"), *json::parse(before.out)->find("root"));
}

TEST_F(Daemon, RefusesAnUnknownKeyWithItsPlace) {
    std::ofstream(config, std::ios::app) << "\n[pubic]\nlisten = \"127.0.0.1:1\"\n";
    const auto refused = chanceryd({"config", "check", "--config", config});
    EXPECT_EQ(refused.status, 2);
    EXPECT_NE(refused.err.find("pubic.listen; did you mean public.listen?"), std::string::npos)
        << refused.err;
}

// Every outcome but one: the log read as good, and another than it was.
TEST_F(Daemon, AFlippedByteAnywhereIsFoundOrHarmless) {
    constexpr int flip_count = 60;
    auto whole = audit::DataSource::open(data());
    ASSERT_TRUE(whole) << whole.error().detail;
    const auto good = audit::replay(**whole, {});
    ASSERT_TRUE(good && !good->finding);
    whole->reset();
    std::vector<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator(data())) {
        if (file.is_regular_file() && file.file_size() > 0) files.push_back(file.path());
    }
    std::uint64_t random = 88172645463325252ULL;
    const auto next = [&random] {
        random ^= random << 13;
        random ^= random >> 7;
        return random ^= random << 17;
    };
    int found = 0;
    for (int flip = 0; flip < flip_count; ++flip) {
        const std::string copy = folder / "copy";
        fs::remove_all(copy);
        fs::copy(data(), copy, fs::copy_options::recursive);
        const fs::path& victim = files[next() % files.size()];
        const fs::path file = fs::path(copy) / fs::relative(victim, data());
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        // Journal segments are mostly room to write in; the first pages hold what is written.
        const auto offset = static_cast<std::streamoff>(
            next() % std::min<std::uint64_t>(fs::file_size(file), 64 * 1024));
        stream.seekg(offset);
        const int byte = stream.get();
        stream.seekp(offset);
        stream.put(static_cast<char>(byte ^ (1 << next() % 8)));
        stream.close();
        const auto source = audit::DataSource::open(copy);
        if (!source) {
            ++found;
            continue;
        }
        const auto report = audit::replay(**source, {});
        if (!report || report->finding) {
            ++found;
            continue;
        }
        EXPECT_EQ(report->checkpoint.head, good->checkpoint.head)
            << fs::relative(victim, data()) << " at " << offset;
    }
    EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace chancery
