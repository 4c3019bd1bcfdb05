#include <gtest/gtest.h>

#include "crypto/credential/date_time.h"

namespace chancery::credential {
namespace {

std::optional<std::int64_t> second_of(std::string_view text) {
    const Result<Instant> instant = parse_date_time(text);
    if (!instant) return std::nullopt;
    return instant->second;
}

TEST(DateTime, IsReadWithItsOffset) {
    EXPECT_EQ(second_of("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(second_of("2026-01-01T00:00:00Z"), 1'767'225'600);
    EXPECT_EQ(second_of("2026-01-01T05:30:00+05:30"), 1'767'225'600);
    EXPECT_EQ(second_of("2025-12-31T16:00:00-08:00"), 1'767'225'600);
    EXPECT_EQ(second_of("2026-01-01T00:00:00-00:00"), 1'767'225'600);
    EXPECT_EQ(second_of("1969-12-31T23:59:59Z"), -1);
    EXPECT_EQ(second_of("0000-01-01T00:00:00Z"), -62'167'219'200);
    EXPECT_EQ(second_of("9999-12-31T23:59:59Z"), 253'402'300'799);
    EXPECT_EQ(second_of("2000-02-29T00:00:00Z"), 951'782'400);
}

TEST(DateTime, RoundsFractionsDownAndRemembersThem) {
    EXPECT_EQ(parse_date_time("1970-01-01T00:00:00.000000001Z").value(),
              (Instant{.second = 0, .has_fraction = true}));
    EXPECT_EQ(parse_date_time("1970-01-01T00:00:01.000Z").value(),
              (Instant{.second = 1, .has_fraction = false}));
    EXPECT_EQ(parse_date_time("1969-12-31T23:59:59.9Z").value(),
              (Instant{.second = -1, .has_fraction = true}));
}

TEST(DateTime, IsRefusedInAnyOtherForm) {
    for (const char* bad : {"",
                            "2026-01-01",
                            "2026-01-01T00:00:00",
                            "2026-01-01T00:00Z",
                            "2026-01-01 00:00:00Z",
                            "2026-01-01t00:00:00Z",
                            "2026-01-01T00:00:00z",
                            "2026-01-01T00:00:00Z ",
                            " 2026-01-01T00:00:00Z",
                            "2026-1-01T00:00:00Z",
                            "+026-01-01T00:00:00Z",
                            "-2026-01-01T00:00:00Z",
                            "12026-01-01T00:00:00Z",
                            "2026-00-01T00:00:00Z",
                            "2026-13-01T00:00:00Z",
                            "2026-01-00T00:00:00Z",
                            "2026-01-32T00:00:00Z",
                            "2026-04-31T00:00:00Z",
                            "2026-02-29T00:00:00Z",
                            "1900-02-29T00:00:00Z",
                            "2026-01-01T24:00:00Z",
                            "2026-01-01T00:60:00Z",
                            "2026-01-01T00:00:60Z",
                            "2026-01-01T00:00:00.Z",
                            "2026-01-01T00:00:00.0000000001Z",
                            "2026-01-01T00:00:00,5Z",
                            "2026-01-01T00:00:00+0000",
                            "2026-01-01T00:00:00+24:00",
                            "2026-01-01T00:00:00+00:60",
                            "2026-01-01T00:00:00+00",
                            "2026-01-01T00:00:00+00:00Z",
                            "2026-W01-1T00:00:00Z"}) {
        EXPECT_FALSE(parse_date_time(bad)) << bad;
    }
}

// Day by day through two eras of the calendar, counted by hand.
TEST(DateTime, AgreesWithACalendarCountedDayByDay) {
    const std::array<int, 12> days_of = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::uint64_t day_number = 0;
    for (int year = 1970; year < 2500; ++year) {
        const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; ++month) {
            const int days =
                days_of.at(static_cast<std::size_t>(month - 1)) + (month == 2 && is_leap ? 1 : 0);
            for (int day = 1; day <= days; ++day, ++day_number) {
                const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
                const std::string text =
                    std::to_string(year) + "-" + two(month) + "-" + two(day) + "T12:34:56Z";
                const std::uint64_t second = day_number * 86'400 + 45'296;
                ASSERT_EQ(second_of(text), static_cast<std::int64_t>(second)) << text;
                ASSERT_EQ(to_date_time(second), text);
            }
        }
    }
}

}  // namespace
}  // namespace chancery::credential
