#include <map>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"

namespace chancery {
namespace {

// A byte string for each length, its bits without a pattern that repeats.
Bytes sample(std::size_t length) {
    Bytes bytes(length);
    std::uint32_t state = static_cast<std::uint32_t>(length) * 2654435761U + 1;
    for (std::uint8_t& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24);
    }
    return bytes;
}

// The definition of RFC 4648 §4: the bits in one row, cut into sixes, zeros at the end.
std::string base64_by_definition(ByteView bytes, std::string_view digits) {
    std::string bits;
    for (const std::uint8_t byte : bytes) {
        for (int bit = 7; bit >= 0; --bit)
            bits.push_back((byte >> bit & 1) == 1 ? '1' : '0');
    }
    while (bits.size() % 6 != 0)
        bits.push_back('0');
    std::string text;
    for (std::size_t i = 0; i < bits.size(); i += 6)
        text.push_back(digits[std::stoul(bits.substr(i, 6), nullptr, 2)]);
    return text;
}

// Base58 as written division: the number's remainders by 58, with a 1 for each leading zero byte.
std::string base58_by_definition(Bytes number) {
    constexpr std::string_view digits =
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    const auto zeros = static_cast<std::size_t>(
        std::ranges::find_if(number, [](std::uint8_t byte) { return byte != 0; }) - number.begin());
    std::string text;
    while (std::ranges::any_of(number, [](std::uint8_t byte) { return byte != 0; })) {
        unsigned remainder = 0;
        for (std::uint8_t& byte : number) {
            const unsigned dividend = remainder * 256 + byte;
            byte = static_cast<std::uint8_t>(dividend / 58);
            remainder = dividend % 58;
        }
        text.insert(text.begin(), digits[remainder]);
    }
    return std::string(zeros, '1') + text;
}

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct Rfc4648Case {
    std::string_view bytes, base64, hex;
};

TEST(Encoding, AgreesWithRfc4648) {
    constexpr std::array<Rfc4648Case, 7> cases = {{{"", "", ""},
                                                   {"f", "Zg==", "66"},
                                                   {"fo", "Zm8=", "666f"},
                                                   {"foo", "Zm9v", "666f6f"},
                                                   {"foob", "Zm9vYg==", "666f6f62"},
                                                   {"fooba", "Zm9vYmE=", "666f6f6261"},
                                                   {"foobar", "Zm9vYmFy", "666f6f626172"}}};
    for (const Rfc4648Case& entry : cases) {
        const ByteView bytes = bytes_of(entry.bytes);
        EXPECT_EQ(to_base64(bytes), entry.base64);
        EXPECT_EQ(to_base64url(bytes), entry.base64.substr(0, entry.base64.find('=')));
        EXPECT_EQ(to_hex(bytes), entry.hex);
        EXPECT_TRUE(equal(*from_base64(entry.base64), bytes));
        EXPECT_TRUE(equal(*from_hex(entry.hex), bytes));
    }
}

TEST(Encoding, AgreesWithTheDraftOfBase58) {
    const std::map<std::string, Bytes> cases = {
        {"2NEpo7TZRRrLZSi2U", {'H', 'e', 'l', 'l', 'o', ' ', 'W', 'o', 'r', 'l', 'd', '!'}},
        {"11233QC4", {0x00, 0x00, 0x28, 0x7f, 0xb4, 0xcd}},
        {"", {}},
        {"1", {0}},
        {"111", {0, 0, 0}},
        {"2", {1}},
        {"z", {57}},
        {"21", {58}}};
    for (const auto& [text, bytes] : cases) {
        EXPECT_EQ(to_base58(bytes), text);
        EXPECT_EQ(*from_base58(text), bytes);
    }
}

TEST(Encoding, AgreesWithItsDefinitionsAndReadsItselfBack) {
    for (std::size_t length = 0; length <= 90; ++length) {
        const Bytes bytes = sample(length);
        const std::string padding((3 - length % 3) % 3, '=');
        EXPECT_EQ(to_base64(bytes), base64_by_definition(bytes, base64_digits) + padding);
        EXPECT_EQ(to_base64url(bytes), base64_by_definition(bytes, base64url_digits));
        EXPECT_EQ(to_base58(bytes), base58_by_definition(bytes));
        EXPECT_EQ(*from_hex(to_hex(bytes)), bytes);
        EXPECT_EQ(*from_base64(to_base64(bytes)), bytes);
        EXPECT_EQ(*from_base64url(to_base64url(bytes)), bytes);
        EXPECT_EQ(*from_base58(to_base58(bytes)), bytes);
    }
}

TEST(Encoding, KeepsLeadingZerosInBase58) {
    for (std::size_t zeros = 0; zeros <= 40; ++zeros) {
        Bytes bytes(zeros, 0);
        EXPECT_EQ(to_base58(bytes), std::string(zeros, '1'));
        bytes.push_back(1);
        EXPECT_EQ(*from_base58(to_base58(bytes)), bytes);
    }
}

// Every text of up to four characters from an alphabet that holds good and bad ones; gives how
// many of them were read.
template <typename Encode, typename Decode>
std::size_t read_without_second_spelling(Encode encode, Decode decode, std::string_view alphabet) {
    std::size_t read_count = 0;
    std::size_t text_count = 1;
    for (std::size_t length = 1; length <= 4; ++length) {
        text_count *= alphabet.size();
        for (std::size_t number = 0; number < text_count; ++number) {
            std::string text;
            for (std::size_t rest = number; text.size() < length; rest /= alphabet.size())
                text.push_back(alphabet[rest % alphabet.size()]);
            const auto bytes = decode(text);
            if (!bytes) continue;
            EXPECT_EQ(encode(*bytes), text);
            ++read_count;
        }
    }
    return read_count;
}

TEST(Encoding, HasOneTextForEachValue) {
    const std::string_view alphabet = "AQgw/+_-=z19 \n\xc3";
    EXPECT_GT(read_without_second_spelling(to_base64, from_base64, alphabet), 1000U);
    EXPECT_GT(read_without_second_spelling(to_base64url, from_base64url, alphabet), 1000U);
    EXPECT_GT(read_without_second_spelling(to_base58, from_base58, alphabet), 1000U);
    EXPECT_GT(read_without_second_spelling(to_hex, from_hex, "09afAFgG \n"), 200U);
}

TEST(Encoding, RefusesEveryCharacterOutsideItsAlphabet) {
    for (unsigned code = 0; code < 256; ++code) {
        const char character = static_cast<char>(code);
        const std::string twice(2, character);
        const std::string four(4, character);
        const bool is_hex = std::string_view("0123456789abcdef").find(character) < 16;
        const bool is_base64 = base64_digits.find(character) < 64;
        const bool is_base64url = base64url_digits.find(character) < 64;
        const bool is_base58 =
            (is_base64 && std::string_view("0OIl+/").find(character) == std::string_view::npos);
        EXPECT_EQ(from_hex(twice).has_value(), is_hex) << code;
        EXPECT_EQ(from_base64(four).has_value(), is_base64) << code;
        EXPECT_EQ(from_base64url(four).has_value(), is_base64url) << code;
        EXPECT_EQ(from_base58(twice).has_value(), is_base58) << code;
    }
}

TEST(Encoding, RefusesEveryOtherSpellingOfBase64) {
    for (const char* text : {"Z",
                             "Zg",
                             "Zg=",
                             "Zg===",
                             "Zg==Zg==",
                             "Zh==",
                             "Zm9=",
                             "Zm9v=",
                             "====",
                             "=",
                             "==",
                             "Zg==\n",
                             " Zg==",
                             "Z=g=",
                             "Zm8",
                             "Zm9vYh==",
                             "A===",
                             "Zg= ="}) {
        const auto bytes = from_base64(text);
        ASSERT_FALSE(bytes) << text;
        EXPECT_EQ(bytes.error().code, Errc::invalid);
    }
    for (const char* text : {"Z", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9vY", "Zm9v=", "+A", "/w"})
        EXPECT_FALSE(from_base64url(text)) << text;
}

TEST(Encoding, RefusesHexOfOddLengthOrUpperCase) {
    for (const char* text : {"0", "000", "0A", "A0", "0x", "0 ", " 0", "g0"})
        EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Encoding, TakesHashesOfThirtyTwoBytesOnly) {
    for (std::size_t length = 0; length <= 70; ++length) {
        const Bytes bytes = sample(length);
        EXPECT_EQ(hash_from_hex(to_hex(bytes)).has_value(), length == 32) << length;
        EXPECT_EQ(hash_from_base64(to_base64(bytes)).has_value(), length == 32) << length;
    }
    EXPECT_FALSE(hash_from_hex(std::string(64, 'A')));
    EXPECT_FALSE(hash_from_base64(std::string(44, 'A')));
}

TEST(Encoding, RefusesLongBase58) {
    EXPECT_TRUE(from_base58(std::string(144, '1')));
    EXPECT_TRUE(from_base58(std::string(144, 'z')));
    EXPECT_FALSE(from_base58(std::string(145, '1')));
    EXPECT_FALSE(from_base58(std::string(1'000'000, 'z')));
    EXPECT_TRUE(from_long_base58(std::string(1'024, 'z')));
    EXPECT_FALSE(from_long_base58(std::string(1'025, '1')));
    EXPECT_DEATH(to_base58(Bytes(1'025)), "base58_characters_max");
}

}  // namespace
}  // namespace chancery
