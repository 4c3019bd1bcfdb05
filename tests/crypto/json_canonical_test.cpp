#include <bit>

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "tests/support/vectors.h"

namespace chancery::json {
namespace {

using test::vector_text;

TEST(Canonical, WritesTheFilesOfRfc8785) {
    for (const std::string name :
         {"arrays", "french", "structures", "unicode", "values", "weird"}) {
        const auto value = parse(vector_text("jcs/input/" + name + ".json"));
        ASSERT_TRUE(value) << name << ": " << value.error().detail;
        EXPECT_EQ(canonical(*value), vector_text("jcs/output/" + name + ".json")) << name;
    }
}

TEST(Canonical, WritesTenThousandNumbersAsEcmaScript) {
    std::size_t count = 0;
    for (const std::string& line : test::lines_of(vector_text("jcs/es6numbers-10000.txt"))) {
        const auto parts = test::split(line, ',');
        ASSERT_EQ(parts.size(), 2U) << line;
        const double number = std::bit_cast<double>(std::stoull(parts[0], nullptr, 16));
        EXPECT_EQ(canonical(Value::fraction(number)), parts[1]) << line;
        ++count;
    }
    EXPECT_EQ(count, 10'000U);
}

TEST(Canonical, WritesWholeFractionsWithoutAPoint) {
    EXPECT_EQ(canonical(*parse("[1.0, 1e3, 1E+2, 5e-1, 1e21, 1e20, 0.0]")),
              "[1,1000,100,0.5,1e+21,100000000000000000000,0]");
}

TEST(Canonical, WritesTheLargestIntegers) {
    EXPECT_EQ(canonical(Value(integer_max)), "9007199254740991");
    EXPECT_EQ(canonical(Value(-integer_max)), "-9007199254740991");
    EXPECT_EQ(canonical(Value(0)), "0");
}

// The first place where a code point's order in UTF-8 and in UTF-16 differ.
std::u16string utf16(char32_t point) {
    if (point < 0x10000) return {static_cast<char16_t>(point)};
    return {static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10)),
            static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff))};
}

std::string utf8(char32_t point) {
    const auto tail = [point](unsigned shift) {
        return static_cast<char>(0x80 | (point >> shift & 0x3f));
    };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xc0 | point >> 6), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xe0 | point >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0)};
}

TEST(Canonical, SortsNamesByUtf16CodeUnits) {
    const std::vector<char32_t> points = {'"',
                                          'a',
                                          0x7f,
                                          0x80,
                                          0x7ff,
                                          0x800,
                                          0xd7ff,
                                          0xe000,
                                          0xefff,
                                          0xf000,
                                          0xfb33,
                                          0xffff,
                                          0x10000,
                                          0x1f602,
                                          0x3ffff,
                                          0x40000,
                                          0x10ffff};
    for (const char32_t a : points) {
        for (const char32_t b : points) {
            if (a == b) continue;
            const std::string first = "x" + utf8(a);
            const std::string second = "x" + utf8(b);
            const Value value = Object{{first, 1}, {second, 2}};
            const Value sorted = utf16(a) < utf16(b) ? Object{{first, 1}, {second, 2}}
                                                     : Object{{second, 2}, {first, 1}};
            const auto read = parse(canonical(value));
            ASSERT_TRUE(read);
            EXPECT_EQ(*read, sorted) << std::hex << unsigned{a} << ' ' << unsigned{b};
        }
    }
}

TEST(Canonical, EscapesOnlyWhatItMust) {
    EXPECT_EQ(canonical(Value("\b\t\n\f\r\"\\/\x01\x1f\x7f é <&")),
              "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\\u001f\x7f é <&\"");
}

TEST(Pretty, IndentsByTwoAndKeepsTheOrder) {
    const Value value = Object{{"b", Array{1, Value(), true}}, {"a", Object{}}, {"c", Array{}}};
    EXPECT_EQ(pretty(value),
              "{\n  \"b\": [\n    1,\n    null,\n    true\n  ],\n  \"a\": {},\n  \"c\": []\n}\n");
    EXPECT_EQ(pretty(Value("x")), "\"x\"\n");
}

}  // namespace
}  // namespace chancery::json
