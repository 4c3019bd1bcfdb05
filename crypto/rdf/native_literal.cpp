#include "crypto/rdf/native_literal.h"

#include <array>
#include <charconv>
#include <cmath>

#include "crypto/base/ascii.h"
#include "crypto/base/check.h"

namespace chancery::rdf {
namespace {

constexpr std::string_view xsd_boolean = "http://www.w3.org/2001/XMLSchema#boolean";
constexpr std::string_view xsd_double = "http://www.w3.org/2001/XMLSchema#double";
constexpr std::string_view xsd_integer = "http://www.w3.org/2001/XMLSchema#integer";
constexpr double integer_below = 1e21;

// Sixteen digits, of which trailing zeros go but for the first after the point; no leading zeros in
// the exponent.
std::string double_text(double number) {
    std::array<char, 32> text{};
    const auto written = std::to_chars(
        text.data(), text.data() + text.size(), number, std::chars_format::scientific, 15);
    CHECK(written.ec == std::errc());
    const std::string_view all(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
    const std::size_t e = all.find('e');
    std::string_view digits = all.substr(0, e);
    const std::size_t first_digit = digits.find('.') + 1;
    while (digits.size() > first_digit + 1 && digits.back() == '0')
        digits.remove_suffix(1);
    std::string_view exponent = all.substr(e + 1);
    const bool is_negative = exponent.front() == '-';
    exponent.remove_prefix(1);
    while (exponent.size() > 1 && exponent.front() == '0')
        exponent.remove_prefix(1);
    return std::string(digits) + (is_negative ? "E-" : "E") + std::string(exponent);
}

std::string integer_text(double number) {
    std::array<char, 32> text{};
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, 0);
    CHECK(written.ec == std::errc());
    return {text.data(), written.ptr};
}

Term literal(std::string text, std::string_view datatype, std::string_view own) {
    return {
        Term::Kind::literal, std::move(text), std::string(datatype.empty() ? own : datatype), {}};
}

}  // namespace

Term native_literal(const json::Value& value, std::string_view datatype) {
    if (const std::string* const text = value.as_string()) {
        return literal(*text, datatype, xsd_string);
    }
    if (const bool* const is_true = value.as_bool()) {
        return literal(*is_true ? "true" : "false", datatype, xsd_boolean);
    }
    if (const std::int64_t* const integer = value.as_integer()) {
        if (datatype == xsd_double) {
            return literal(double_text(static_cast<double>(*integer)), datatype, xsd_double);
        }
        return literal(std::to_string(*integer), datatype, xsd_integer);
    }
    const double* const fraction = value.as_fraction();
    CHECK(fraction != nullptr);
    const bool is_whole = std::trunc(*fraction) == *fraction && std::abs(*fraction) < integer_below;
    if (is_whole && datatype != xsd_double) {
        return literal(integer_text(*fraction), datatype, xsd_integer);
    }
    return literal(double_text(*fraction), datatype, xsd_double);
}

bool is_language_tag(std::string_view text) {
    std::size_t part = 0;
    bool is_first = true;
    for (const char c : text) {
        if (c == '-') {
            if (part == 0) return false;
            part = 0;
            is_first = false;
            continue;
        }
        if (!is_letter(c) && (is_first || !is_digit(c))) return false;
        if (++part > 8) return false;
    }
    return part > 0;
}

}  // namespace chancery::rdf
