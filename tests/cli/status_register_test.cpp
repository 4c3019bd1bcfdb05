// What an issuer keeps of its status lists, on disk.
#include "node/cli/status_register.h"

#include <set>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

using credential::StatusPurpose;
using ledger::CredentialStatus;

constexpr const char* base = "https://a.example/v1/status-lists/uni-a/";

Hash commitment(std::uint8_t number) {
    Hash hash{};
    hash.back() = number;
    return hash;
}

struct Registers : testing::Test {
    test::ScratchFolder scratch;
    std::string folder = scratch / "lists";
    std::string file = scratch / "lists/2026-1.status-register";

    StatusRegister made() const {
        auto one = StatusRegister::create(folder, "2026-1", base);
        CHECK(one);
        return *std::move(one);
    }
    Result<StatusRegister> opened() const { return StatusRegister::open(folder, "2026-1"); }
    std::string text() const { return scratch.read("lists/2026-1.status-register"); }
    void add(const std::string& more) const {
        scratch.write("lists/2026-1.status-register", text() + more, 0600);
    }
};

TEST_F(Registers, GiveEachDocumentAPlaceOfItsOwn) {
    StatusRegister one = made();
    const auto first = one.take(1'000);
    ASSERT_TRUE(first) << first.error().detail;
    const auto second = one.take(1'000);
    ASSERT_TRUE(second);
    std::set<std::size_t> all(first->begin(), first->end());
    all.insert(second->begin(), second->end());
    EXPECT_EQ(all.size(), 2'000U);
    EXPECT_LT(*all.rbegin(), credential::status_list_bits);
    EXPECT_FALSE(std::ranges::is_sorted(*first)) << "an index must not tell the order";
    EXPECT_GT(*all.rbegin(), credential::status_list_bits / 2);
    EXPECT_LT(*all.begin(), credential::status_list_bits / 2);
    EXPECT_EQ(opened()->taken(), 2'000U);
}

TEST_F(Registers, RefuseMoreThanHalfOfTheList) {
    StatusRegister one = made();
    ASSERT_TRUE(one.take(StatusRegister::places_max - 1));
    const auto refused = one.take(2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_NE(refused.error().detail.find("has 1 places left, want 2"), std::string::npos);
    EXPECT_FALSE(one.take(StatusRegister::places_max + 1));
    EXPECT_TRUE(one.take(1));
    EXPECT_FALSE(one.take(1));
}

TEST_F(Registers, KeepWhatTheyWereToldOverARestart) {
    StatusRegister one = made();
    const auto places = one.take(2);
    ASSERT_TRUE(places);
    const std::vector<StatusRegister::Place> held = {{(*places)[0], commitment(1)},
                                                     {(*places)[1], commitment(2)}};
    ASSERT_TRUE(one.hold(held));
    ASSERT_TRUE(one.hold(held)) << "again, after a job was broken off";
    EXPECT_EQ(*one.note(std::vector<StatusRegister::Standing>{
                  {commitment(1), CredentialStatus::revoked},
                  {commitment(2), CredentialStatus::suspended},
                  {commitment(3), CredentialStatus::revoked}}),
              2U);
    for (const StatusRegister& each : {one, *opened()}) {
        EXPECT_EQ(each.places().size(), 2U);
        EXPECT_TRUE(each.bits(StatusPurpose::revocation).at((*places)[0]));
        EXPECT_FALSE(each.bits(StatusPurpose::revocation).at((*places)[1]));
        EXPECT_TRUE(each.bits(StatusPurpose::suspension).at((*places)[1]));
        EXPECT_EQ(each.status(commitment(2)), CredentialStatus::suspended);
        EXPECT_FALSE(each.is_free((*places)[0]));
    }
    EXPECT_EQ(
        *one.note(std::vector<StatusRegister::Standing>{{commitment(1), CredentialStatus::revoked},
                                                        {commitment(2), CredentialStatus::good}}),
        1U);
    EXPECT_EQ(opened()->bits(StatusPurpose::suspension), credential::StatusBits());
}

TEST_F(Registers, GiveNoPlaceToTwo) {
    StatusRegister one = made();
    ASSERT_TRUE(one.hold(std::vector<StatusRegister::Place>{{7, commitment(1)}}));
    const std::string before = text();
    for (const auto& places : std::vector<std::vector<StatusRegister::Place>>{
             {{7, commitment(2)}},
             {{8, commitment(1)}},
             {{9, commitment(3)}, {9, commitment(4)}},
             {{10, commitment(5)}, {7, commitment(6)}}}) {
        const auto refused = one.hold(places);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::conflict);
    }
    EXPECT_EQ(text(), before) << "all or none";
    EXPECT_EQ(one.places().size(), 1U);
}

TEST_F(Registers, FindTheirPlaceInADocument) {
    const StatusRegister one = made();
    const json::Value document = json::Object{{"credentialStatus", one.status_of(7)}};
    EXPECT_EQ(*one.index_in(document), std::optional<std::size_t>(7));
    EXPECT_EQ(*one.index_in(json::Object{}), std::nullopt);
    const auto other = StatusRegister::create(folder, "2026-2", base);
    ASSERT_TRUE(other);
    EXPECT_EQ(*other->index_in(document), std::nullopt);
    json::Value two = document;
    two.find("credentialStatus")->as_array()->back().set("statusListIndex", "8");
    EXPECT_FALSE(one.index_in(two)) << "one place, not two";
    two.find("credentialStatus")->as_array()->back().set("statusListIndex", "131072");
    two.find("credentialStatus")->as_array()->front().set("statusListIndex", "131072");
    EXPECT_FALSE(one.index_in(two)) << "beyond the list";
}

TEST_F(Registers, ForgetALineThatACrashCutOff) {
    StatusRegister one = made();
    ASSERT_TRUE(one.hold(std::vector<StatusRegister::Place>{{7, commitment(1)}}));
    const std::string whole = text();
    add("holds 8 " + to_hex(commitment(2)).substr(0, 30));
    ASSERT_TRUE(opened());
    EXPECT_EQ(text(), whole) << "or the next line would begin in it";
    EXPECT_EQ(opened()->places().size(), 1U);
}

TEST_F(Registers, RefuseWhatTheyDidNotWriteAndSayWhichLine) {
    static_cast<void>(made());
    const std::string good = text();
    const std::string hex = to_hex(commitment(1));
    for (const std::string& wrong : {std::string("taken"),
                                     std::string("taken 131072"),
                                     std::string("taken 07"),
                                     "holds 7 " + hex.substr(1),
                                     "holds 7 " + hex + " x",
                                     "status " + hex + " revoked",
                                     std::string("given 7"),
                                     std::string()}) {
        scratch.write("lists/2026-1.status-register", good + wrong + "\n", 0600);
        const auto refused = opened();
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().code, Errc::corrupt);
        EXPECT_NE(refused.error().detail.find(":3: "), std::string::npos) << wrong;
    }
    scratch.write(
        "lists/2026-1.status-register", good + "holds 7 " + hex + "\nholds 8 " + hex + "\n", 0600);
    EXPECT_NE(opened().error().detail.find(":4: a place is given twice"), std::string::npos);
    for (const std::string& begun : {std::string(), good.substr(0, 28), "x" + good}) {
        scratch.write("lists/2026-1.status-register", begun, 0600);
        EXPECT_EQ(opened().error().code, Errc::corrupt);
    }
    EXPECT_EQ(StatusRegister::open(folder, "2026-9").error().code, Errc::not_found);
    EXPECT_EQ(StatusRegister::open(folder, "../2026-1").error().code, Errc::invalid);
}

TEST_F(Registers, HaveNamesAndUrlsThatListsCanHave) {
    for (const char* name : {"", "A", "-a", "a/b", "a b"})
        EXPECT_EQ(StatusRegister::create(folder, name, base).error().code, Errc::invalid) << name;
    for (const char* url : {"", "ftp://a/", "https://a.example", "https://a example/"})
        EXPECT_EQ(StatusRegister::create(folder, "a", url).error().code, Errc::invalid) << url;
    EXPECT_TRUE(StatusRegister::create(folder, "a", base));
    EXPECT_EQ(StatusRegister::create(folder, "a", base).error().code, Errc::conflict);
    EXPECT_EQ(StatusRegister::all(folder)->size(), 1U);
    EXPECT_TRUE(StatusRegister::all(scratch / "none")->empty());
}

}  // namespace
}  // namespace chancery::cli
