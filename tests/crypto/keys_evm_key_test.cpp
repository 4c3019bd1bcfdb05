#include <gtest/gtest.h>

#include "crypto/hash/keccak256.h"
#include "crypto/keys/evm_key.h"
#include "tests/support/vectors.h"

namespace chancery::keys {
namespace {

using test::array_at;
using test::text_at;
using test::unhex;
using test::unhex32;

constexpr std::string_view order_hex =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view half_order_hex =
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

EvmKey evm_key_of(std::string_view secret) {
    auto key = EvmKey::from_secret(unhex32(secret));
    CHECK(key);
    return *key;
}

// order − value, big-endian.
Hash below_order(const Hash& value) {
    Hash difference = unhex32(order_hex);
    int borrow = 0;
    for (std::size_t at = difference.size(); at-- > 0;) {
        const int digit = difference.at(at) - value.at(at) - borrow;
        borrow = digit < 0 ? 1 : 0;
        difference.at(at) = static_cast<std::uint8_t>(digit);
    }
    return difference;
}

TEST(EvmKey, HasTheAddressAndPointThatEthersGives) {
    const json::Value file = test::vector_json("evm/evm.json");
    const json::Array& cases = array_at(file, "keys");
    ASSERT_EQ(cases.size(), 6U);
    for (const json::Value& entry : cases) {
        const EvmKey key = evm_key_of(text_at(entry, "secret"));
        EXPECT_EQ(key.address().text(), text_at(entry, "address"));
        EXPECT_EQ(to_hex(key.public_point()), text_at(entry, "point"));
    }
}

TEST(EvmKey, RefusesSecretsOutsideTheGroup) {
    EXPECT_FALSE(EvmKey::from_secret(Hash{}));
    EXPECT_FALSE(EvmKey::from_secret(unhex32(order_hex)));
    Hash above;
    above.fill(0xff);
    EXPECT_FALSE(EvmKey::from_secret(above));
}

TEST(EvmKey, SignsPersonalMessagesByteForByteAsEthersDoes) {
    const json::Value file = test::vector_json("evm/evm.json");
    const json::Array& cases = array_at(file, "personal");
    ASSERT_EQ(cases.size(), 5U);
    for (const json::Value& entry : cases) {
        const EvmKey key = evm_key_of(text_at(entry, "secret"));
        const Bytes message = unhex(text_at(entry, "message"));
        EXPECT_EQ(to_hex(personal_message_hash(message)), text_at(entry, "hash"));
        EXPECT_EQ(to_hex(key.sign_personal(message)), text_at(entry, "signature"));
        EXPECT_TRUE(evm_signed(key.address(), message, unhex(text_at(entry, "signature"))));
    }
}

TEST(EvmKey, RecoversItsOwnAddressFromWhatItSigned) {
    const EvmKey key = evm_key_of(std::string(62, '0') + "2a");
    for (std::uint8_t at = 0; at < 32; ++at) {
        const Hash hash = keccak256(Bytes{at});
        const auto signer = recover_evm_address(hash, key.sign(hash));
        ASSERT_TRUE(signer);
        EXPECT_EQ(*signer, key.address());
    }
}

TEST(EvmKey, RecoversAnotherAddressOrNoneFromAnythingAltered) {
    const EvmKey key = evm_key_of(std::string(62, '0') + "2a");
    const Hash hash = keccak256(bytes_of("anchor"));
    const EvmSignature good = key.sign(hash);
    const auto is_key = [&](const Hash& about, const EvmSignature& signature) {
        const auto signer = recover_evm_address(about, signature);
        return signer && *signer == key.address();
    };
    ASSERT_TRUE(is_key(hash, good));
    for (std::size_t bit = 0; bit < 256; ++bit) {
        const auto flipped = [bit](Hash value) {
            value.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
            return value;
        };
        EXPECT_FALSE(is_key(flipped(hash), good)) << bit;
        EXPECT_FALSE(is_key(hash, {flipped(good.r), good.s, good.y_parity})) << bit;
        EXPECT_FALSE(is_key(hash, {good.r, flipped(good.s), good.y_parity})) << bit;
    }
    EXPECT_FALSE(is_key(hash, {good.r, good.s, static_cast<std::uint8_t>(1 - good.y_parity)}));
}

TEST(EvmKey, RefusesSignaturesThatAreNotTheOneForm) {
    const EvmKey key = evm_key_of(std::string(62, '0') + "2a");
    const Hash hash = keccak256(bytes_of("anchor"));
    const EvmSignature good = key.sign(hash);
    const auto code_of = [&](const EvmSignature& signature) {
        const auto signer = recover_evm_address(hash, signature);
        return signer ? "recovered" : std::string(name_of(signer.error().code));
    };
    const Hash too_large = unhex32(order_hex);
    EXPECT_EQ(code_of({Hash{}, good.s, good.y_parity}), "forbidden");
    EXPECT_EQ(code_of({good.r, Hash{}, good.y_parity}), "forbidden");
    EXPECT_EQ(code_of({too_large, good.s, good.y_parity}), "forbidden");
    EXPECT_EQ(code_of({good.r, too_large, good.y_parity}), "forbidden");
    EXPECT_EQ(code_of({good.r, good.s, 2}), "forbidden");
    // The other signature of the same message, which any stranger can make.
    const auto high = static_cast<std::uint8_t>(1 - good.y_parity);
    EXPECT_EQ(code_of({good.r, below_order(good.s), high}), "forbidden");
}

TEST(EvmKey, SignsWithTheLowerOfTheTwoS) {
    const EvmKey key = evm_key_of(std::string(62, '0') + "2a");
    for (std::uint8_t at = 0; at < 64; ++at) {
        EXPECT_LE(key.sign(keccak256(Bytes{at})).s, unhex32(half_order_hex));
    }
}

TEST(EvmKey, PersonalSignaturesHaveOneLengthAndAnOldV) {
    const EvmKey key = evm_key_of(std::string(62, '0') + "2a");
    const ByteView message = bytes_of("possession");
    const Bytes good = key.sign_personal(message);
    ASSERT_TRUE(evm_signed(key.address(), message, good));
    for (std::size_t v = 0; v < 256; ++v) {
        Bytes altered = good;
        altered.back() = static_cast<std::uint8_t>(v);
        EXPECT_EQ(evm_signed(key.address(), message, altered), altered == good) << v;
    }
    EXPECT_FALSE(evm_signed(key.address(), message, ByteView(good).first(64)));
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_FALSE(evm_signed(key.address(), message, longer));
    EXPECT_FALSE(evm_signed(key.address(), message, {}));
    EXPECT_FALSE(evm_signed(key.address(), bytes_of("possessioN"), good));
    EXPECT_FALSE(evm_signed(evm_key_of(std::string(62, '0') + "2b").address(), message, good));
}

TEST(EvmAddress, HasOneText) {
    const std::string text = "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23";
    const auto address = EvmAddress::parse(text);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->text(), text);
    for (const std::string_view wrong : {"",
                                         "0x",
                                         "2c7536e3605d9c16a7a3d7b1898e529396a65c23",
                                         "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23",
                                         "0X2c7536e3605d9c16a7a3d7b1898e529396a65c23",
                                         "0x2c7536e3605d9c16a7a3d7b1898e529396a65c2",
                                         "0x2c7536e3605d9c16a7a3d7b1898e529396a65c2300",
                                         "0x2c7536e3605d9c16a7a3d7b1898e529396a65cg3"}) {
        EXPECT_FALSE(EvmAddress::parse(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace chancery::keys
