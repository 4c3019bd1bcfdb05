// One history or two: logs held against one another, and the evidence of a fork.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "node/cli/network_compare.h"
#include "tests/support/fake_node.h"
#include "tests/support/memory_log.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

struct Compare : testing::Test {
    test::SmallNetwork network;
    credential::Trust trust =
        credential::Trust::from_members(ledger::members_from(network.genesis));

    // Of `size` entries; from `differs` on another history.
    std::unique_ptr<test::MemoryLog> log(std::size_t size, std::size_t differs = SIZE_MAX) const {
        auto made = std::make_unique<test::MemoryLog>(network);
        for (std::size_t i = 0; i < size; ++i)
            made->append(Bytes{static_cast<std::uint8_t>(i),
                               static_cast<std::uint8_t>(i >> 8),
                               static_cast<std::uint8_t>(i < differs ? 1 : 2)});
        return made;
    }
    Comparison compare(const std::vector<test::MemoryLog*>& logs) const {
        std::vector<ShownLog> shown;
        for (test::MemoryLog* one : logs)
            shown.push_back({"m" + std::to_string(shown.size() + 1), one});
        return compare_logs(shown, trust);
    }
};

TEST_F(Compare, OneHistoryOfManySizesIsNoAlarm) {
    const auto small = log(1);
    const auto middle = log(300);
    const auto same = log(300);
    const auto large = log(1'000);
    const auto empty = log(0);
    const Comparison comparison =
        compare({large.get(), small.get(), empty.get(), same.get(), middle.get()});
    EXPECT_FALSE(comparison.is_alarm());
    EXPECT_EQ(comparison.compared(), 5U);
    EXPECT_EQ(comparison.logs[0].head.size, 1'000U);
    EXPECT_EQ(comparison.logs[0].cosigners, 1U);
}

TEST_F(Compare, TwoRootsOfOneSizeAreAFork) {
    const auto one = log(40);
    const auto other = log(40, 39);
    const Comparison comparison = compare({one.get(), other.get()});
    EXPECT_TRUE(comparison.is_alarm());
    ASSERT_EQ(comparison.forks.size(), 1U);
    EXPECT_FALSE(comparison.forks[0].evidence.beginning);
    ASSERT_TRUE(comparison.forks[0].proof) << comparison.forks[0].proof.error().detail;
    EXPECT_EQ(comparison.forks[0].proof->guilty.at(0).slug, "uni-a");
}

TEST_F(Compare, ALargerLogThatBeganOtherwiseIsAForkForEverySize) {
    for (const std::size_t size : {1U, 2U, 3U, 255U, 256U, 257U, 700U}) {
        const auto one = log(size);
        const auto other = log(701, size - 1);
        const Comparison comparison = compare({other.get(), one.get()});
        ASSERT_EQ(comparison.forks.size(), 1U) << size;
        EXPECT_EQ(comparison.forks[0].a, "m2");
        EXPECT_EQ(comparison.forks[0].b, "m1");
        ASSERT_TRUE(comparison.forks[0].proof) << comparison.forks[0].proof.error().detail;
        EXPECT_EQ(comparison.forks[0].proof->a.head, one->head());
    }
}

TEST_F(Compare, FindsTheOneThatLeftTheRest) {
    const auto first = log(10);
    const auto liar = log(20, 15);
    const auto last = log(30);
    const Comparison comparison = compare({first.get(), liar.get(), last.get()});
    ASSERT_EQ(comparison.forks.size(), 1U);
    EXPECT_EQ(comparison.forks[0].a, "m2");
    EXPECT_EQ(comparison.forks[0].b, "m3");
}

TEST_F(Compare, ALogThatItsOwnTilesDenyIsAnAlarm) {
    // Sealed first, changed afterwards.
    struct Changed : test::MemoryLog {
        using test::MemoryLog::MemoryLog;
        Result<std::string> checkpoint() override { return sealed; }
        std::string sealed;
    };
    Changed changed(network);
    for (std::uint8_t i = 0; i < 20; ++i)
        changed.append(Bytes{i});
    changed.sealed = changed.test::MemoryLog::checkpoint().value();
    changed.entry(3) = Bytes{99};
    test::MemoryLog small(network);
    for (std::uint8_t i = 0; i < 10; ++i)
        small.append(Bytes{i});
    const Comparison comparison = compare({&small, &changed});
    EXPECT_TRUE(comparison.is_alarm());
    EXPECT_TRUE(comparison.forks.empty());
    ASSERT_TRUE(comparison.logs[1].trouble);
    EXPECT_EQ(comparison.logs[1].trouble->code, Errc::corrupt);
}

TEST_F(Compare, ACheckpointThatIsNotSealedIsAnAlarmAndASilentNodeIsNone) {
    struct Stranger : test::MemoryLog {
        using test::MemoryLog::MemoryLog;
        Result<std::string> checkpoint() override {
            const note::Checkpoint shown{"registry.example/small", head()};
            note::SignedNote note{note::checkpoint_text(shown), {}};
            note.signatures.push_back(note::sign_note(
                note.text, shown.origin, keys::Ed25519Key::from_seed(test::filled(9))));
            return note::to_text(note);
        }
    };
    Stranger stranger(network);
    stranger.append(Bytes{1});
    const auto honest = log(3);
    const Comparison comparison = compare({honest.get(), &stranger});
    EXPECT_TRUE(comparison.is_alarm());
    EXPECT_EQ(comparison.compared(), 1U);
    const Comparison silent = compare_logs(
        {{"m1", honest.get()}, {"m2", nullptr, Error{Errc::unavailable, "connection refused"}}},
        trust);
    EXPECT_FALSE(silent.is_alarm());
    EXPECT_EQ(silent.compared(), 1U);
}

struct Evidence : Compare {
    test::ScratchFolder folder;

    test::Finished judge(const std::string& content, const std::string& trusted = "") const {
        folder.write("fork.json", content);
        folder.write("trust.json", network.trust_file());
        return test::run({.program = "chancery",
                          .arguments = {"audit",
                                        "evidence",
                                        "fork.json",
                                        "--trust",
                                        "trust.json",
                                        "--network-id",
                                        trusted.empty() ? to_hex(network.network_id()) : trusted,
                                        "--json"},
                          .folder = folder.path()});
    }
    static std::string text_in(const test::Finished& finished, std::string_view name) {
        const auto document = json::parse(finished.out);
        const json::Value* found = document ? document->find(name) : nullptr;
        return found == nullptr || found->as_string() == nullptr ? "" : *found->as_string();
    }
};

TEST_F(Evidence, OfAForkNamesTheGuiltyAndRaisesTheAlarm) {
    const auto one = log(40);
    const auto other = log(90, 20);
    const Comparison comparison = compare({one.get(), other.get()});
    ASSERT_EQ(comparison.forks.size(), 1U);
    const auto judged = judge(json::pretty(to_json(comparison.forks[0].evidence)));
    EXPECT_EQ(judged.status, 8) << judged.err;
    EXPECT_EQ(text_in(judged, "verdict"), "fork");
    EXPECT_NE(judged.out.find("uni-a"), std::string::npos);
}

TEST_F(Evidence, ThatProvesNothingSaysWhy) {
    const auto one = log(40);
    const auto honest = log(40);
    const credential::ForkEvidence same{
        .a = *one->checkpoint(), .b = *honest->checkpoint(), .beginning = std::nullopt};
    const auto judged = judge(json::pretty(to_json(same)));
    EXPECT_EQ(judged.status, 1) << judged.err;
    EXPECT_EQ(text_in(judged, "why"), "a and b have the same root");
    EXPECT_EQ(judge("{}").status, 1);
    EXPECT_EQ(judge("no JSON").status, 1);
    EXPECT_EQ(judge("{}", std::string(64, 'a')).status, 5);
    const auto absent = test::run({.program = "chancery",
                                   .arguments = {"audit", "evidence", "none.json"},
                                   .folder = folder.path()});
    EXPECT_EQ(absent.status, 4);
}

}  // namespace
}  // namespace chancery::cli
