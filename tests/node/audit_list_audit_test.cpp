// Status lists as an honest issuer publishes them, and in every way in which they can be wrong.
#include <gtest/gtest.h>

#include "crypto/credential/data_integrity.h"
#include "crypto/credential/status_list.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "node/audit/list_audit.h"
#include "tests/support/audited_log.h"

namespace chancery::audit {
namespace {

using credential::StatusBits;
using credential::StatusPurpose;

class ContentSource : public test::MemorySource {
public:
    ContentSource(test::LogFiles files, std::map<Hash, Bytes> contents)
        : test::MemorySource(std::move(files)), contents_(std::move(contents)) {}
    Result<Bytes> content(const Hash& hash) override {
        const auto found = contents_.find(hash);
        if (found == contents_.end()) return Error{Errc::not_found, "not kept"};
        return found->second;
    }

private:
    std::map<Hash, Bytes> contents_;
};

struct ListAudits : testing::Test {
    test::HonestLog log{4};
    std::map<Hash, Bytes> contents;
    std::uint64_t next_nonce = 1;
    ledger::TimeMs now = start;
    std::map<std::uint64_t, ledger::Position> changes;  // The newest of each credential.

    // Member 1 registered credentials at positions 1 to 20.
    void SetUp() override { block({signed_bulk(log, draft(1, next_nonce++), commitments(0, 20))}); }

    void block(const std::vector<Bytes>& bulks) {
        log.block(bulks, now);
        now += 1'000;
    }
    void set_status(ledger::Position credential, CredentialStatus status) {
        const auto before = changes.find(credential);
        const ledger::Position previous = before == changes.end() ? no_position : before->second;
        const ledger::Position entry = log.entries().size() + 1;
        block({signed_bulk(log,
                           draft(1, next_nonce++, Kind::status),
                           {change(log, credential, previous, status)})});
        changes[credential] = entry;
    }

    struct List {
        std::string name = "2026-revocation";
        StatusPurpose purpose = StatusPurpose::revocation;
        std::vector<std::size_t> set = {};
        std::size_t bits = credential::status_list_bits;
        std::string issuer = {};  // As the list says; empty: member 1's DID.
        std::string key = "assertion";
    };
    std::string did() const { return log.genesis().members.front().did; }
    static std::string url(const std::string& name) { return "https://a.example/lists/" + name; }

    std::string text_of_list(const List& list) const {
        StatusBits bits(list.bits);
        for (const std::size_t index : list.set)
            bits.set(index);
        json::Value document =
            credential::status_list_credential({.url = url(list.name),
                                                .issuer = list.issuer.empty() ? did() : list.issuer,
                                                .purpose = list.purpose,
                                                .valid_from = "2026-01-01T00:00:00Z"},
                                               bits);
        const std::string& slug = log.genesis().members.front().slug;
        const auto proof = credential::sign_document(document,
                                                     credential::Suite::eddsa_jcs_2022,
                                                     test::ed25519_key(slug, list.key),
                                                     {did() + "#key", "2026-01-01T00:00:00Z"});
        CHECK(proof);
        document.set("proof", *proof);
        return json::canonical(document);
    }
    // Gives where it stands.
    ledger::Position publish_text(const std::string& at, const std::string& text) {
        ledger::PublicationEntry entry;
        entry.type = ledger::PublicationType::status_list;
        entry.url = at;
        entry.content_hash = sha256(bytes_of(text));
        contents[entry.content_hash] = test::as_bytes(text);
        const ledger::Position position = log.entries().size() + 1;
        block({signed_bulk(
            log, draft(1, next_nonce++, Kind::publication), {ledger::body_of(entry)})});
        return position;
    }
    ledger::Position publish(const List& list) {
        return publish_text(url(list.name), text_of_list(list));
    }

