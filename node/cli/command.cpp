#include "node/cli/command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "crypto/base/check.h"
#include "crypto/json/value.h"

namespace chancery::cli {
namespace {

std::optional<unsigned> digits(std::string_view text) {
    unsigned value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(digit - '0');
    }
    return value;
}

// The numbers of "2026-05-01" and the like: `mask` has a 9 for each digit.
std::optional<std::vector<unsigned>> numbers_in(std::string_view text, std::string_view mask) {
    if (text.size() != mask.size()) return std::nullopt;
    std::vector<unsigned> numbers;
    std::size_t begin = 0;
    for (std::size_t end = 0; end <= mask.size(); ++end) {
        if (end < mask.size() && mask[end] == '9') continue;
        const auto number = digits(text.substr(begin, end - begin));
        if (!number || (end < mask.size() && text[end] != mask[end])) return std::nullopt;
        if (end > begin) numbers.push_back(*number);
        begin = end + 1;
    }
    return numbers;
}

}  // namespace

std::string Invocation::text(std::string_view option) const {
    const std::vector<std::string>& given = texts(option);
    return given.empty() ? std::string() : given.front();
}

const std::vector<std::string>& Invocation::texts(std::string_view option) const {
    static const std::vector<std::string> none;
    const auto found = options_.find(option);
    return found == options_.end() ? none : found->second;
}

std::uint64_t Invocation::number(std::string_view option, std::uint64_t otherwise) const {
    return parse_number(text(option)).value_or(otherwise);
}

std::uint64_t Invocation::seconds(std::string_view option, std::uint64_t otherwise) const {
    return parse_duration(text(option)).value_or(otherwise);
}

std::string Invocation::argument(std::size_t index) const {
    return index < arguments_.size() ? arguments_[index] : std::string();
}

void Invocation::set(std::string option, std::vector<std::string> values) {
    CHECK(!values.empty());
    options_.insert_or_assign(std::move(option), std::move(values));
}

const Command* Command::child(std::string_view child_name) const {
    for (const Command& candidate : children)
        if (candidate.name == child_name) return &candidate;
    return nullptr;
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        if (!part.empty()) parts.emplace_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.empty() || text.size() > 16) return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    if (value > static_cast<std::uint64_t>(json::integer_max)) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> parse_duration(std::string_view text) {
    if (text.size() < 2 || text.size() > 8) return std::nullopt;
    const std::optional<std::uint64_t> count = parse_number(text.substr(0, text.size() - 1));
    if (!count) return std::nullopt;
    switch (text.back()) {
        case 's':
            return *count;
        case 'm':
            return *count * 60;
        case 'h':
            return *count * 3'600;
        case 'd':
            return *count * 86'400;
        default:
            return std::nullopt;
    }
}

std::optional<std::uint64_t> parse_time(std::string_view text) {
    auto numbers = numbers_in(text, "9999-99-99T99:99:99Z");
    if (!numbers) numbers = numbers_in(text, "9999-99-99");
    if (!numbers) return std::nullopt;
    numbers->resize(6);
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>((*numbers)[0])),
                                          std::chrono::month((*numbers)[1]),
                                          std::chrono::day((*numbers)[2])};
    const bool is_hour = (*numbers)[3] < 24 && (*numbers)[4] < 60 && (*numbers)[5] < 60;
    if (!day.ok() || !is_hour || (*numbers)[0] < 1970) return std::nullopt;
    const auto days = std::chrono::sys_days(day).time_since_epoch().count();
    return static_cast<std::uint64_t>(days) * 86'400 + (*numbers)[3] * 3'600 + (*numbers)[4] * 60 +
           (*numbers)[5];
}

std::string time_text(std::uint64_t unix_s) {
    const std::chrono::sys_seconds moment{std::chrono::seconds(static_cast<std::int64_t>(unix_s))};
    const auto midnight = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day day(midnight);
    const std::chrono::hh_mm_ss clock(moment - midnight);
    std::array<char, 32> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

}  // namespace chancery::cli
