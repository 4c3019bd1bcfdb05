// How tests of the auditor change its log, and look at what it says of it.
#pragma once

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "node/audit/replay.h"
#include "tests/support/audited_log.h"

namespace chancery::audit {
using test::cosigned;
using test::export_log;

inline ReplayReport replayed(test::LogFiles files) {
    test::MemorySource source(std::move(files));
    auto report = replay(source, {});
    EXPECT_TRUE(report) << report.error().detail;
    return std::move(*report);
}

class AuditReplay : public testing::Test {
protected:
    AuditReplay() { fill(log_); }

    // The log as its members sealed it, with entries that are not those they sealed.
    test::LogFiles with_entries(const std::vector<Bytes>& entries) const {
        test::LogFiles files = export_log(log_.genesis(), log_.entries());
        test::write_bundles(files, entries);
        return files;
    }

    // A log that its members sealed although it is wrong.
    test::LogFiles sealed_anyway(const std::vector<Bytes>& entries) const {
        return export_log(log_.genesis(), entries);
    }

    static test::LogFiles without_tiles(test::LogFiles files) {
        std::erase_if(files, [](const auto& file) {
            return file.first.starts_with("tile/") && !file.first.starts_with("tile/entries/");
        });
        return files;
    }

    static void expect_found(test::LogFiles files,
                             std::optional<ledger::Position> position,
                             const std::string& what,
                             const std::string& expected = "",
                             const std::string& actual = "") {
        const ReplayReport report = replayed(std::move(files));
        ASSERT_TRUE(report.finding) << "nothing found, want " << what;
        const Finding& finding = *report.finding;
        const std::string said = finding.what + " / " + finding.expected + " / " + finding.actual;
        EXPECT_EQ(finding.position, position) << said;
        EXPECT_NE(finding.what.find(what), std::string::npos) << said;
        EXPECT_NE(finding.expected.find(expected), std::string::npos) << said;
        EXPECT_NE(finding.actual.find(actual), std::string::npos) << said;
    }

    std::vector<Bytes> changed(ledger::Position position, std::size_t byte) const {
        std::vector<Bytes> entries = log_.entries();
        entries.at(position).at(byte) ^= 1;
        return entries;
    }

    // Blocks 1 to 3, then a block of these batches with whatever state entry follows.
    std::vector<Bytes> followed_by(const std::vector<Bytes>& bulks) const {
        std::vector<Bytes> entries(log_.entries().begin(), log_.entries().begin() + 313);
        for (const Bytes& bulk : bulks) {
            for (Bytes& entry : test::entries_of_bulk(bulk, start + 3'000))
                entries.push_back(std::move(entry));
        }
        entries.push_back(log_.entries().back());
        return entries;
    }

    test::HonestLog log_{4};
};

}  // namespace chancery::audit