    ListReport audited() {
        ContentSource source(test::export_log(log.genesis(), log.entries()), contents);
        ListAudit lists(source);
        ReplayOptions options;
        options.watcher = &lists;
        const auto report = replay(source, options);
        EXPECT_TRUE(report && !report->finding);
        return std::move(lists).finish();
    }
    void expect_contradiction(ledger::Position position, const std::string& says) {
        const ListReport report = audited();
        ASSERT_GE(report.contradictions, 1U) << says;
        const ListFinding& first = report.findings.front();
        EXPECT_TRUE(first.is_contradiction);
        EXPECT_EQ(first.position, position);
        EXPECT_NE(first.what.find(says), std::string::npos) << first.what;
    }
    void expect_good() {
        const ListReport report = audited();
        EXPECT_EQ(report.contradictions, 0U);
        EXPECT_EQ(report.untold, 0U);
        EXPECT_EQ(report.read, report.publications);
        for (const ListFinding& each : report.findings)
            ADD_FAILURE() << each.what;
    }
};

constexpr auto suspension = StatusPurpose::suspension;

TEST_F(ListAudits, AnHonestIssuersListsAreGood) {
    publish({});
    publish({.name = "2026-suspension", .purpose = suspension});
    set_status(3, CredentialStatus::revoked);
    publish({.set = {70'000}});
    set_status(4, CredentialStatus::suspended);
    publish({.name = "2026-suspension", .purpose = suspension, .set = {131'071}});
    set_status(4, CredentialStatus::good);
    publish({.name = "2026-suspension", .purpose = suspension});
    set_status(5, CredentialStatus::suspended);
    set_status(5, CredentialStatus::superseded);
    publish({.set = {0, 70'000}});
    expect_good();
    const ListReport report = audited();
    EXPECT_EQ(report.lists, 2U);
    EXPECT_EQ(report.publications, 6U);
}

TEST_F(ListAudits, ARevocationThatIsTakenBackIsFound) {
    set_status(3, CredentialStatus::revoked);
    set_status(4, CredentialStatus::revoked);
    publish({.set = {7, 70'000}});
    const auto position = publish({.set = {7}});
    expect_contradiction(position, "takes back the revocation of index 70000");
}

TEST_F(ListAudits, MoreBitsThanTheLedgerHasAreFound) {
    set_status(3, CredentialStatus::suspended);
    const auto position = publish({.set = {1}});
    expect_contradiction(position, "sets 1 bits, on the ledger 0 credentials are revoked");
}

TEST_F(ListAudits, MoreBitsOfAllListsTogetherThanTheLedgerHasAreFound) {
    set_status(3, CredentialStatus::revoked);
    publish({.set = {1}});
    const auto position = publish({.name = "other", .set = {2}});
    expect_contradiction(position, "all newest lists of revocation together: sets 2 bits");
}

TEST_F(ListAudits, ASuspensionThatNobodySuspendedIsFound) {
    const auto position = publish({.name = "s", .purpose = suspension, .set = {1}});
    expect_contradiction(position, "0 credentials are suspended");
}

TEST_F(ListAudits, ASuspensionListThatLagsBehindIsNoContradiction) {
    set_status(3, CredentialStatus::suspended);
    publish({.name = "s", .purpose = suspension, .set = {1}});
    set_status(3, CredentialStatus::good);
    const ListReport report = audited();
    EXPECT_EQ(report.contradictions, 0U);
    ASSERT_EQ(report.untold, 1U);
    EXPECT_NE(report.findings.front().what.find("the ledger changed after them"),
              std::string::npos);
}

TEST_F(ListAudits, AnotherLengthOrPurposeUnderOneNameIsFound) {
    publish({});
    const auto longer = publish({.bits = 2 * std::size_t{credential::status_list_bits}});
    expect_contradiction(longer, "has 262144 bits");
    publish({.bits = 2 * std::size_t{credential::status_list_bits}});
    const auto other = publish({.purpose = suspension});
    const ListReport report = audited();
    EXPECT_EQ(report.contradictions, 2U);
    EXPECT_EQ(report.findings.back().position, other);
    EXPECT_NE(report.findings.back().what.find("of another purpose"), std::string::npos);
}

TEST_F(ListAudits, WhatIsNoListOfItsIssuerIsFound) {
    const std::string good = text_of_list({});
    json::Value unsigned_one = *json::parse(good);
    unsigned_one.erase("proof");
    json::Value altered = *json::parse(good);
    altered.set("validFrom", "2026-02-01T00:00:00Z");
    const std::vector<std::pair<std::string, std::string>> wrongs = {
        {"{", "is no JSON"},
        {"[]", "/issuer"},
        {json::canonical(unsigned_one), "carries no signature of its issuer"},
        {json::canonical(altered), "its signature: "},
        {text_of_list({.name = "another"}), "/id: is another list's"},
        {text_of_list({.issuer = "did:web:b.example"}), "/issuer: is not the member's DID"},
        {text_of_list({.key = "other"}), "its signature: "},
        {text_of_list({.bits = 65'536}), "/credentialSubject/encodedList"}};
    for (const auto& [text, says] : wrongs) {
        const auto position = publish_text(url("2026-revocation"), text);
        const ListReport report = audited();
        ASSERT_FALSE(report.findings.empty()) << says;
        const ListFinding& last = report.findings.back();
        EXPECT_TRUE(last.is_contradiction);
        EXPECT_EQ(last.position, position) << says;
        EXPECT_NE(last.what.find(says), std::string::npos) << last.what << ", want " << says;
    }
    publish_text("https://a.example/lists/Not A Name", good);
    EXPECT_NE(audited().findings.back().what.find("no name that a node serves"), std::string::npos);
}

TEST_F(ListAudits, AContentThatIsMissingOrAnotherIsSaidToBe) {
    const auto first = publish({});
    set_status(3, CredentialStatus::revoked);
    publish({.set = {5}});
    const Hash hash = sha256(bytes_of(text_of_list({})));
    const Bytes kept = contents.at(hash);
    contents.erase(hash);
    const ListReport report = audited();
    EXPECT_EQ(report.contradictions, 0U);
    ASSERT_EQ(report.untold, 1U);
    EXPECT_EQ(report.findings.front().position, first);
    EXPECT_NE(report.findings.front().what.find("not to be had: not kept"), std::string::npos);
    contents[hash] = test::as_bytes("something else");
    expect_contradiction(first, "its content has hash ");
    contents[hash] = kept;
    expect_good();
}

TEST_F(ListAudits, OtherPublicationsAreNotLookedAt) {
    ledger::PublicationEntry entry;
    entry.url = "https://a.example/achievement";
    block({signed_bulk(log, draft(2, next_nonce++, Kind::publication), {ledger::body_of(entry)})});
    const ListReport report = audited();
    EXPECT_EQ(report.publications, 0U);
    EXPECT_TRUE(report.findings.empty());
}

}  // namespace
}  // namespace chancery::audit
