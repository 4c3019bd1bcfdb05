#include <limits>

#include <gtest/gtest.h>

#include "crypto/json/value.h"

namespace chancery::json {
namespace {

TEST(Value, KnowsItsType) {
    EXPECT_EQ(type_name(Value()), "null");
    EXPECT_EQ(type_name(Value(false)), "boolean");
    EXPECT_EQ(type_name(Value(1)), "integer");
    EXPECT_EQ(type_name(Value::fraction(1)), "fraction");
    EXPECT_EQ(type_name(Value("1")), "string");
    EXPECT_EQ(type_name(Value(Array{})), "array");
    EXPECT_EQ(type_name(Value(Object{})), "object");
    EXPECT_TRUE(Value().is_null());
    EXPECT_FALSE(Value(0).is_null());
    EXPECT_EQ(Value(1).as_fraction(), nullptr);
    EXPECT_EQ(Value::fraction(1).as_integer(), nullptr);
    EXPECT_EQ(Value(true).as_integer(), nullptr);
}

TEST(Value, TakesIntegersWithinTheirRangeOnly) {
    EXPECT_EQ(*Value(std::int64_t{-5}).as_integer(), -5);
    EXPECT_EQ(*Value(std::uint64_t{5}).as_integer(), 5);
    EXPECT_EQ(*Value(7U).as_integer(), 7);
    EXPECT_EQ(*Value(integer_max).as_integer(), integer_max);
    EXPECT_DEATH(Value(integer_max + 1), "integer_max");
    EXPECT_DEATH(Value(-integer_max - 1), "integer_max");
    EXPECT_DEATH(Value(std::uint64_t{1} << 63), "integer_max");
    EXPECT_DEATH(static_cast<void>(Value::fraction(std::numeric_limits<double>::infinity())),
                 "isfinite");
    EXPECT_DEATH(static_cast<void>(Value::fraction(std::numeric_limits<double>::quiet_NaN())),
                 "isfinite");
}

TEST(Value, FindsSetsAndErasesMembers) {
    Value value = Object{{"a", 1}, {"b", 2}};
    value.set("b", "two");
    value.set("c", Array{1});
    value.erase("a");
    value.erase("absent");
    EXPECT_EQ(value, Value(Object{{"b", "two"}, {"c", Array{1}}}));
    EXPECT_EQ(value.find("a"), nullptr);
    EXPECT_EQ(*value.find("b")->as_string(), "two");
    EXPECT_EQ(Value(Array{}).find("a"), nullptr);
    *value.find("b") = Value();
    EXPECT_TRUE(value.find("b")->is_null());
    EXPECT_DEATH(Value(1).set("a", 1), "members != nullptr");
    EXPECT_DEATH(Value(1).erase("a"), "members != nullptr");
}

TEST(Value, ComparesByTypeContentAndOrder) {
    EXPECT_EQ(Value(Array{1, "x", Value()}), Value(Array{1, "x", Value()}));
    EXPECT_NE(Value(1), Value::fraction(1));
    EXPECT_NE(Value(), Value(false));
    EXPECT_NE(Value(Object{{"a", 1}, {"b", 2}}), Value(Object{{"b", 2}, {"a", 1}}));
}

}  // namespace
}  // namespace chancery::json
