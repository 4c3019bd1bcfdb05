// P-256 signatures with the nonces of RFC 6979.
#include <gtest/gtest.h>

#include "crypto/keys/multikey.h"
#include "crypto/keys/p256_key.h"
#include "tests/support/vectors.h"

namespace chancery::keys::p256_key_test {
namespace {

const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

P256Key key_of(const std::string& secret) {
    return P256Key::from_secret(hash_from_hex(secret).value()).value();
}

// RFC 6979 §A.2.5.
const std::string secret = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
const std::string x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
const std::string y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

TEST(P256Key, SignsAsRfc6979Says) {
    const P256Key key = key_of(secret);
    const auto point = key.public_key().coordinates();
    EXPECT_EQ(to_hex(point.x), x);
    EXPECT_EQ(to_hex(point.y), y);
    EXPECT_EQ(EcdsaPublicKey::from_coordinates(Curve::p256, test::unhex(x), test::unhex(y)).value(),
              key.public_key());
    const auto sample = key.sign(bytes_of("sample"));
    EXPECT_EQ(to_hex(sample),
              "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
              "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    EXPECT_EQ(to_hex(key.sign(bytes_of("test"))),
              "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
              "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
    EXPECT_TRUE(key.public_key().verifies(bytes_of("sample"), sample));
    EXPECT_FALSE(key.public_key().verifies(bytes_of("simple"), sample));
}

TEST(P256Key, ManySecretsAndMessagesVerify) {
    for (std::uint8_t i = 1; i < 32; ++i) {
        Hash bytes{};
        bytes.back() = i;
        const P256Key key = P256Key::from_secret(bytes).value();
        const std::string message(i, 'm');
        EXPECT_TRUE(key.public_key().verifies(bytes_of(message), key.sign(bytes_of(message))));
        EXPECT_EQ(ecdsa_from_multikey(multikey(key.public_key())).value(), key.public_key());
    }
}

TEST(P256Key, SecretsAreBelowTheOrder) {
    Hash largest = hash_from_hex(order).value();
    EXPECT_FALSE(P256Key::from_secret(largest));
    --largest.back();
    EXPECT_TRUE(P256Key::from_secret(largest));
    EXPECT_FALSE(P256Key::from_secret(Hash{}));
}

TEST(P256Key, CoordinatesOffTheCurveAreNoKey) {
    const Bytes good_x = test::unhex(x);
    Bytes bad_y = test::unhex(y);
    bad_y.front() ^= 1U;
    EXPECT_FALSE(EcdsaPublicKey::from_coordinates(Curve::p256, good_x, bad_y));
    EXPECT_FALSE(EcdsaPublicKey::from_coordinates(Curve::p384, good_x, test::unhex(y)));
    EXPECT_FALSE(EcdsaPublicKey::from_coordinates(Curve::p256, good_x, {}));
    // The other y of the same x is another key.
    EXPECT_NE(EcdsaPublicKey::parse(Curve::p256, test::unhex("02" + x)).value(),
              key_of(secret).public_key());
}

}  // namespace
}  // namespace chancery::keys::p256_key_test
