// What HTTP asks of its ASCII text, without a locale.
// Source: RFC 9110 §5.6.
#pragma once

#include <algorithm>
#include <string_view>

#include "crypto/base/ascii.h"

namespace chancery::rpc {

constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// 0…15, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}
constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

// Below 0x20, the tab apart, and 0x7f.
constexpr bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

constexpr std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// Calls `visit` with each part of `list` between separators, blanks around it taken off.
template <typename Visit>
constexpr void for_each_part(std::string_view list, char separator, Visit visit) {
    while (!list.empty()) {
        const std::size_t end = list.find(separator);
        visit(without_blanks(list.substr(0, end)));
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
}

}  // namespace chancery::rpc
