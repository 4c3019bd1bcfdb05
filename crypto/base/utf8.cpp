#include "crypto/base/utf8.h"

#include <cstdint>

namespace chancery {
namespace {

// A first byte's place in RFC 3629's table: how many bytes follow, and its own bits.
struct Lead {
    unsigned following = 0;
    char32_t bits = 0;
    char32_t smallest = 0;  // What is less has a shorter form.
};

std::optional<Lead> lead_of(std::uint8_t byte) {
    if (byte < 0x80) return Lead{0, byte, 0};
    if (byte >= 0xc0 && byte < 0xe0) return Lead{1, byte & 0x1fU, 0x80};
    if (byte >= 0xe0 && byte < 0xf0) return Lead{2, byte & 0x0fU, 0x800};
    if (byte >= 0xf0 && byte < 0xf8) return Lead{3, byte & 0x07U, 0x10000};
    return std::nullopt;
}

}  // namespace

std::optional<char32_t> take_character(std::string_view& text) {
    if (text.empty()) return std::nullopt;
    const auto lead = lead_of(static_cast<std::uint8_t>(text.front()));
    if (!lead || text.size() <= lead->following) return std::nullopt;
    char32_t character = lead->bits;
    for (unsigned i = 1; i <= lead->following; ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        if ((byte & 0xc0U) != 0x80) return std::nullopt;
        character = character << 6 | (byte & 0x3fU);
    }
    const bool is_surrogate = character >= 0xd800 && character < 0xe000;
    if (character < lead->smallest || character > 0x10ffff || is_surrogate) return std::nullopt;
    text.remove_prefix(1 + lead->following);
    return character;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!take_character(text)) return false;
    }
    return true;
}

}  // namespace chancery
