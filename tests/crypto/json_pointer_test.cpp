#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "crypto/json/pointer.h"

namespace chancery::json::pointer_test {
namespace {

// The document and the pointers of RFC 6901 §5.
Value example() {
    return *parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6,)"
                  R"(" ":7,"m~n":8})");
}

TEST(JsonPointer, FindsWhatTheRfcFinds) {
    const Value document = example();
    EXPECT_EQ(at(document, ""), &document);
    EXPECT_EQ(*at(document, "/foo/0"), Value("bar"));
    const std::vector<std::string> rising = {
        "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"};
    for (std::size_t i = 0; i < rising.size(); ++i) {
        const Value* const found = at(document, rising[i]);
        ASSERT_NE(found, nullptr) << rising[i];
        EXPECT_EQ(*found, Value(std::uint64_t{i})) << rising[i];
    }
}

TEST(JsonPointer, FindsNothingElsewhere) {
    const Value document = example();
    for (const char* const pointer : {"foo",
                                      "/foo/2",
                                      "/foo/-",
                                      "/foo/01",
                                      "/foo/0/0",
                                      "/a/b",
                                      "/m~n",
                                      "/m~2n",
                                      "/m~",
                                      "/none"})
        EXPECT_EQ(at(document, pointer), nullptr) << pointer;
}

TEST(JsonPointer, StepsAreEscapedAndFoundAgain) {
    const Value document = example();
    EXPECT_EQ(step("", "a/b"), "/a~1b");
    EXPECT_EQ(step("/x", "m~n"), "/x/m~0n");
    EXPECT_EQ(step(step("", "foo"), std::size_t{1}), "/foo/1");
    for (const Member& member : *document.as_object())
        EXPECT_EQ(at(document, step("", member.name)), &member.value) << member.name;
}

TEST(JsonPointer, ErasesMembersAndElements) {
    Value document = example();
    EXPECT_TRUE(erase_at(document, "/foo/0"));
    EXPECT_EQ(*at(document, "/foo/0"), Value("baz"));
    EXPECT_TRUE(erase_at(document, "/a~1b"));
    EXPECT_EQ(at(document, "/a~1b"), nullptr);
    const Value before = document;
    for (const char* const pointer : {"", "/none", "/foo/1", "foo"})
        EXPECT_FALSE(erase_at(document, pointer)) << pointer;
    EXPECT_EQ(document, before);
}

}  // namespace
}  // namespace chancery::json::pointer_test
