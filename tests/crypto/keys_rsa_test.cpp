// RSA keys as strangers write them: one DER form, one Multikey, and no small ones.
#include <gtest/gtest.h>

#include "crypto/keys/multikey.h"
#include "crypto/keys/rsa.h"
#include "tests/support/vectors.h"

namespace chancery::keys::rsa_test {
namespace {

Bytes modulus_of_rfc7515() {
    const json::Value file = test::vector_json("jose/rfc7515.json");
    return from_base64url(test::text_at(*file.find("a2")->find("jwk"), "n")).value();
}

Bytes odd_number(std::size_t bytes, std::uint8_t first) {
    Bytes number(bytes, 0x55);
    number.front() = first;
    return number;
}

TEST(Rsa, AKeyHasOneDerForm) {
    const RsaPublicKey key = RsaPublicKey::parse(modulus_of_rfc7515()).value();
    const Bytes der = key.der();
    EXPECT_EQ(to_hex(ByteView(der).first(9)), "3082010a0282010100");
    EXPECT_EQ(to_hex(ByteView(der).last(5)), "0203010001");
    EXPECT_EQ(RsaPublicKey::from_der(der).value(), key);
    for (std::size_t size = 0; size < der.size(); ++size)
        EXPECT_FALSE(RsaPublicKey::from_der(ByteView(der).first(size))) << size;
    // All but the modulus is fixed; of that any odd number of the size is a key.
    for (std::size_t i = 0; i < der.size(); ++i) {
        if (i >= 8 && i < der.size() - 5) continue;
        Bytes changed = der;
        changed[i] ^= 1U;
        EXPECT_FALSE(RsaPublicKey::from_der(changed)) << i;
    }
    Bytes longer = der;
    longer.push_back(0);
    EXPECT_FALSE(RsaPublicKey::from_der(longer));
}

TEST(Rsa, KeysHave2048To4096Bits) {
    EXPECT_TRUE(RsaPublicKey::parse(odd_number(256, 0x80)));
    EXPECT_TRUE(RsaPublicKey::parse(odd_number(512, 0xff)));
    for (const Bytes& wrong : {odd_number(256, 0x7f),
                               odd_number(513, 0x01),
                               odd_number(257, 0x00),
                               odd_number(255, 0xff),
                               Bytes()})
        EXPECT_FALSE(RsaPublicKey::parse(wrong)) << wrong.size();
    Bytes even = odd_number(256, 0x80);
    even.back() = 0x54;
    EXPECT_EQ(RsaPublicKey::parse(even).error().detail, "RSA key has an even modulus");
    EXPECT_EQ(RsaPublicKey::parse(odd_number(256, 0x7f)).error().detail,
              "RSA key has 2047 bits, want 2048 to 4096");
}

TEST(Rsa, AMultikeyIsReadAsItIsWritten) {
    for (const Bytes& modulus :
         {modulus_of_rfc7515(), odd_number(512, 0xff), odd_number(257, 0x01)}) {
        const RsaPublicKey key = RsaPublicKey::parse(modulus).value();
        const std::string text = multikey(key);
        EXPECT_EQ(rsa_from_multikey(text).value(), key);
        EXPECT_FALSE(ecdsa_from_multikey(text));
        EXPECT_FALSE(rsa_from_multikey(text + "2"));
    }
    EXPECT_TRUE(multikey(RsaPublicKey::parse(modulus_of_rfc7515()).value()).starts_with("z4MX"));
    EXPECT_FALSE(rsa_from_multikey("z" + std::string(1'025, '2')));
}

}  // namespace
}  // namespace chancery::keys::rsa_test
