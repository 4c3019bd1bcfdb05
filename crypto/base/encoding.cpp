#include "crypto/base/encoding.h"

#include <optional>

namespace chancery {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base58_digits =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

constexpr std::size_t base58_characters_max = 144;
constexpr std::size_t long_base58_characters_max = 1'024;

using DigitTable = std::array<std::int8_t, 256>;

constexpr DigitTable table_of(std::string_view digits) {
    DigitTable table{};
    table.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        table[static_cast<std::uint8_t>(digits[i])] = static_cast<std::int8_t>(i);
    }
    return table;
}

// The two digits of every byte.
constexpr auto hex_pairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte)
        pairs[byte] = {hex_digits[byte >> 4], hex_digits[byte & 15]};
    return pairs;
}();

constexpr DigitTable hex_values = table_of(hex_digits);
constexpr DigitTable base64_values = table_of(base64_digits);
constexpr DigitTable base64url_values = table_of(base64url_digits);
constexpr DigitTable base58_values = table_of(base58_digits);

std::optional<std::uint32_t> value_of(char digit, const DigitTable& table) {
    const std::int8_t value = table[static_cast<std::uint8_t>(digit)];
    if (value < 0) return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

// Six bits a digit, no padding.
void write_base64(ByteView bytes, std::string_view digits, std::string& text) {
    const std::size_t begin = text.size();
    text.resize(begin + (bytes.size() * 8 + 5) / 6);
    char* out = text.data() + begin;
    for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
        const std::uint32_t three =
            std::uint32_t{bytes[0]} << 16 | std::uint32_t{bytes[1]} << 8 | bytes[2];
        *out++ = digits[three >> 18];
        *out++ = digits[three >> 12 & 63];
        *out++ = digits[three >> 6 & 63];
        *out++ = digits[three & 63];
    }
    if (bytes.empty()) return;
    *out++ = digits[bytes[0] >> 2];
    const unsigned second = bytes.size() == 2 ? bytes[1] : 0;
    *out++ = digits[(bytes[0] & 3U) << 4 | second >> 4];
    if (bytes.size() == 2) *out++ = digits[(second & 15) << 2];
}

Result<Bytes> read_base64(std::string_view text, const DigitTable& table) {
    if (text.size() % 4 == 1) return Error{Errc::invalid, "base64 of an impossible length"};
    Bytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char digit : text) {
        const auto value = value_of(digit, table);
        if (!value) return Error{Errc::invalid, "a character that is not base64"};
        buffer = (buffer << 6 | *value) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
        }
    }
    if ((buffer & ((1U << bits) - 1)) != 0) {
        return Error{Errc::invalid, "base64 with bits set beyond its last byte"};
    }
    return bytes;
}

Result<Hash> to_hash(const Result<Bytes>& bytes) {
    if (!bytes) return bytes.error();
    if (bytes->size() != 32) {
        return Error{Errc::invalid,
                     "a hash of " + std::to_string(bytes->size()) + " bytes, want 32"};
    }
    Hash hash{};
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

Result<Bytes> base58_within(std::string_view text, std::size_t characters_max) {
    if (text.size() > characters_max) {
        return Error{Errc::invalid,
                     "base58 of " + std::to_string(text.size()) + " characters, at most " +
                         std::to_string(characters_max)};
    }
    Bytes reversed;
    for (const char digit : text) {
        const auto value = value_of(digit, base58_values);
        if (!value) return Error{Errc::invalid, "a character that is not base58"};
        std::uint32_t carry = *value;
        for (std::uint8_t& byte : reversed) {
            carry += static_cast<std::uint32_t>(byte) * 58;
            byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        for (; carry > 0; carry >>= 8)
            reversed.push_back(static_cast<std::uint8_t>(carry));
    }
    for (std::size_t i = 0; i < text.size() && text[i] == '1'; ++i)
        reversed.push_back(0);
    return Bytes(reversed.rbegin(), reversed.rend());
}

}  // namespace

void append_hex(ByteView bytes, std::string& out) {
    const std::size_t begin = out.size();
    out.resize(begin + 2 * bytes.size());
    char* digits = out.data() + begin;
    for (const std::uint8_t byte : bytes)
        digits = std::copy_n(hex_pairs[byte].begin(), 2, digits);
}

std::string to_hex(ByteView bytes) {
    std::string text;
    append_hex(bytes, text);
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return Error{Errc::invalid, "hex with an odd number of digits"};
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = value_of(text[i], hex_values);
        const auto low = value_of(text[i + 1], hex_values);
        if (!high || !low)
            return Error{Errc::invalid, "a character that is not a lower-case hex digit"};
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

Result<Hash> hash_from_hex(std::string_view text) { return to_hash(from_hex(text)); }

void append_base64(ByteView bytes, std::string& out) {
    write_base64(bytes, base64_digits, out);
    const std::size_t last = bytes.size() % 3;
    if (last > 0) out.append(3 - last, '=');
}

std::string to_base64(ByteView bytes) {
    std::string text;
    append_base64(bytes, text);
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return Error{Errc::invalid, "base64 without its padding"};
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    return read_base64(text, base64_values);
}

Result<Hash> hash_from_base64(std::string_view text) { return to_hash(from_base64(text)); }

std::string to_base64url(ByteView bytes) {
    std::string text;
    write_base64(bytes, base64url_digits, text);
    return text;
}

Result<Bytes> from_base64url(std::string_view text) { return read_base64(text, base64url_values); }

std::string to_base58(ByteView bytes) {
    CHECK(bytes.size() <= long_base58_characters_max);
    std::string digits;  // Values 0…57, least significant first.
    for (const std::uint8_t byte : bytes) {
        std::uint32_t carry = byte;
        for (char& digit : digits) {
            carry += static_cast<std::uint32_t>(digit) << 8;
            digit = static_cast<char>(carry % 58);
            carry /= 58;
        }
        for (; carry > 0; carry /= 58)
            digits.push_back(static_cast<char>(carry % 58));
    }
    std::string text;
    for (std::size_t i = 0; i < bytes.size() && bytes[i] == 0; ++i)
        text.push_back('1');
    std::reverse(digits.begin(), digits.end());
    for (const char digit : digits)
        text.push_back(base58_digits[static_cast<std::size_t>(digit)]);
    return text;
}

Result<Bytes> from_base58(std::string_view text) {
    return base58_within(text, base58_characters_max);
}

Result<Bytes> from_long_base58(std::string_view text) {
    return base58_within(text, long_base58_characters_max);
}

}  // namespace chancery
