#include "crypto/json/canonical.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/base/encoding.h"

namespace chancery::json {
namespace {

// UTF-16 puts U+10000 and above, being surrogates (D8…DF), before U+E000…U+FFFF; UTF-8 puts them
// after. Equal prefixes end at the same place of a character, so moving the lead bytes of
// U+E000…U+FFFF behind those of longer characters is all that differs.
unsigned utf16_rank(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte == 0xee || byte == 0xef ? byte + 0x10U : byte;
}

bool precedes(const Member* a, const Member* b) {
    return std::ranges::lexicographical_compare(a->name, b->name, {}, utf16_rank, utf16_rank);
}

bool is_plain(char character) {
    return static_cast<unsigned char>(character) >= 0x20 && character != '"' && character != '\\';
}

void append_escape(char character, std::string& out) {
    constexpr std::string_view escaped = "\b\t\n\f\r\"\\";
    constexpr std::string_view letters = "btnfr\"\\";
    const auto byte = static_cast<unsigned char>(character);
    if (const std::size_t at = escaped.find(character); at != std::string_view::npos) {
        out.push_back('\\');
        out.push_back(letters[at]);
    } else {
        out += "\\u00";
        append_hex(ByteView(&byte, 1), out);
    }
}

void write_integer(std::int64_t value, std::string& out) { out += std::to_string(value); }

// The shortest digits that read back as the same double, and where its point stands: the value
// is 0.digits × 10^point.
struct Decimal {
    std::string digits;
    int point = 0;
};

Decimal shortest_decimal(double magnitude) {
    std::array<char, 32> text{};
    const auto written = std::to_chars(
        text.data(), text.data() + text.size(), magnitude, std::chars_format::scientific);
    CHECK(written.ec == std::errc());
    const std::string_view scientific(text.data(),
                                      static_cast<std::size_t>(written.ptr - text.data()));
    const std::size_t e = scientific.find('e');
    CHECK(e != std::string_view::npos);

    Decimal decimal;
    for (const char character : scientific.substr(0, e)) {
        if (character != '.') decimal.digits.push_back(character);
    }
    std::string_view exponent = scientific.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto read =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.point);
    CHECK(read.ec == std::errc());
    ++decimal.point;
    return decimal;
}

// ECMAScript's Number::toString with radix 10, as RFC 8785 §3.2.2.3 asks.
void write_fraction(double value, std::string& out) {
    if (value == 0) {
        out.push_back('0');
        return;
    }
    if (value < 0) out.push_back('-');
    const auto [digits, point] = shortest_decimal(value < 0 ? -value : value);
    const int count = static_cast<int>(digits.size());
    if (point > 21 || point <= -6) {
        out.push_back(digits.front());
        if (count > 1) out.append(1, '.').append(digits, 1);
        out += point > 0 ? "e+" : "e-";
        out += std::to_string(point > 0 ? point - 1 : 1 - point);
    } else if (point >= count) {
        out.append(digits).append(static_cast<std::size_t>(point - count), '0');
    } else if (point > 0) {
        const auto whole = static_cast<std::size_t>(point);
        out.append(digits, 0, whole).append(1, '.').append(digits, whole);
    } else {
        out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    }
}

// What holds no other value.
void write_leaf(const Value& value, std::string& out) {
    if (const bool* truth = value.as_bool()) {
        out += *truth ? "true" : "false";
    } else if (const std::int64_t* integer = value.as_integer()) {
        write_integer(*integer, out);
    } else if (const double* fraction = value.as_fraction()) {
        write_fraction(*fraction, out);
    } else if (const std::string* text = value.as_string()) {
        append_string(*text, out);
    } else {
        out += "null";
    }
}

void write_canonical(const Value& value, std::string& out);

void write_canonical(const Object& members, std::string& out) {
    std::vector<const Member*> sorted;
    sorted.reserve(members.size());
    for (const Member& member : members)
        sorted.push_back(&member);
    std::ranges::sort(sorted, precedes);
    out.push_back('{');
    for (const Member* member : sorted) {
        if (member != sorted.front()) out.push_back(',');
        append_string(member->name, out);
        out.push_back(':');
        write_canonical(member->value, out);
    }
    out.push_back('}');
}

void write_canonical(const Value& value, std::string& out) {
    if (const Object* members = value.as_object()) {
        write_canonical(*members, out);
    } else if (const Array* elements = value.as_array()) {
        out.push_back('[');
        for (const Value& element : *elements) {
            if (&element != &elements->front()) out.push_back(',');
            write_canonical(element, out);
        }
        out.push_back(']');
    } else {
        write_leaf(value, out);
    }
}

void start_line(std::size_t level, std::string& out) {
    out.push_back('\n');
    out.append(2 * level, ' ');
}

void write_pretty(const Value& value, std::size_t level, std::string& out) {
    const Object* members = value.as_object();
    const Array* elements = value.as_array();
    if (members != nullptr && !members->empty()) {
        out.push_back('{');
        for (const Member& member : *members) {
            if (&member != &members->front()) out.push_back(',');
            start_line(level + 1, out);
            append_string(member.name, out);
            out += ": ";
            write_pretty(member.value, level + 1, out);
        }
        start_line(level, out);
        out.push_back('}');
    } else if (elements != nullptr && !elements->empty()) {
        out.push_back('[');
        for (const Value& element : *elements) {
            if (&element != &elements->front()) out.push_back(',');
            start_line(level + 1, out);
            write_pretty(element, level + 1, out);
        }
        start_line(level, out);
        out.push_back(']');
    } else if (members != nullptr) {
        out += "{}";
    } else if (elements != nullptr) {
        out += "[]";
    } else {
        write_leaf(value, out);
    }
}

}  // namespace

// Most strings need no escape: what is plain is copied in runs.
void append_string(std::string_view text, std::string& out) {
    out.push_back('"');
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_plain(text[i])) continue;
        out.append(text, copied, i - copied);
        append_escape(text[i], out);
        copied = i + 1;
    }
    out.append(text, copied);
    out.push_back('"');
}

std::string canonical(const Value& value) {
    std::string out;
    write_canonical(value, out);
    return out;
}

std::string pretty(const Value& value) {
    std::string out;
    write_pretty(value, 0, out);
    out.push_back('\n');
    return out;
}

}  // namespace chancery::json
