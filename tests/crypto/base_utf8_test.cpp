#include <string>

#include <gtest/gtest.h>

#include "crypto/base/decimal.h"
#include "crypto/base/utf8.h"

namespace chancery {
namespace {

TEST(Utf8, ReadsTheFirstAndLastCharacterOfEachLength) {
    const std::pair<std::string_view, char32_t> cases[] = {
        {std::string_view("\0", 1), 0},
        {"\x7f", 0x7f},
        {"\xc2\x80", 0x80},
        {"\xdf\xbf", 0x7ff},
        {"\xe0\xa0\x80", 0x800},
        {"\xed\x9f\xbf", 0xd7ff},
        {"\xee\x80\x80", 0xe000},
        {"\xef\xbf\xbf", 0xffff},
        {"\xf0\x90\x80\x80", 0x10000},
        {"\xf4\x8f\xbf\xbf", 0x10ffff},
    };
    for (const auto& [text, want] : cases) {
        std::string_view rest = text;
        EXPECT_EQ(take_character(rest), want);
        EXPECT_TRUE(rest.empty());
        EXPECT_TRUE(is_utf8(text));
    }
}

TEST(Utf8, RefusesWhatIsNotWellFormed) {
    for (const std::string_view text : {"\x80",
                                        "\xbf",
                                        "\xc0\x80",
                                        "\xc1\xbf",
                                        "\xe0\x9f\xbf",
                                        "\xf0\x8f\xbf\xbf",
                                        "\xed\xa0\x80",
                                        "\xed\xbf\xbf",
                                        "\xf4\x90\x80\x80",
                                        "\xf5\x80\x80\x80",
                                        "\xf8\x88\x80\x80\x80",
                                        "\xfe",
                                        "\xff",
                                        "\xc2",
                                        "\xe2\x80",
                                        "\xf0\x90\x80",
                                        "\xc2\x41",
                                        "\xe2\x41\x80",
                                        "\xe2\x80\x41"}) {
        std::string_view rest = text;
        EXPECT_EQ(take_character(rest), std::nullopt);
        EXPECT_EQ(rest, text);
        EXPECT_FALSE(is_utf8("well " + std::string(text)));
    }
}

TEST(Utf8, OfNothingIsWellFormed) { EXPECT_TRUE(is_utf8("")); }

TEST(Decimal, ReadsWhatIsWritten) {
    for (const std::uint64_t value : {0ULL, 1ULL, 10ULL, 9'007'199'254'740'991ULL, ~0ULL}) {
        const auto read = from_decimal(std::to_string(value));
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, value);
    }
}

TEST(Decimal, RefusesEveryOtherText) {
    for (const std::string_view text : {"",
                                        "00",
                                        "01",
                                        "+1",
                                        "-1",
                                        "-0",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "0x1",
                                        "a",
                                        "18446744073709551616",
                                        "99999999999999999999"}) {
        EXPECT_FALSE(from_decimal(text)) << text;
    }
}

}  // namespace
}  // namespace chancery
