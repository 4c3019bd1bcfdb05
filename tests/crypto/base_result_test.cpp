#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "crypto/base/result.h"

namespace chancery {
namespace {

TEST(Result, HoldsAValueOrAnError) {
    const Result<int> good = 7;
    EXPECT_TRUE(good);
    EXPECT_EQ(*good, 7);
    EXPECT_EQ(good.value(), 7);
    const Result<int> bad = Error{Errc::conflict, "moved on"};
    EXPECT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error(), (Error{Errc::conflict, "moved on"}));
}

TEST(Result, MovesItsValueOut) {
    Result<std::unique_ptr<int>> made = std::make_unique<int>(3);
    EXPECT_EQ(**made, 3);
    const std::unique_ptr<int> taken = std::move(made).value();
    EXPECT_EQ(*taken, 3);
    Result<std::string> text = std::string("x");
    text->push_back('y');
    EXPECT_EQ(*std::move(text), "xy");
}

TEST(Result, OfNothingHoldsNothingOrAnError) {
    const Result<void> good;
    EXPECT_TRUE(good);
    const Result<void> bad = Error{Errc::io, "disk"};
    EXPECT_FALSE(bad);
    EXPECT_EQ(bad.error().code, Errc::io);
}

TEST(Result, ChecksThatTheAskedSideIsThere) {
    const Result<int> good = 7;
    const Result<int> bad = Error{};
    const Result<void> nothing;
    EXPECT_DEATH(static_cast<void>(*bad), "CHECK\\(has_value\\(\\)\\) does not hold");
    EXPECT_DEATH(static_cast<void>(good.error()), "CHECK\\(!has_value\\(\\)\\) does not hold");
    EXPECT_DEATH(static_cast<void>(nothing.error()), "CHECK\\(error_\\) does not hold");
}

TEST(Errc, EachHasItsOwnName) {
    std::set<std::string_view> names;
    for (const Errc code : {Errc::invalid,
                            Errc::forbidden,
                            Errc::not_found,
                            Errc::conflict,
                            Errc::unavailable,
                            Errc::timeout,
                            Errc::corrupt,
                            Errc::io}) {
        names.insert(name_of(code));
    }
    EXPECT_EQ(names.size(), 8U);
    EXPECT_EQ(name_of(Errc::not_found), "not_found");
}

}  // namespace
}  // namespace chancery
