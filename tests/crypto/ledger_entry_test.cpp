#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/node_hash.h"
#include "tests/support/chancery_vectors.h"

namespace chancery::ledger {
namespace {

Hash filled(std::uint8_t value) {
    Hash hash{};
    hash.fill(value);
    return hash;
}

BatchEntry a_batch() {
    BatchEntry batch;
    batch.member = 0x01020304;
    batch.key_number = 5;
    batch.time = 6;
    batch.nonce.fill(7);
    batch.expires = 8;
    batch.record_kind = Kind::status;
    batch.count = batch_records_max;
    batch.records_root = filled(9);
    batch.signature.fill(10);
    return batch;
}

StatusEntry a_status() {
    StatusEntry status;
    status.member = 3;
    status.time = 4;
    status.position = 5;
    status.commitment = filled(6);
    status.previous = 7;
    status.status = CredentialStatus::superseded;
    status.reason = Reason::legal_order;
    status.successor = 8;
    return status;
}

PublicationEntry a_publication() {
    PublicationEntry publication;
    publication.member = 3;
    publication.time = 4;
    publication.type = PublicationType::status_list;
    publication.content_hash = filled(5);
    publication.url = "https://uni-a.example/\xe2\x82\xac";
    return publication;
}

GovernanceEntry a_governance() {
    GovernanceEntry governance;
    governance.time = 4;
    governance.signature.fill(5);
    governance.act = {'{', '}'};
    return governance;
}

AnchorEntry an_anchor() {
    AnchorEntry anchor;
    anchor.member = 3;
    anchor.time = 4;
    anchor.size = 5;
    anchor.root = filled(6);
    anchor.chain = "eip155:11155111";
    anchor.transaction = filled(7);
    return anchor;
}

StateEntry a_state() {
    return {.height = 1, .time = 2, .size = 3, .status_root = filled(4), .members_hash = filled(5)};
}

std::vector<Entry> one_of_each() {
    return {a_batch(),
            CredentialEntry{.member = 1, .time = 2, .commitment = filled(3)},
            a_status(),
            a_publication(),
            a_governance(),
            an_anchor(),
            a_state()};
}

Bytes bytes_from_hex(std::string_view hex) { return from_hex(hex).value(); }

std::string entry_refusal(ByteView bytes) {
    const Result<Entry> entry = decode(bytes);
    if (entry) return "accepted";
    EXPECT_EQ(entry.error().code, Errc::invalid);
    return entry.error().detail;
}

TEST(Entry, IsWrittenFieldByFieldInBigEndianOrder) {
    EXPECT_EQ(
        to_hex(encode(CredentialEntry{.member = 0x01020304, .time = 5, .commitment = filled(6)})),
        "0102"
        "01020304"
        "0000000000000005" +
            to_hex(filled(6)));
    EXPECT_EQ(to_hex(encode(a_batch())),
              "0101"
              "01020304"
              "00000005"
              "0000000000000006"
              "07070707070707070707070707070707"
              "0000000000000008"
              "03"
              "00010000" +
                  to_hex(filled(9)) + to_hex(filled(10)) + to_hex(filled(10)));
    EXPECT_EQ(to_hex(encode(a_status())),
              "0103"
              "00000003"
              "0000000000000004"
              "0000000000000005" +
                  to_hex(filled(6)) + "0000000000000007" + "0307" + "0000000000000008");
    EXPECT_EQ(to_hex(encode(a_state())),
              "0107"
              "0000000000000001"
              "0000000000000002"
              "0000000000000003" +
                  to_hex(filled(4)) + to_hex(filled(5)));
}

TEST(Entry, HasTheLengthsOfTheSpecification) {
    EXPECT_EQ(encode(a_batch()).size(), 143U);
    EXPECT_EQ(encode(CredentialEntry{}).size(), credential_entry_bytes);
    EXPECT_EQ(encode(a_status()).size(), 72U);
    EXPECT_EQ(encode(a_state()).size(), state_entry_bytes);
}

TEST(Entry, ComesBackAsItWasWritten) {
    for (const Entry& entry : one_of_each()) {
        const Result<Entry> read = decode(encode(entry));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(*read, entry);
    }
}

TEST(Entry, IsRefusedCutShortOrWithAByteMore) {
    for (const Entry& entry : one_of_each()) {
        const bool ends_freely = std::holds_alternative<PublicationEntry>(entry) ||
                                 std::holds_alternative<GovernanceEntry>(entry);
        Bytes bytes = encode(entry);
        const std::size_t fixed_bytes = ends_freely ? 2 + 12 + 33 : bytes.size();
        for (std::size_t length = 0; length < fixed_bytes; ++length) {
            EXPECT_NE(entry_refusal(ByteView(bytes).first(length)), "accepted") << length;
        }
        bytes.push_back('x');
        EXPECT_EQ(entry_refusal(bytes) == "accepted", ends_freely);
    }
}

TEST(Entry, OfAnotherFormatOrKindIsUnknownAndNoError) {
    EXPECT_EQ(decode(bytes_from_hex("0201")).value(), Entry(UnknownEntry{.format = 2, .kind = 1}));
    EXPECT_EQ(decode(bytes_from_hex("0001ff")).value(),
              Entry(UnknownEntry{.format = 0, .kind = 1}));
    EXPECT_EQ(decode(bytes_from_hex("0100")).value(), Entry(UnknownEntry{.format = 1, .kind = 0}));
    EXPECT_EQ(decode(bytes_from_hex("0108aa")).value(),
              Entry(UnknownEntry{.format = 1, .kind = 8}));
    EXPECT_EQ(entry_refusal({}), "entry has 0 bytes, want at least 2");
    EXPECT_EQ(entry_refusal(bytes_from_hex("01")), "entry has 1 bytes, want at least 2");
}

TEST(Entry, IsAtMost65535BytesLong) {
    Bytes bytes(65'535, 0xff);
    EXPECT_TRUE(decode(bytes));
    bytes.push_back(0xff);
    EXPECT_EQ(entry_refusal(bytes), "entry has 65536 bytes, want at most 65535");
}

TEST(Entry, OfEachVectorIsReadAndWrittenBack) {
    const std::vector<Bytes> vectors = test::chancery_entries();
    ASSERT_EQ(vectors.size(), 309U);
    for (const Bytes& bytes : vectors) {
        const Result<Entry> entry = decode(bytes);
        ASSERT_TRUE(entry) << entry.error().detail;
        EXPECT_EQ(encode(*entry), bytes);
    }
}

// The bodies of a bulk submission are those of the entries that it became.
TEST(Record, BodiesOfTheVectorsLeadToTheSignedRoots) {
    const std::vector<Bytes> vectors = test::chancery_entries();
    std::size_t batches = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        const Entry head = decode(vectors[i]).value();
        const auto* batch = std::get_if<BatchEntry>(&head);
        if (batch == nullptr) continue;
        ++batches;
        std::vector<Hash> leaves;
        for (std::size_t record = i + 1; record <= i + batch->count; ++record) {
            const Entry entry = decode(vectors.at(record)).value();
            EXPECT_EQ(vectors[record].at(1), static_cast<std::uint8_t>(batch->record_kind));
            leaves.push_back(merkle::leaf_hash(body_of(entry)));
        }
        EXPECT_EQ(merkle::root_of(leaves), batch->records_root);
    }
    EXPECT_EQ(batches, 3U);
}

TEST(BatchEntry, IsRefusedForItsCountOrRecordKind) {
    const Bytes good = encode(a_batch());
    const auto with_kind = [&good](std::uint8_t kind) {
        Bytes bytes = good;
        bytes[42] = kind;
        return bytes;
    };
    for (const std::uint8_t kind : Bytes{2, 3, 4, 6})
        EXPECT_TRUE(decode(with_kind(kind)));
    for (const std::uint8_t kind : Bytes{0, 1, 5, 7, 8, 255})
        EXPECT_NE(entry_refusal(with_kind(kind)).find("want 2, 3, 4 or 6"), std::string::npos);

    Bytes none = good;
    none[44] = 0;
    EXPECT_EQ(entry_refusal(none), "count 0, want 1 to 65536");
    Bytes too_many = good;
    too_many[46] = 1;
    EXPECT_EQ(entry_refusal(too_many), "count 65537, want 1 to 65536");
}

TEST(StatusEntry, IsRefusedForUnknownCodesOrAWrongSuccessor) {
    const Bytes good = encode(a_status());
    Bytes bytes = good;
    bytes[62] = 4;
    EXPECT_EQ(entry_refusal(bytes), "status 4, want 0 to 3");
    bytes = good;
    bytes[63] = 8;
    EXPECT_EQ(entry_refusal(bytes), "reason 8, want 0 to 7");
    for (const std::uint8_t status : Bytes{0, 1, 2}) {
        bytes = good;
        bytes[62] = status;
        EXPECT_EQ(entry_refusal(bytes), "successor 8, want none unless superseded");
    }
    bytes = good;
    bytes[71] = 5;
    EXPECT_EQ(entry_refusal(bytes), "successor 5, want another position than the credential's own");

    StatusEntry without_successor = a_status();
    without_successor.successor = no_position;
    EXPECT_TRUE(decode(encode(without_successor)));
}

TEST(PublicationEntry, IsRefusedForItsTypeOrUrl) {
    const Bytes good = encode(a_publication());
    for (const std::uint8_t type : Bytes{0, 5, 255}) {
        Bytes bytes = good;
        bytes[14] = type;
        EXPECT_NE(entry_refusal(bytes).find("want 1 to 4"), std::string::npos);
    }
    const auto with_url = [&good](std::string_view url) {
        Bytes bytes(good.begin(), good.begin() + 47);
        bytes.insert(bytes.end(), url.begin(), url.end());
        return bytes;
    };
    EXPECT_TRUE(decode(with_url("x")));
    EXPECT_TRUE(decode(with_url(std::string(2'048, 'x'))));
    EXPECT_EQ(entry_refusal(with_url("")), "URL bytes 0, want 1 to 2048");
    EXPECT_EQ(entry_refusal(with_url(std::string(2'049, 'x'))), "URL bytes 2049, want 1 to 2048");
    using namespace std::string_view_literals;
    for (const std::string_view bad : {"a\0b"sv,
                                       "\n"sv,
                                       "\x7f"sv,
                                       "\xc2\x80"sv,
                                       "\xff"sv,
                                       "\xc0\xaf"sv,
                                       "\xed\xa0\x80"sv,
                                       "\xe2\x82"sv,
                                       "\xf4\x90\x80\x80"sv,
                                       "\xf0\x82\x82\xac"sv}) {
        EXPECT_NE(entry_refusal(with_url(bad)), "accepted") << to_hex(bytes_of(bad));
    }
}

TEST(GovernanceEntry, CarriesAnActOf1To32768Bytes) {
    GovernanceEntry governance = a_governance();
    governance.act.assign(act_bytes_max, 'x');
    Bytes bytes = encode(governance);
    EXPECT_TRUE(decode(bytes));
    bytes.push_back('x');
    EXPECT_EQ(entry_refusal(bytes), "act bytes 32769, want 1 to 32768");
    bytes.resize(2 + 8 + 64);
    EXPECT_EQ(entry_refusal(bytes), "act bytes 0, want 1 to 32768");
}

TEST(AnchorEntry, NamesItsChainAsCaip2) {
    AnchorEntry anchor = an_anchor();
    const auto is_accepted = [&anchor](std::string_view chain) {
        Bytes bytes = encode(anchor);
        Writer out;
        out.bytes(ByteView(bytes).first(54)).u8(static_cast<std::uint8_t>(chain.size()));
        out.text(chain).bytes(anchor.transaction);
        return decode(out.written()).has_value();
    };
    for (const std::string_view good : {"eip155:1", "a-b:Z_-9", "abcdefgh:0"})
        EXPECT_TRUE(is_accepted(good)) << good;
    const std::string long_reference = "eip155:" + std::string(33, '1');
    for (const std::string_view bad : std::initializer_list<std::string_view>{"",
                                                                              ":",
                                                                              "eip155",
                                                                              "eip155:",
                                                                              "ei:1",
                                                                              "abcdefghi:1",
                                                                              "EIP155:1",
                                                                              "eip155:1:1",
                                                                              "eip155: 1",
                                                                              "eip155:\xc3\xa9",
                                                                              long_reference}) {
        EXPECT_FALSE(is_accepted(bad)) << bad;
    }
}

TEST(Record, IsMadeOfItsBodyAMemberAndATime) {
    for (const Entry& entry : one_of_each()) {
        const Bytes bytes = encode(entry);
        const Kind kind{bytes[1]};
        if (kind != Kind::credential && kind != Kind::status && kind != Kind::publication &&
            kind != Kind::anchor) {
            continue;
        }
        const Bytes body = body_of(entry);
        EXPECT_TRUE(equal(body, ByteView(bytes).subspan(14)));
        Reader head(ByteView(bytes).subspan(2));
        const MemberNumber member = head.u32();
        EXPECT_EQ(record_of(kind, member, head.u64(), body).value(), entry);
        EXPECT_FALSE(record_of(kind, member, 0, ByteView(body).first(body.size() / 3)));
    }
    for (const std::uint8_t kind : Bytes{0, 1, 5, 7, 8})
        EXPECT_FALSE(record_of(Kind{kind}, 1, 2, filled(3)));
}

TEST(CredentialEntry, IsAppendedInRunsAsEncodeWritesIt) {
    std::vector<Hash> commitments;
    Bytes expected = {1, 2, 3};
    for (std::uint8_t i = 0; i < 50; ++i) {
        commitments.push_back(filled(i));
        const Bytes entry =
            encode(CredentialEntry{.member = 7, .time = 8, .commitment = filled(i)});
        expected.insert(expected.end(), entry.begin(), entry.end());
    }
    Bytes entries = {1, 2, 3};
    append_credential_entries(entries, 7, 8, commitments);
    EXPECT_EQ(entries, expected);
    append_credential_entries(entries, 7, 8, {});
    EXPECT_EQ(entries, expected);
}

TEST(EntryDeathTest, IsNeverWrittenInAFormThatWouldBeRefused) {
    EXPECT_DEATH((void)encode(UnknownEntry{}), "unknown kind");
    EXPECT_DEATH((void)encode(BatchEntry{}), "fault_of");
    EXPECT_DEATH((void)encode(PublicationEntry{}), "fault_of");
    EXPECT_DEATH((void)body_of(StateEntry{}), "only records");
}

TEST(CredentialStatus, ChangesAsTheSpecificationAllows) {
    using Change = std::pair<int, int>;
    const std::vector<Change> allowed = {{0, 1}, {0, 2}, {0, 3}, {1, 0}, {1, 2}, {1, 3}};
    for (int from = 0; from < 4; ++from) {
        for (int to = 0; to < 4; ++to) {
            EXPECT_EQ(is_change_allowed(static_cast<CredentialStatus>(from),
                                        static_cast<CredentialStatus>(to)),
                      std::ranges::count(allowed, Change(from, to)) == 1)
                << from << " to " << to;
        }
    }
}

TEST(Reason, IsNamedBothWays) {
    for (std::uint8_t code = 0; code < 8; ++code)
        EXPECT_EQ(reason_named(name_of(Reason{code})), Reason{code});
    EXPECT_EQ(name_of(Reason::issued_in_error), "issued_in_error");
    EXPECT_EQ(reason_named("issued in error"), std::nullopt);
    EXPECT_EQ(name_of(CredentialStatus::superseded), "superseded");
}

}  // namespace
}  // namespace chancery::ledger
