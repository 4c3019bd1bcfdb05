// The real process ends at every named place of the write path, and starts again: nothing that was
// acknowledged is missing, nothing stands there twice.
#include <cstdio>
#include <set>

#include <gtest/gtest.h>
#include <signal.h>

#include "storage/crash_point.h"
#include "tests/support/one_node.h"

namespace chancery {
namespace {

using storage::crash_point_names;
using storage::CrashPoint;

constexpr int ended_by_sigkill = 128 + SIGKILL;

// Segments of 64 KiB and a flush each second, so that a life of seconds comes by every place.
const std::string all_places_soon =
    "[storage]\njournal_segment_bytes = 65536\njournal_tail_bytes = 0\nflush_seconds = 1\n";

bool is_of_rebuild(std::string_view name) { return name.starts_with("rebuild."); }

// Those are walked by tests/cli/broken_issue_test.cpp.
bool is_of_issuing(std::string_view name) {
    return name.starts_with("files.") || name.starts_with("issue.");
}

// Which time is the last: late enough that most have been at work, not at start only.
int turn_of(std::string_view name) {
    static const std::set<std::string_view> once = {
        "vote.kept", "segment.filled", "segment.named", "segment.retired", "database.flushed"};
    if (once.contains(name)) return 1;
    return name.starts_with("journal.") ? 20 : 4;
}

struct CrashPoints : testing::Test {
    static constexpr std::size_t document_count = 40;

    test::ScratchFolder scratch;
    std::size_t registered = 0;

    void SetUp() override {
        if (!storage::has_crash_points) GTEST_SKIP() << "built without CHANCERY_CRASH_POINTS";
    }

    static std::map<std::string, std::string> armed(std::string_view name, int turn) {
        return {{storage::crash_variable, std::string(name) + ":" + std::to_string(turn)}};
    }

    // Documents are submitted until the node dies of it. Gives how many were acknowledged.
    static std::size_t live_until(const test::OneNode& one,
                                  const std::string& point,
                                  const std::string& documents) {
        cli::Process node = one.start_node(armed(point, turn_of(point)));
        test::OneNode::Words issue = one.issue_words(documents, 1);
        issue.insert(issue.begin(), CHANCERY_BIN "/chancery");
        EXPECT_TRUE(test::eventually([&] { return one.answers() || node.ended(); })) << point;
        cli::Process issuing = one.start(issue);
        const bool has_died = test::eventually([&] { return node.ended().has_value(); });
        EXPECT_TRUE(has_died) << point << " was never reached";
        if (has_died) {
            EXPECT_EQ(node.ended(), ended_by_sigkill) << point;
        }
        issuing.stop();
        return one.receipts(documents);
    }

    // The node starts, what was acknowledged is there once, and so is all the rest afterwards.
    void expect_whole(const test::OneNode& one, const std::string& documents, std::size_t acked) {
        cli::Process node = one.running_node();
        for (std::size_t i = 0, seen = 0; i < document_count && seen < 3; ++i) {
            const std::string receipt =
                one / (documents + "-issued/" + std::to_string(i) + ".tlog-proof");
            if (!std::filesystem::exists(receipt)) continue;
            EXPECT_EQ(one.verify(documents, i).status, 0) << documents << " " << i;
            ++seen;
        }
        const auto rest = one.issue(documents, 25);
        EXPECT_EQ(rest.status, 0) << documents << ": " << rest.err;
        EXPECT_EQ(one.receipts(documents), document_count) << documents << ", acked " << acked;
        EXPECT_EQ(one.verify(documents, document_count - 1).status, 0) << documents;
        EXPECT_EQ(node.stop(), 0) << documents;
        registered += document_count;
        // Every signature, rule and root; and each document once.
        const json::Value report = one.audit(one.data());
        EXPECT_EQ(*report.find("credentials")->as_integer(), static_cast<std::int64_t>(registered))
            << documents;
    }
};

TEST_F(CrashPoints, EachOnTheWritePathLosesNothingAcknowledged) {
    const test::OneNode one(scratch / "one", all_places_soon);
    int walked = 0;
    for (const std::string_view name : crash_point_names) {
        if (is_of_rebuild(name) || is_of_issuing(name)) continue;
        const std::string documents(name);
        one.write_documents(documents, 0, document_count);
        const std::size_t acked = live_until(one, documents, documents);
        expect_whole(one, documents, acked);
        std::printf("%-22s died at turn %d with %zu acknowledged\n",
                    documents.c_str(),
                    turn_of(name),
                    acked);
        ++walked;
        if (HasFailure()) break;
    }
    std::printf("%d crash points, %zu documents, each once\n", walked, registered);
}

TEST_F(CrashPoints, EachOfARebuildLeavesTheOldDatabaseOrTheNew) {
    const test::OneNode one(scratch / "one", "");
    {
        cli::Process node = one.running_node();
        one.write_documents("docs", 0, 5);
        ASSERT_EQ(one.issue("docs", 1).status, 0);
        ASSERT_EQ(node.stop(), 0);
    }
    const json::Value before = one.audit(one.data());
    for (const std::string_view name : crash_point_names) {
        if (!is_of_rebuild(name)) continue;
        cli::Process recovering = one.start(
            {CHANCERY_BIN "/chanceryd", "recover", "--config", one.config()}, armed(name, 1));
        EXPECT_EQ(recovering.wait(), ended_by_sigkill) << name << " was never reached";
        const json::Value after = one.audit(one.data());
        EXPECT_EQ(*after.find("root"), *before.find("root")) << name;
        cli::Process node = one.running_node();
        EXPECT_EQ(node.stop(), 0) << name;
        EXPECT_EQ(one.chanceryd({"recover"}).status, 0) << name;
        EXPECT_EQ(*one.audit(one.data()).find("root"), *before.find("root")) << name;
    }
}

}  // namespace
}  // namespace chancery
