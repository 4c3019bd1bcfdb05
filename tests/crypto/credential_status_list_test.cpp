#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/base/gzip.h"
#include "crypto/credential/status_list.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "tests/support/vectors.h"

namespace chancery::credential {
namespace {

constexpr const char* list_url = "https://a.example/v1/status-lists/uni-a/2026-1-revocation";

StatusBits bits_with(std::initializer_list<std::size_t> set) {
    StatusBits bits;
    for (const std::size_t index : set)
        bits.set(index);
    return bits;
}

json::Value list_with(const StatusBits& bits) {
    return status_list_credential(
        {list_url, "did:web:a.example", StatusPurpose::revocation, "2026-05-01T12:00:00Z"}, bits);
}

json::Value parsed(std::string_view text) {
    auto value = json::parse(text);
    EXPECT_TRUE(value) << value.error().detail;
    return *std::move(value);
}

// From others: made by npm @digitalbazaar/vc-bitstring-status-list, and the example of the
// specification.
TEST(StatusList, ReadsListsThatOthersMade) {
    const json::Value foreign = parsed(test::vector_text("bitstring/status-list.bits.json"));
    const auto bits = StatusBits::decode(*foreign.find("encodedList")->as_string());
    ASSERT_TRUE(bits) << bits.error().detail;
    StatusBits want;
    for (const json::Value& index : *foreign.find("set")->as_array())
        want.set(static_cast<std::size_t>(*index.as_integer()));
    EXPECT_EQ(*bits, want);
    const auto unpacked = from_gzip(*from_base64url(bits->encode().substr(1)), 1 << 20);
    ASSERT_TRUE(unpacked);
    EXPECT_EQ(to_hex(sha256(*unpacked)), *foreign.find("sha256_of_uncompressed")->as_string());
    const auto empty = StatusBits::decode(*foreign.find("encodedList_empty")->as_string());
    ASSERT_TRUE(empty);
    EXPECT_EQ(*empty, StatusBits());

    const json::Value example = parsed(test::vector_text("bitstring/w3c-example.json"));
    const auto bits_of_example = StatusBits::decode(*example.find("encodedList")->as_string());
    ASSERT_TRUE(bits_of_example) << bits_of_example.error().detail;
    EXPECT_EQ(*bits_of_example, StatusBits());
}

TEST(StatusList, PutsIndexZeroInTheHighestBit) {
    StatusBits bits = bits_with({0, 9});
    const auto bytes = from_gzip(*from_base64url(bits.encode().substr(1)), 1 << 20);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), status_list_bits / 8);
    EXPECT_EQ((*bytes)[0], 0x80);
    EXPECT_EQ((*bytes)[1], 0x40);
    bits.set(0, false);
    EXPECT_FALSE(bits.at(0));
    EXPECT_TRUE(bits.at(9));
}

