#include <gtest/gtest.h>

#include "crypto/json/fields.h"
#include "crypto/json/parse.h"

namespace chancery::json {
namespace {

Value value_of(std::string_view text) {
    auto value = parse(text);
    CHECK(value);
    return *value;
}

using Read = void (*)(Fields&);

// What finish() says after one reading of "a".
std::string verdict(std::string_view text, Read read) {
    const Value value = value_of(text);
    Fields fields(value, "/at/0");
    read(fields);
    const auto wrong = fields.finish();
    return wrong ? wrong->detail : "";
}

TEST(Fields, ReadsEveryType) {
    const std::string digits(64, 'a');
    const Value value = value_of(R"({"s":"x","i":7,"n":null,"m":8,"b":true,"h":")" + digits +
                                 R"(","d":"AQI=","a":[1],"v":{"k":1}})");
    Fields fields(value);
    EXPECT_EQ(fields.string("s"), "x");
    EXPECT_EQ(fields.integer("i"), 7U);
    EXPECT_EQ(fields.integer_or_null("n"), std::nullopt);
    EXPECT_EQ(fields.integer_or_null("m"), 8U);
    EXPECT_TRUE(fields.boolean("b"));
    EXPECT_EQ(fields.hash("h").front(), 0xaa);
    EXPECT_EQ(fields.base64("d"), (Bytes{1, 2}));
    EXPECT_EQ(fields.array("a").size(), 1U);
    EXPECT_EQ(fields.any("v"), Value(Object{{"k", 1}}));
    EXPECT_EQ(fields.optional("absent"), nullptr);
    EXPECT_FALSE(fields.finish());
}

TEST(Fields, NamesWhatItGotAndWhatItWants) {
    const Read string = [](Fields& fields) { fields.string("a"); };
    const Read integer = [](Fields& fields) { fields.integer("a"); };
    const Read or_null = [](Fields& fields) { fields.integer_or_null("a"); };
    const Read boolean = [](Fields& fields) { fields.boolean("a"); };
    const Read hash = [](Fields& fields) { fields.hash("a"); };
    const Read base64 = [](Fields& fields) { fields.base64("a"); };
    const Read array = [](Fields& fields) { fields.array("a"); };
    const Read any = [](Fields& fields) { fields.any("a"); };

    EXPECT_EQ(verdict(R"({"a":1})", string), "/at/0/a: got integer, want string");
    EXPECT_EQ(verdict(R"({"a":"1"})", integer), "/at/0/a: got string, want integer");
    EXPECT_EQ(verdict(R"({"a":1.0})", integer), "/at/0/a: got fraction, want integer");
    EXPECT_EQ(verdict(R"({"a":-1})", integer), "/at/0/a: got -1, want no negative number");
    EXPECT_EQ(verdict(R"({"a":null})", integer), "/at/0/a: got null, want integer");
    EXPECT_EQ(verdict(R"({"a":true})", or_null), "/at/0/a: got boolean, want integer or null");
    EXPECT_EQ(verdict(R"({"a":0})", boolean), "/at/0/a: got integer, want boolean");
    EXPECT_EQ(verdict(R"({"a":{}})", array), "/at/0/a: got object, want array");
    EXPECT_EQ(verdict(R"({"a":[]})", hash), "/at/0/a: got array, want string");
    EXPECT_NE(verdict(R"({"a":"00"})", hash), "");
    EXPECT_NE(verdict(R"({"a":"AQI"})", base64), "");
    for (const Read read : {string, integer, or_null, boolean, hash, base64, array, any})
        EXPECT_TRUE(verdict("{}", read).starts_with("/at/0/a: missing, want "))
            << verdict("{}", read);
}

TEST(Fields, KeepsTheFirstMistake) {
    const Value value = value_of(R"({"a":1,"b":2})");
    Fields fields(value);
    fields.string("a");
    fields.string("b");
    EXPECT_EQ(fields.finish()->detail, "/a: got integer, want string");
}

TEST(Fields, RefusesNamesNobodyAskedFor) {
    const Value value = value_of(R"({"a":1,"b\n\u00e9":2})");
    Fields fields(value);
    fields.integer("a");
    ASSERT_TRUE(fields.finish());
    EXPECT_EQ(*fields.finish(), (Error{Errc::invalid, "/b???: unknown name"}));
    const Value long_name = Object{{std::string(1000, 'x'), 1}};
    EXPECT_LT(Fields(long_name).finish()->detail.size(), 100U);
}

TEST(Fields, RefusesWhatIsNoObject) {
    const Value value = Array{1};
    Fields fields(value);
    EXPECT_EQ(fields.string("a"), "");
    EXPECT_EQ(fields.finish()->detail, "the document: got array, want object");
    Fields inner(value, "/x");
    EXPECT_EQ(inner.finish()->detail, "/x: got array, want object");
}

TEST(Fields, EscapesPointersAsRfc6901) {
    const Value value = Object{};
    EXPECT_EQ(Fields(value, "/x").pointer("a/b~c"), "/x/a~1b~0c");
}

}  // namespace
}  // namespace chancery::json
