#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/pathway/component.h"
#include "crypto/pathway/rule.h"
#include "tests/support/vectors.h"

namespace chancery::pathway::rule_test {
namespace {

json::Value vectors() { return test::vector_json("chancery/pathways.json"); }

TEST(PathwayRule, IsTakenWithItsHash) {
    const json::Value all = vectors();
    for (const json::Value& each : test::array_at(all, "accepted")) {
        const auto rule = parse_rule(json::pretty(*each.find("rule")));
        ASSERT_TRUE(rule) << test::text_at(each, "name") << ": " << rule.error().detail;
        EXPECT_EQ(rule->hash, test::unhex32(test::text_at(each, "hash")));
        const std::string multibase = test::text_at(each, "digestMultibase");
        EXPECT_EQ(digest_to_multibase(rule->hash), multibase);
        EXPECT_EQ(*digest_from_multibase(multibase), rule->hash);
    }
}

TEST(PathwayRule, IsRefusedWithThePlace) {
    const json::Value all = vectors();
    for (const json::Value& each : test::array_at(all, "refused")) {
        const auto rule = parse_rule(json::canonical(*each.find("rule")));
        ASSERT_FALSE(rule) << test::text_at(each, "name");
        EXPECT_EQ(rule.error().code, Errc::invalid);
        EXPECT_NE(rule.error().detail.find(test::text_at(each, "says")), std::string::npos)
            << test::text_at(each, "name") << ": " << rule.error().detail;
    }
    EXPECT_FALSE(parse_rule("[]"));
    EXPECT_FALSE(parse_rule(std::string(rule_bytes_max + 1, ' ')));
}

TEST(PathwayRule, SaysWhatItAsksFor) {
    const json::Value all = vectors();
    const auto rule =
        parse_rule(json::canonical(*test::array_at(all, "accepted").at(1).find("rule")));
    ASSERT_TRUE(rule);
    EXPECT_EQ(rule->name, "Data Analyst");
    EXPECT_EQ(rule->condition.required_number, 3U);
    EXPECT_EQ(rule->condition.targets.size(), 4U);
    EXPECT_EQ(rule->condition.issuers.size(), 2U);
    EXPECT_EQ(rule->condition.age_days_max, 1'825U);
    EXPECT_EQ(rule->condition.credits_min, 7'500);
    ASSERT_EQ(rule->condition.conditions.size(), 1U);
    EXPECT_EQ(rule->condition.conditions.front().combination, Operator::any);
    EXPECT_EQ(rule->condition.conditions.front().required_number, 1U);
}

TEST(PathwayRule, RulesThatNeedThemselvesAreRefused) {
    const json::Value all = vectors();
    for (const json::Value& each : test::array_at(all, "sets")) {
        const json::Array& texts = test::array_at(each, "rules");
        std::vector<Rule> rules;
        rules.reserve(texts.size());
        for (const json::Value& one : texts)
            rules.push_back(*parse_rule(json::canonical(one)));
        EXPECT_EQ(bool(check_rules(rules)), *each.find("good")->as_bool())
            << test::text_at(each, "name");
    }
}

TEST(PathwayRule, StandsBesideVersionsAndNotInACircle) {
    const json::Value all = vectors();
    for (const json::Value& each : test::array_at(all, "beside")) {
        std::vector<Rule> rules;
        for (const json::Value& one : test::array_at(each, "rules"))
            rules.push_back(*parse_rule(json::canonical(one)));
        const auto others = std::span(rules).subspan(1);
        EXPECT_EQ(bool(check_beside(rules.front(), others)), *each.find("good")->as_bool())
            << test::text_at(each, "name");
    }
}

TEST(PathwayRule, SaysWhatBecomesOfACertificate) {
    const std::string before = R"({"id":"i","type":"Pathway","issuer":"d","destination":"x",)"
                               R"("condition":{"targetComponent":["y"]})";
    EXPECT_EQ(parse_rule(before + "}")->cascade, Cascade::none);
    for (const Cascade cascade : {Cascade::none, Cascade::warn, Cascade::suspend}) {
        const std::string said = ",\"cascade\":\"" + std::string(name_of(cascade)) + "\"}";
        const auto rule = parse_rule(before + said);
        ASSERT_TRUE(rule) << said;
        EXPECT_EQ(rule->cascade, cascade);
        EXPECT_NE(rule->hash, parse_rule(before + "}")->hash);
    }
}

TEST(PathwayDigest, IsASha256InEitherBase) {
    const std::string base58 = "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";  // Of nothing.
    const Hash empty =
        test::unhex32("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(*digest_from_multibase(base58), empty);
    EXPECT_EQ(*digest_from_multibase("uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"), empty);
    for (const char* const text : {"",
                                   "u",
                                   "EiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ",
                                   "uEyDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ",
                                   "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4",
                                   "u!iDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"})
        EXPECT_FALSE(digest_from_multibase(text)) << text;
}

}  // namespace
}  // namespace chancery::pathway::rule_test
