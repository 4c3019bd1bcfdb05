// The log that tests of the auditor change in every way there is, and how they look at what it
// says of it.
#pragma once

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "node/audit/replay.h"
#include "tests/support/log_writer.h"

namespace chancery::audit {
using ledger::CredentialStatus;
using ledger::Kind;
using ledger::no_position;
using test::commitment_of;
using test::cosigned;
using test::export_log;
using test::nonce_of;

inline constexpr ledger::TimeMs start = 1'767'225'600'000;
inline constexpr ledger::TimeMs day = 86'400'000;

inline ReplayReport replayed(test::LogFiles files) {
    test::MemorySource source(std::move(files));
    auto report = replay(source, {});
    EXPECT_TRUE(report) << report.error().detail;
    return std::move(*report);
}

inline Bytes signed_bulk(const test::HonestLog& log,
                         const registry::BatchDraft& draft,
                         const std::vector<Bytes>& bodies) {
    return test::sign_anything(draft,
                               bodies,
                               log.state().members->network,
                               test::member_key(test::slug_of(draft.member), "issuer"));
}

inline registry::BatchDraft draft(ledger::MemberNumber member,
                                  std::uint64_t nonce,
                                  Kind kind = Kind::credential) {
    return {.member = member,
            .key_number = 1,
            .nonce = nonce_of(nonce),
            .expires = start + day,
            .record_kind = kind};
}

inline std::vector<Bytes> commitments(std::uint64_t from, std::uint64_t count) {
    std::vector<Hash> numbers;
    for (std::uint64_t i = from; i < from + count; ++i)
        numbers.push_back(commitment_of(i));
    return test::credential_bodies(numbers);
}

inline Bytes change(const test::HonestLog& log,
                    ledger::Position position,
                    ledger::Position previous,
                    CredentialStatus status) {
    ledger::StatusEntry entry;
    entry.position = position;
    std::copy_n(log.entries().at(position).begin() + 14, 32, entry.commitment.begin());
    entry.previous = previous;
    entry.status = status;
    return ledger::body_of(entry);
}

// Block 1: 0 batch of member 1, 1-300 its credentials, 301 state.
// Block 2: 302 batch of member 2, 303-305; 306 status batch of member 1, 307, 308; 309 batch of
//          publications, 310; 311 state.
// Block 3: 312 state.
// Block 4: 313 status batch, 314; 315 batch of member 3, 316-320; 321 state.
inline void fill(test::HonestLog& log) {
    log.block({signed_bulk(log, draft(1, 1), commitments(0, 300))}, start);
    ledger::PublicationEntry publication;
    publication.url = "https://uni-d.example/skills";
    log.block({signed_bulk(log, draft(2, 2), commitments(0, 3)),
               signed_bulk(log,
                           draft(1, 3, Kind::status),
                           {change(log, 10, no_position, CredentialStatus::suspended),
                            change(log, 11, no_position, CredentialStatus::revoked)}),
               signed_bulk(log, draft(4, 4, Kind::publication), {ledger::body_of(publication)})},
              start + 1'000);
    log.block({}, start + 2'000);
    log.block({signed_bulk(
                   log, draft(1, 5, Kind::status), {change(log, 10, 307, CredentialStatus::good)}),
               signed_bulk(log, draft(3, 6), commitments(0, 5))},
              start + 3'000);
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
