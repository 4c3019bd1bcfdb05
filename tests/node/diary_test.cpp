#include "node/diary.h"

#include <gtest/gtest.h>

#include "crypto/json/parse.h"

namespace chancery::node {
namespace {

TEST(Diary, WritesKeysAndValuesForPeople) {
    EXPECT_EQ(diary_line(false, Level::info, "sealed", {{"height", "12"}, {"size", "40"}}),
              "info sealed height=12 size=40");
}

TEST(Diary, QuotesWhatWouldBreakTheLine) {
    EXPECT_EQ(diary_line(false, Level::warning, "odd", {{"why", "a b"}}),
              "warning odd why=\"a b\"");
    EXPECT_EQ(diary_line(false, Level::warning, "odd", {{"why", ""}}), "warning odd why=\"\"");
    EXPECT_EQ(diary_line(false, Level::warning, "odd", {{"why", "x\ny=z"}}),
              "warning odd why=\"x\\ny=z\"");
}

TEST(Diary, WritesValidJsonForMachinesWhateverTheValue) {
    const std::string line =
        "{" + diary_line(true, Level::error, "halted", {{"why", "he said \"hi\"\n\x01"}}) + "}";
    const auto parsed = json::parse(line);
    ASSERT_TRUE(parsed) << line;
    EXPECT_EQ(*parsed->find("level")->as_string(), "error");
    EXPECT_EQ(*parsed->find("event")->as_string(), "halted");
    EXPECT_EQ(*parsed->find("why")->as_string(), "he said \"hi\"\n\x01");
    EXPECT_EQ(line.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace chancery::node
