#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/canonical_writer.h"

namespace chancery::json {
namespace {

TEST(CanonicalWriter, WritesWhatCanonicalWrites) {
    const Bytes bytes = {0, 1, 254, 255};
    const Value document =
        Object{{"a", Array{}},
               {"b", Array{to_hex(bytes), to_hex(Bytes{}), 7, Value(), Object{}}},
               {"c", Object{{"x", to_base64(bytes)}, {"y", Array{Array{1, 2}, Array{}}}}},
               {"d", integer_max}};
    CanonicalWriter out;
    out.begin_object();
    out.name("a").begin_array().end_array();
    out.name("b").begin_array().hex(bytes).hex({}).integer(7).null();
    out.begin_object().end_object().end_array();
    out.name("c").begin_object().name("x").base64(bytes).name("y").begin_array();
    out.begin_array().integer(1).integer(2).end_array().begin_array().end_array();
    out.end_array().end_object();
    out.name("d").integer(static_cast<std::uint64_t>(integer_max));
    out.end_object();
    EXPECT_EQ(out.take(), canonical(document));
}

TEST(CanonicalWriter, EscapesEveryCharacterAsCanonicalDoes) {
    std::vector<std::string> texts = {"", "{", "[", ":", "a\nb\\c\"d", "\x7f", "\xe2\x80\x94 é"};
    for (char character = 0; character < 0x7f; ++character) {
        texts.emplace_back(1, character);
        texts.push_back("before" + std::string(1, character) + "after");
    }
    Array elements;
    CanonicalWriter out;
    out.begin_array();
    for (const std::string& text : texts) {
        elements.emplace_back(text);
        out.text(text);
    }
    out.end_array();
    EXPECT_EQ(out.take(), canonical(elements));
}

TEST(CanonicalWriterDeath, TakesNamesInTheirOrderOnly) {
    EXPECT_DEATH(CanonicalWriter().begin_object().name("b").null().name("a"), "does not hold");
    EXPECT_DEATH(CanonicalWriter().begin_object().name("a").null().name("a"), "does not hold");
    EXPECT_DEATH(CanonicalWriter().name("a"), "does not hold");
    EXPECT_DEATH(CanonicalWriter().begin_object().take(), "does not hold");
    EXPECT_DEATH(CanonicalWriter().integer(std::uint64_t{1} << 53), "does not hold");
}

}  // namespace
}  // namespace chancery::json
