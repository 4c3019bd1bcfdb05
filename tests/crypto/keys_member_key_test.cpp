#include <gtest/gtest.h>

#include "crypto/hash/sha256.h"
#include "crypto/keys/member_key.h"
#include "tests/support/vectors.h"

namespace chancery::keys {
namespace {

using test::unhex;
using test::unhex32;

std::string lower(std::string text) {
    for (char& character : text) {
        if (character >= 'A' && character <= 'F') character = static_cast<char>(character + 32);
    }
    return text;
}

MemberKey test_key() {
    auto key = MemberKey::from_secret(Hash{5});
    CHECK(key);
    return *key;
}

struct Bip340Case {
    std::string index, secret, x, auxiliary, message, signature, verdict;
};

std::vector<Bip340Case> bip340_cases() {
    std::vector<Bip340Case> cases;
    for (const std::string& line : test::lines_of(test::vector_text("bip340/vectors.csv"))) {
        const auto part = test::split(line, ',');
        if (part.size() < 7 || part[0] == "index") continue;
        cases.push_back({part[0],
                         lower(part[1]),
                         lower(part[2]),
                         lower(part[3]),
                         lower(part[4]),
                         lower(part[5]),
                         part[6]});
    }
    return cases;
}

TEST(MemberKey, VerifiesAsBip340Says) {
    const auto cases = bip340_cases();
    EXPECT_EQ(cases.size(), 15U);
    for (const Bip340Case& entry : cases) {
        const auto key = MemberPublicKey::parse(unhex(entry.x));
        const bool got = key && key->verifies(unhex32(entry.message), unhex(entry.signature));
        EXPECT_EQ(got, entry.verdict == "TRUE") << entry.index;
    }
}

TEST(MemberKey, SignsAsBip340Says) {
    std::size_t signed_count = 0;
    for (const Bip340Case& entry : bip340_cases()) {
        if (entry.secret.empty()) continue;
        const auto key = MemberKey::from_secret(unhex32(entry.secret));
        ASSERT_TRUE(key) << entry.index;

        const auto signature = key->sign(unhex32(entry.message), unhex32(entry.auxiliary));

        EXPECT_EQ(to_hex(key->public_key().x()), entry.x);
        EXPECT_EQ(to_hex(signature), entry.signature);
        ++signed_count;
    }
    EXPECT_EQ(signed_count, 4U);
}

TEST(MemberKey, RefusesSecretsOutsideTheGroup) {
    Hash order = unhex32("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    EXPECT_FALSE(MemberKey::from_secret(Hash{}));
    EXPECT_FALSE(MemberKey::from_secret(order));
    order.fill(0xff);
    EXPECT_FALSE(MemberKey::from_secret(order));
    EXPECT_TRUE(MemberKey::from_secret(
        unhex32("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140")));
}

TEST(MemberKey, SurvivesEveryLengthOfKeyAndSignature) {
    const MemberKey key = test_key();
    for (std::size_t length = 0; length <= 200; ++length) {
        const Bytes bytes(length, 0x79);
        if (length != 32) {
            EXPECT_FALSE(MemberPublicKey::parse(bytes)) << length;
        }
        EXPECT_FALSE(key.public_key().verifies(Hash{}, bytes)) << length;
    }
    EXPECT_FALSE(MemberPublicKey::parse(ByteView()));
    EXPECT_FALSE(key.public_key().verifies(Hash{}, ByteView()));
}

TEST(MemberKey, NoticesEveryFlippedBit) {
    const MemberKey key = test_key();
    const SchnorrSignature signature = key.sign(Hash{1}, Hash{2});
    ASSERT_TRUE(key.public_key().verifies(Hash{1}, signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        SchnorrSignature altered = signature;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(key.public_key().verifies(Hash{1}, altered)) << bit;
    }
    EXPECT_FALSE(key.public_key().verifies(Hash{2}, signature));
}

TEST(MemberKey, AnyAuxiliaryGivesAValidSignature) {
    const MemberKey key = test_key();
    const auto first = key.sign(Hash{1}, Hash{});
    const auto second = key.sign(Hash{1}, Hash{1});
    EXPECT_NE(first, second);
    EXPECT_TRUE(key.public_key().verifies(Hash{1}, first));
    EXPECT_TRUE(key.public_key().verifies(Hash{1}, second));
}

TEST(MemberKey, TaggedHashIsThatOfBip340) {
    for (std::size_t length = 0; length <= 200; ++length) {
        const std::string tag(length, 't');
        const Bytes message(200 - length, 0x6d);
        const Hash tag_hash = sha256(bytes_of(tag));
        const Bytes whole = Writer().bytes(tag_hash).bytes(tag_hash).bytes(message).take();
        EXPECT_EQ(tagged_hash(tag, message), sha256(whole)) << length;
    }
}

// Computed elsewhere.
TEST(MemberKey, TaggedHashOfNothingIsAHashToo) {
    EXPECT_EQ(to_hex(tagged_hash("chancery/batch/v1", {})),
              "1779631ca193fa3f87a11009b09b2df4d5f26fde2411afa6a621fa01349cceab");
    EXPECT_EQ(to_hex(tagged_hash("chancery/batch/v1", bytes_of("abc"))),
              "68a7bfb0573f86c8d61199c90180ff2dcb34a87cad0f34a10243b75390ce2cf6");
    EXPECT_EQ(to_hex(tagged_hash("", {})),
              "2dba5dbc339e7316aea2683faf839c1b7b1ee2313db792112588118df066aa35");
}

}  // namespace
}  // namespace chancery::keys