TEST(StatusList, RefusesWhatIsNoList) {
    const std::string good = StatusBits().encode();
    const std::string bomb = "u" + to_base64url(to_gzip(Bytes(status_list_bytes_max + 1)));
    const std::string few = "u" + to_base64url(to_gzip(Bytes(status_list_bits / 8 - 1)));
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "want u and base64url"},
        {good.substr(1), "want u and base64url"},
        {"z" + good.substr(1), "want u and base64url"},
        {good + "=", "not base64url"},
        {good.substr(0, good.size() - 4), "is no whole gzip form"},
        {"u" + to_base64url(Bytes(16'384)), "is no whole gzip form"},
        {few, "131064 bits, want at least 131072"},
        {bomb, "more than 1048576 bytes within"},
        {"u" + std::string(2 * status_list_bytes_max, 'A'), "characters, want at most"}};
    for (const auto& [encoded, reason] : cases) {
        const auto bits = StatusBits::decode(encoded);
        ASSERT_FALSE(bits) << reason;
        EXPECT_NE(bits.error().detail.find(reason), std::string::npos) << bits.error().detail;
    }
}

TEST(StatusList, IsACredentialOfItsUrlAndPurpose) {
    const StatusBits bits = bits_with({42, 131'071});
    const json::Value list = list_with(bits);
    const auto back = bits_of_list(list, list_url, StatusPurpose::revocation);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(*back, bits);

    const auto refused = [&](const json::Value& changed) {
        const auto got = bits_of_list(changed, list_url, StatusPurpose::revocation);
        return got ? std::string("accepted") : got.error().detail;
    };
    EXPECT_EQ(bits_of_list(list, list_url, StatusPurpose::suspension).error().detail,
              "/credentialSubject/statusPurpose: is another, want suspension");
    EXPECT_EQ(bits_of_list(list, "https://b.example/", StatusPurpose::revocation).error().detail,
              "/id: is another list's");
    json::Value changed = list;
    changed.set("type", json::Array{"VerifiableCredential"});
    EXPECT_EQ(refused(changed), "/type: is no status list");
    changed = list;
    changed.find("credentialSubject")->set("type", "AchievementSubject");
    EXPECT_EQ(refused(changed), "/credentialSubject/type: is no status list");
    changed = list;
    changed.find("credentialSubject")->set("statusSize", 2);
    EXPECT_EQ(refused(changed), "/credentialSubject/statusSize: want 1");
    changed = list;
    changed.find("credentialSubject")->erase("encodedList");
    EXPECT_EQ(refused(changed), "/credentialSubject/encodedList: want a text");
    changed = list;
    changed.set("credentialSubject", "x");
    EXPECT_EQ(refused(changed), "/credentialSubject: want an object");
}

TEST(StatusList, EntriesComeBackAsTheyWereWritten) {
    const StatusListEntry revocation{StatusPurpose::revocation, 94'567, list_url};
    const StatusListEntry suspension{StatusPurpose::suspension, 0, "https://a.example/s"};
    json::Value document =
        json::Object{{"credentialStatus", json::Array{to_json(revocation), to_json(suspension)}}};
    auto entries = status_entries_of(document);
    ASSERT_TRUE(entries) << entries.error().detail;
    EXPECT_EQ(*entries, (std::vector{revocation, suspension}));
    document.set("credentialStatus", to_json(revocation));
    entries = status_entries_of(document);
    ASSERT_TRUE(entries);
    EXPECT_EQ(*entries, std::vector{revocation});
    EXPECT_TRUE(status_entries_of(json::Object{})->empty());
    // Others have types and purposes of their own.
    document.set("credentialStatus",
                 json::Array{json::Object{{"type", "1EdTechRevocationList"}},
                             json::Object{{"type", "BitstringStatusListEntry"},
                                          {"statusPurpose", "message"}}});
    EXPECT_TRUE(status_entries_of(document)->empty());
}

TEST(StatusList, RefusesEntriesThatCannotBeRead) {
    const json::Value good = to_json({StatusPurpose::revocation, 7, list_url});
    const auto refused = [&](std::string_view name, json::Value value) {
        json::Value entry = good;
        entry.set(name, std::move(value));
        const auto got =
            status_entries_of(json::Object{{"credentialStatus", json::Array{good, entry}}});
        return got ? std::string("accepted") : got.error().detail;
    };
    const std::string at = "/credentialStatus/1";
    for (const json::Value& index : {json::Value(7),
                                     json::Value("-1"),
                                     json::Value("07"),
                                     json::Value("x"),
                                     json::Value(""),
                                     json::Value("8388608")})
        EXPECT_EQ(refused("statusListIndex", index),
                  at + "/statusListIndex: want a decimal number, as a text");
    EXPECT_EQ(refused("statusPurpose", 1), at + "/statusPurpose: want a text");
    EXPECT_EQ(refused("statusListCredential", ""), at + "/statusListCredential: want a URL");
    EXPECT_EQ(refused("statusSize", 2), at + "/statusSize: want 1: one bit says revoked or not");
    EXPECT_EQ(status_entries_of(json::Object{{"credentialStatus", "x"}}).error().detail,
              "/credentialStatus: not an object");
}

}  // namespace
}  // namespace chancery::credential
