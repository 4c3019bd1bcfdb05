#include <gtest/gtest.h>

#include "crypto/rdf/dataset.h"
#include "tests/support/n_quads.h"

namespace chancery::rdf {
namespace {

using test::blank;
using test::iri;
using test::literal;
using test::tagged;

Quad saying(const Term& object) {
    return {.subject = iri("urn:s"), .predicate = iri("urn:p"), .object = object, .graph = {}};
}

std::string object_text(const Term& object) {
    std::string text;
    append_term(object, text);
    return text;
}

TEST(NQuad, HasOneSpaceAfterEachTerm) {
    Quad quad = saying(iri("urn:o"));
    EXPECT_EQ(to_n_quad(quad), "<urn:s> <urn:p> <urn:o> .\n");
    quad.graph = iri("urn:g");
    EXPECT_EQ(to_n_quad(quad), "<urn:s> <urn:p> <urn:o> <urn:g> .\n");
    quad = {.subject = blank("b0"),
            .predicate = iri("urn:p"),
            .object = blank("b1"),
            .graph = blank("b2")};
    EXPECT_EQ(to_n_quad(quad), "_:b0 <urn:p> _:b1 _:b2 .\n");
}

TEST(NQuad, NamesADatatypeUnlessItIsAString) {
    EXPECT_EQ(object_text(literal("x")), "\"x\"");
    EXPECT_EQ(object_text(literal("")), "\"\"");
    EXPECT_EQ(object_text(literal("1", "urn:t")), "\"1\"^^<urn:t>");
    EXPECT_EQ(object_text(tagged("x", "de-CH")), "\"x\"@de-CH");
}

// Every character of the first two hundred, against Appendix A written out.
TEST(NQuad, EscapesControlsQuotesAndBackslashesOnly) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    for (char c = 0;; ++c) {
        std::string want(1, c);
        if (c < 0x20 || c == 0x7f) {
            const auto byte = static_cast<unsigned char>(c);
            want = std::string("\\u00") + hex[byte >> 4] + hex[byte & 15];
        }
        if (c == '\b') want = "\\b";
        if (c == '\t') want = "\\t";
        if (c == '\n') want = "\\n";
        if (c == '\f') want = "\\f";
        if (c == '\r') want = "\\r";
        if (c == '"') want = "\\\"";
        if (c == '\\') want = "\\\\";
        EXPECT_EQ(object_text(literal("a" + std::string(1, c) + "b")), "\"a" + want + "b\"");
        if (c == 0x7f) break;
    }
}

TEST(NQuad, WritesOtherCharactersAsTheyAre) {
    for (const std::string text :
         {"\u0080", "\u009f", "é", "\u2028", "\ufeff", "\uf600", "\uffef", "\ufffd", "🌃"}) {
        EXPECT_EQ(object_text(literal(text)), "\"" + text + "\"");
    }
}

// XML 1.1's Char leaves them out, and Appendix A goes by it.
TEST(NQuad, EscapesTheTwoNoncharacters) {
    EXPECT_EQ(object_text(literal("\ufffe\uffff")), "\"\\uFFFE\\uFFFF\"");
    EXPECT_EQ(object_text(literal("a\uffffb\uffee")), "\"a\\uFFFFb\uffee\"");
    EXPECT_EQ(object_text(literal("\xef\xbf")), "\"\xef\xbf\"");  // Cut off: not ours to judge.
}

TEST(NQuad, EscapesNothingInAnIri) {
    EXPECT_EQ(object_text(iri("urn:\u00a0é\"{")), "<urn:\u00a0é\"{>");
}

TEST(CheckQuad, TakesWhatNQuadsCanSay) {
    EXPECT_TRUE(check_quad(saying(iri("urn:o"))));
    EXPECT_TRUE(check_quad(saying(blank("x"))));
    EXPECT_TRUE(check_quad(saying(literal("a\n> <\"\\"))));
    EXPECT_TRUE(check_quad(saying(literal("1", "xsd:dateTime"))));
    EXPECT_TRUE(check_quad(saying(tagged("x", "zh-Hant-TW"))));
    EXPECT_TRUE(check_quad(saying(iri("https://a.example/{id}?a|b^c`\""))));
    EXPECT_TRUE(check_quad({blank("a"), iri("urn:p"), blank("b"), blank("c")}));
}

TEST(CheckQuad, RefusesTermsWhereTheyMayNotStand) {
    const Term name = iri("urn:x");
    EXPECT_FALSE(check_quad({literal("x"), name, name, {}}));
    EXPECT_FALSE(check_quad({name, blank("x"), name, {}}));
    EXPECT_FALSE(check_quad({name, literal("x"), name, {}}));
    EXPECT_FALSE(check_quad({name, name, name, literal("x")}));
}

// Any of these in a line would let it be read as another.
TEST(CheckQuad, RefusesIrisThatEndEarlyOrAreEscaped) {
    const Term name = iri("urn:x");
    for (char c = 0; c <= 0x20; ++c)
        EXPECT_FALSE(check_quad(saying(iri("urn:a" + std::string(1, c) + "b")))) << int{c};
    for (const std::string broken : {"", "urn:a> <urn:b", "urn:<", "urn:\\u0041"}) {
        EXPECT_FALSE(check_quad({iri(broken), name, name, {}})) << broken;
        EXPECT_FALSE(check_quad({name, iri(broken), name, {}})) << broken;
        EXPECT_FALSE(check_quad({name, name, iri(broken), {}})) << broken;
        EXPECT_FALSE(check_quad({name, name, name, iri(broken)})) << broken;
        EXPECT_FALSE(check_quad(saying(literal("x", broken)))) << broken;
    }
    EXPECT_EQ(check_quad(saying(iri("a b"))).error(),
              invalid("object: an IRI with a space, a control character, '<', '>' or '\\'"));
}

TEST(CheckQuad, RefusesLanguagesThatAreNone) {
    for (const std::string tag : {"", "e n", "en .", "en\n", "en_GB", "é"})
        EXPECT_FALSE(check_quad(saying(tagged("x", tag)))) << tag;
    Term both = tagged("x", "en");
    both.datatype = xsd_string;
    EXPECT_FALSE(check_quad(saying(both)));
}

TEST(NQuadsReader, ReadsEveryKindOfTerm) {
    const auto read = test::read_n_quads(
        "# a comment\n"
        "\n"
        "_:a.b <urn:\\u00e9> \"\\t\\\"\\U0001F303\"@en-GB . # another\r\n"
        "\t<urn:s><urn:p>\"x\"^^<urn:t>_:g.\n"
        "_:a <urn:p> _:b.");
    ASSERT_TRUE(read) << read.error().detail;
    const Dataset want = {{blank("a.b"), iri("urn:é"), tagged("\t\"🌃", "en-GB"), {}},
                          {iri("urn:s"), iri("urn:p"), literal("x", "urn:t"), blank("g")},
                          {blank("a"), iri("urn:p"), blank("b"), {}}};
    EXPECT_EQ(*read, want);
}

TEST(NQuadsReader, RefusesWhatIsNoQuad) {
    for (const std::string line : {"x",
                                   "<urn:s> <urn:p> <urn:o>",
                                   "<urn:s> <urn:p> .",
                                   "<urn:s> <urn:p> <urn:o> . .",
                                   "<urn:s> <urn:p> <urn:o> <urn:g> <urn:h> .",
                                   "\"s\" <urn:p> <urn:o> .",
                                   "<urn:s> _:p <urn:o> .",
                                   "<urn:s> <urn:p> <urn:o> \"g\" .",
                                   "<urn: s> <urn:p> <urn:o> .",
                                   "<urn:\\n> <urn:p> <urn:o> .",
                                   "<urn:s> <urn:p> \"x .",
                                   "<urn:s> <urn:p> \"\\x\" .",
                                   "<urn:s> <urn:p> \"\\u00g0\" .",
                                   "<urn:s> <urn:p> \"\\ud800\" .",
                                   "<urn:s> <urn:p> \"\\U00110000\" .",
                                   "<urn:s> <urn:p> \"x\"@ .",
                                   "<urn:s> <urn:p> \"x\"@en- .",
                                   "<urn:s> <urn:p> \"x\"^^urn:t .",
                                   "_: <urn:p> <urn:o> .",
                                   "_:-a <urn:p> <urn:o> .",
                                   "<urn:s> <urn:p> \"\xff\" ."}) {
        EXPECT_FALSE(test::read_n_quads(line)) << line;
    }
}

}  // namespace
}  // namespace chancery::rdf
