#include <set>

#include <gtest/gtest.h>

#include "crypto/keys/ed25519.h"
#include "tests/support/vectors.h"

namespace chancery::keys {
namespace {

using test::array_at;
using test::text_at;
using test::unhex;
using test::unhex32;
using test::vector_json;

Ed25519PublicKey key_from(ByteView bytes) {
    const auto key = Ed25519PublicKey::parse(bytes);
    CHECK(key);
    return *key;
}

TEST(Ed25519, AgreesWithRfc8032) {
    const json::Value file = vector_json("ed25519/rfc8032.json");
    const json::Array& cases = array_at(file, "cases");
    EXPECT_EQ(cases.size(), 5U);
    for (const json::Value& entry : cases) {
        const auto key = Ed25519Key::from_seed(unhex32(text_at(entry, "seed")));
        const Bytes message = unhex(text_at(entry, "message"));

        const Ed25519Signature signature = key.sign(message);

        EXPECT_EQ(to_hex(key.public_key().bytes()), text_at(entry, "public"));
        EXPECT_EQ(to_hex(signature), text_at(entry, "signature"));
        EXPECT_TRUE(key_from(key.public_key().bytes()).verifies(message, signature));
    }
}

TEST(Ed25519, AgreesWithWycheproof) {
    const json::Value file = vector_json("ed25519/wycheproof.json");
    std::size_t judged = 0;
    std::size_t valid = 0;
    for (const json::Value& group : array_at(file, "testGroups")) {
        const auto key = key_from(unhex(text_at(*group.find("publicKey"), "pk")));
        for (const json::Value& entry : array_at(group, "tests")) {
            const bool want = text_at(entry, "result") == "valid";

            const bool got =
                key.verifies(unhex(text_at(entry, "msg")), unhex(text_at(entry, "sig")));

            EXPECT_EQ(got, want) << "case " << *entry.find("tcId")->as_integer();
            ++judged;
            if (got) ++valid;
        }
    }
    EXPECT_EQ(judged, 151U);
    EXPECT_EQ(valid, 88U);
}

TEST(Ed25519, RefusesEverySmallOrderKey) {
    const json::Value file = vector_json("ed25519/small_order_points.json");
    const json::Array& points = array_at(file, "points");
    EXPECT_EQ(points.size(), 14U);
    for (const json::Value& point : points) {
        const auto key = Ed25519PublicKey::parse(unhex(text_at(point, "pk")));
        ASSERT_FALSE(key) << text_at(point, "pk");
        EXPECT_EQ(key.error().code, Errc::invalid);
    }
}

TEST(Ed25519, RefusesEverySmallOrderR) {
    const auto key = Ed25519Key::from_seed(Hash{1});
    const Bytes message = {1, 2, 3};
    const json::Value file = vector_json("ed25519/small_order_points.json");
    for (const json::Value& point : array_at(file, "points")) {
        Ed25519Signature signature = key.sign(message);
        std::ranges::copy(unhex(text_at(point, "pk")), signature.begin());
        EXPECT_FALSE(key.public_key().verifies(message, signature));
    }
}

// R = identity and S = H(R, A, M) · a: the equation holds, only the rule on R refuses it.
// Made with seed 01…00 and an arithmetic of its own.
TEST(Ed25519, RefusesASignatureThatHoldsButForItsR) {
    const auto key = Ed25519Key::from_seed(
        unhex32("0100000000000000000000000000000000000000000000000000000000000000"));
    const Bytes signature = unhex(
        "0100000000000000000000000000000000000000000000000000000000000000bc0d7b7ce1974274136e08e78f"
        "a7a6a37e1523661705929e1d159aa70ff8b30d");
    ASSERT_EQ(signature.size(), 64U);
    EXPECT_FALSE(key.public_key().verifies(bytes_of("any"), signature));
}

TEST(Ed25519, RefusesYFromThePrimeUpwards) {
    for (unsigned low = 0xed; low <= 0xff; ++low) {
        for (const unsigned top : {0x7fU, 0xffU}) {
            Hash bytes{};
            bytes.fill(0xff);
            bytes.front() = static_cast<std::uint8_t>(low);
            bytes.back() = static_cast<std::uint8_t>(top);
            EXPECT_FALSE(Ed25519PublicKey::parse(bytes)) << low;
        }
    }
}

// Which of y = 2 … 40 lie on the curve, found with Euler's criterion elsewhere.
TEST(Ed25519, TakesExactlyTheYsOnTheCurve) {
    const std::set<unsigned> on_curve = {3,  4,  5,  6,  9,  10, 14, 15, 16, 18, 19, 21, 23,
                                         24, 25, 26, 27, 28, 29, 30, 32, 33, 35, 37, 39, 40};
    for (unsigned y = 2; y <= 40; ++y) {
        Hash bytes{};
        bytes.front() = static_cast<std::uint8_t>(y);
        EXPECT_EQ(Ed25519PublicKey::parse(bytes).has_value(), on_curve.contains(y)) << y;
    }
}

TEST(Ed25519, SurvivesEveryLengthOfKeyAndSignature) {
    const auto key = Ed25519Key::from_seed(Hash{7});
    for (std::size_t length = 0; length <= 200; ++length) {
        const Bytes bytes(length, 0x58);  // 0x58 66…66 would be the base point.
        if (length != 32) {
            EXPECT_FALSE(Ed25519PublicKey::parse(bytes)) << length;
        }
        EXPECT_FALSE(key.public_key().verifies(bytes, bytes)) << length;
        EXPECT_FALSE(key.public_key().verifies({}, bytes)) << length;
    }
    EXPECT_FALSE(Ed25519PublicKey::parse(ByteView()));
    EXPECT_FALSE(key.public_key().verifies(ByteView(), ByteView()));
}

TEST(Ed25519, SignsTheEmptyMessage) {
    const auto key = Ed25519Key::from_seed(Hash{7});
    EXPECT_TRUE(key.public_key().verifies({}, key.sign({})));
}

TEST(Ed25519, NoticesEveryFlippedBit) {
    const auto key = Ed25519Key::from_seed(Hash{9});
    const Bytes message = {4, 5, 6};
    const Ed25519Signature signature = key.sign(message);
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Ed25519Signature altered = signature;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(key.public_key().verifies(message, altered)) << bit;
    }
}

}  // namespace
}  // namespace chancery::keys
