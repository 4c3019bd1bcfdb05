#include <gtest/gtest.h>

#include "crypto/base/decimal.h"
#include "crypto/evm/rlp.h"
#include "tests/support/vectors.h"

namespace chancery::evm {
namespace {

using test::text_at;
using test::unhex;

std::string hex_of_string(ByteView bytes) { return to_hex(RlpWriter().string(bytes).written()); }

// As make_evm.mjs makes them: of the two longest strings the vectors have only how they begin.
Bytes numbered(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t at = 0; at < count; ++at)
        bytes[at] = static_cast<std::uint8_t>(at * 7 + count);
    return bytes;
}

TEST(Rlp, WritesAndReadsWhatEthersWrites) {
    const json::Value file = test::vector_json("evm/evm.json");
    const json::Array& cases = test::array_at(file, "rlp");
    ASSERT_EQ(cases.size(), 19U);
    for (const json::Value& entry : cases) {
        const std::string encoded = text_at(entry, "encoded");
        SCOPED_TRACE(encoded);
        if (entry.find("integer") != nullptr) {
            const auto value = from_decimal(text_at(entry, "integer"));
            ASSERT_TRUE(value);
            EXPECT_EQ(to_hex(RlpWriter().integer(*value).written()), encoded);
            const Bytes bytes = unhex(encoded);
            RlpReader in(bytes);
            EXPECT_EQ(in.integer().value(), *value);
            EXPECT_TRUE(in.at_end());
            continue;
        }
        const json::Value& string = *entry.find("string");
        const Bytes bytes = string.as_string() != nullptr
                                ? unhex(*string.as_string())
                                : numbered(static_cast<std::size_t>(*string.as_integer()));
        const std::string written = hex_of_string(bytes);
        if (string.as_string() != nullptr) {
            EXPECT_EQ(written, encoded);
        } else {
            EXPECT_TRUE(written.starts_with(encoded));
        }
        const Bytes form = unhex(written);
        RlpReader in(form);
        EXPECT_TRUE(equal(in.string().value(), bytes));
        EXPECT_TRUE(in.at_end());
    }
}

// The examples of the Ethereum documentation.
TEST(Rlp, WritesThePublishedExamples) {
    EXPECT_EQ(hex_of_string(bytes_of("dog")), "83646f67");
    EXPECT_EQ(to_hex(RlpWriter()
                         .list(RlpWriter().string(bytes_of("cat")).string(bytes_of("dog")))
                         .written()),
              "c88363617483646f67");
    EXPECT_EQ(hex_of_string({}), "80");
    EXPECT_EQ(to_hex(RlpWriter().list(RlpWriter()).written()), "c0");
    EXPECT_EQ(hex_of_string(bytes_of("Lorem ipsum dolor sit amet, consectetur adipisicing elit")),
              "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572"
              "2061646970697369"
              "63696e6720656c6974");
    const RlpWriter empty = RlpWriter().list(RlpWriter());
    const RlpWriter one = RlpWriter().list(empty);
    RlpWriter three;
    three.list(RlpWriter());
    three.list(empty);
    RlpWriter two;
    two.list(RlpWriter()).list(empty);
    three.list(two);
    EXPECT_EQ(to_hex(RlpWriter().list(three).written()), "c7c0c1c0c3c0c1c0");
}

TEST(Rlp, ReadsEachFormOfTwoBytesInOneWayOrNone) {
    for (unsigned value = 0; value < 65'536; ++value) {
        const Bytes form = {static_cast<std::uint8_t>(value >> 8),
                            static_cast<std::uint8_t>(value)};
        RlpReader in(form);
        const auto string = in.string();
        if (!string || !in.at_end()) continue;
        EXPECT_EQ(RlpWriter().string(*string).written(), form);
    }
}

TEST(Rlp, RefusesFormsThatAreNotTheShortest) {
    const auto reads = [](std::string_view hex) {
        const Bytes form = unhex(hex);
        return RlpReader(form).string().has_value();
    };
    EXPECT_TRUE(reads("8180"));
    EXPECT_FALSE(reads("817f"));                            // Is its own prefix.
    EXPECT_FALSE(reads("b801ff"));                          // Fits a short form.
    EXPECT_FALSE(reads("b837" + std::string(110, '0')));    // 55 bytes.
    EXPECT_TRUE(reads("b838" + std::string(112, '0')));     // 56 bytes.
    EXPECT_FALSE(reads("b90038" + std::string(112, '0')));  // A length that begins with 0.
    EXPECT_FALSE(reads("b8"));                              // Cut off.
    EXPECT_FALSE(reads("b838" + std::string(110, '0')));
    EXPECT_FALSE(reads("8200"));
    EXPECT_FALSE(reads("bfffffffffffffffff"));  // 2^64 − 1 bytes.
    EXPECT_FALSE(reads(""));
    EXPECT_FALSE(reads("c0"));  // A list.
    const auto integer = [](std::string_view hex) {
        const Bytes form = unhex(hex);
        return RlpReader(form).integer().has_value();
    };
    EXPECT_TRUE(integer("80"));
    EXPECT_FALSE(integer("00"));  // 0 is the empty string.
    EXPECT_FALSE(integer("820001"));
    EXPECT_TRUE(integer("88ffffffffffffffff"));
    EXPECT_FALSE(integer("89010000000000000000"));
    const auto list = [](std::string_view hex) {
        const Bytes form = unhex(hex);
        return RlpReader(form).list().has_value();
    };
    EXPECT_TRUE(list("c0"));
    EXPECT_FALSE(list("80"));
    EXPECT_FALSE(list("c1"));
    EXPECT_FALSE(list("f801ff"));
    EXPECT_TRUE(list("f838" + std::string(112, '0')));
}

TEST(Rlp, IntegersOf256BitsStandAtTheRight) {
    Hash value{};
    value.back() = 5;
    EXPECT_EQ(to_hex(RlpWriter().integer(value).written()), "05");
    const Bytes form = {5};
    EXPECT_EQ(RlpReader(form).integer_256().value(), value);
    EXPECT_EQ(to_hex(RlpWriter().integer(Hash{}).written()), "80");
    value.fill(0xff);
    const Bytes widest = RlpWriter().integer(value).written();
    EXPECT_EQ(RlpReader(widest).integer_256().value(), value);
    Bytes wider = {0xa1};
    wider.insert(wider.end(), 33, 0xff);
    EXPECT_FALSE(RlpReader(wider).integer_256());
}

}  // namespace
}  // namespace chancery::evm
