#include "crypto/note/checkpoint.h"

#include <algorithm>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/base/utf8.h"
#include "crypto/note/lines.h"

namespace chancery::note {
namespace {

constexpr std::size_t origin_bytes_max = 200;
constexpr std::uint64_t size_max = (std::uint64_t{1} << 53) - 1;

// Any log's, ours or not: one line of text.
bool is_origin_line(std::string_view line) {
    return !line.empty() && is_utf8(line) &&
           std::ranges::none_of(line, [](char c) { return static_cast<std::uint8_t>(c) < 0x20; });
}

Result<std::uint64_t> parse_size(std::string_view line) {
    const auto size = from_decimal(line);
    if (!size) return invalid("checkpoint's size: " + size.error().detail);
    if (*size > size_max) {
        return invalid("checkpoint of size " + std::to_string(*size) + ", at most 2^53 - 1");
    }
    return *size;
}

}  // namespace

bool is_origin(std::string_view origin) {
    const bool has_plain_characters =
        std::ranges::all_of(origin, [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
    return !origin.empty() && origin.size() <= origin_bytes_max && has_plain_characters &&
           origin.find("://") == std::string_view::npos;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
    CHECK(is_origin_line(checkpoint.origin));
    CHECK(checkpoint.head.size <= size_max);
    return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
           to_base64(checkpoint.head.root) + "\n";
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
    const auto origin = take_line(text);
    const auto size_line = take_line(text);
    const auto root_line = take_line(text);
    if (!origin || !size_line || !root_line) return invalid("checkpoint of less than three lines");
    if (!text.empty()) return invalid("checkpoint with more than three lines");
    if (!is_origin_line(*origin)) return invalid("checkpoint without a readable origin");
    const auto size = parse_size(*size_line);
    if (!size) return size.error();
    const auto root = hash_from_base64(*root_line);
    if (!root) return invalid("checkpoint's root: " + root.error().detail);
    if (*size == 0 && *root != merkle::empty_root()) {
        return invalid("checkpoint of size 0 with a root other than H(\"\")");
    }
    return Checkpoint{std::string(*origin), {.size = *size, .root = *root}};
}

Result<SignedCheckpoint> parse_checkpoint(std::string_view note) {
    auto parsed = parse_note(note);
    if (!parsed) return parsed.error();
    auto checkpoint = parse_checkpoint_text(parsed->text);
    if (!checkpoint) return checkpoint.error();
    return SignedCheckpoint{std::move(*checkpoint), std::move(*parsed)};
}

}  // namespace chancery::note
