#include "crypto/credential/date_time.h"

#include <optional>

#include "crypto/base/ascii.h"

namespace chancery::credential {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t days_per_era = 146'097;  // 400 years.
constexpr std::size_t decimals_max = 9;

// The civil calendar with years that begin in March, so that the leap day is the last.
// Source: H. Hinnant, "chrono-compatible low-level date algorithms".
struct Day {
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
};

std::int64_t days_since_1970(const Day& date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    constexpr std::int64_t days_to_1970 = 719'468;
    return era * days_per_era + day_of_era - days_to_1970;
}

Day day_of(std::int64_t days) {
    constexpr std::int64_t days_to_1970 = 719'468;
    const std::int64_t shifted = days + days_to_1970;
    const std::int64_t era = shifted / days_per_era;
    const std::int64_t day_of_era = shifted % days_per_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
            .month = month,
            .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t days_in(std::int64_t year, std::int64_t month) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Takes fixed-width numbers and marks off a text, remembering that one was not there.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    std::int64_t number(std::size_t digits) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!next_is_digit()) {
                is_wrong_ = true;
                return 0;
            }
            value = value * 10 + (take() - '0');
        }
        return value;
    }

    void mark(char wanted) {
        if (!take_if(wanted)) is_wrong_ = true;
    }

    bool take_if(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool next_is_digit() const { return !rest_.empty() && is_digit(rest_.front()); }

    char take() {
        if (rest_.empty()) {
            is_wrong_ = true;
            return '\0';
        }
        const char taken = rest_.front();
        rest_.remove_prefix(1);
        return taken;
    }

    bool is_done() const { return !is_wrong_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool is_wrong_ = false;
};

// The decimals after a dot: whether one of them is not zero; nullopt unless there are 1 to 9.
std::optional<bool> fraction_of(Scanner& in) {
    bool has_fraction = false;
    std::size_t decimals = 0;
    for (; in.next_is_digit(); ++decimals)
        has_fraction |= in.take() != '0';
    if (decimals == 0 || decimals > decimals_max) return std::nullopt;
    return has_fraction;
}

// Seconds east of UTC; nullopt unless Z or ±HH:MM.
std::optional<std::int64_t> offset_of(Scanner& in) {
    const char sign = in.take();
    if (sign == 'Z') return 0;
    if (sign != '+' && sign != '-') return std::nullopt;
    const std::int64_t hours = in.number(2);
    in.mark(':');
    const std::int64_t minutes = in.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    const std::int64_t seconds = (hours * 60 + minutes) * 60;
    return sign == '+' ? seconds : -seconds;
}

std::string padded(std::int64_t value, std::size_t digits) {
    std::string text = std::to_string(value);
    if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    return text;
}

}  // namespace

Result<Instant> parse_date_time(std::string_view text) {
    const Error refused{Errc::invalid, "date is not of the form 2026-01-01T00:00:00Z or +00:00"};
    Scanner in(text);
    Day date;
    date.year = in.number(4);
    in.mark('-');
    date.month = in.number(2);
    in.mark('-');
    date.day = in.number(2);
    in.mark('T');
    const std::int64_t hour = in.number(2);
    in.mark(':');
    const std::int64_t minute = in.number(2);
    in.mark(':');
    const std::int64_t second = in.number(2);
    std::optional<bool> has_fraction = false;
    if (in.take_if('.')) has_fraction = fraction_of(in);
    const std::optional<std::int64_t> offset = offset_of(in);
    if (!in.is_done() || !has_fraction || !offset) return refused;

    const bool is_day = date.month >= 1 && date.month <= 12 && date.day >= 1 &&
                        date.day <= days_in(date.year, date.month);
    if (!is_day || hour > 23 || minute > 59 || second > 59) {
        return Error{Errc::invalid, "date is not on the calendar or clock"};
    }
    const std::int64_t local =
        days_since_1970(date) * seconds_per_day + (hour * 60 + minute) * 60 + second;
    return Instant{.second = local - *offset, .has_fraction = *has_fraction};
}

std::string to_date_time(std::uint64_t second) {
    const std::uint64_t days = second / seconds_per_day;
    const auto in_day = static_cast<std::int64_t>(second % seconds_per_day);
    const Day date = day_of(static_cast<std::int64_t>(days));
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T" +
           padded(in_day / 3'600, 2) + ":" + padded(in_day / 60 % 60, 2) + ":" +
           padded(in_day % 60, 2) + "Z";
}

}  // namespace chancery::credential
