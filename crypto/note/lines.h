// Reads a text line by line, as the formats of this room are written.
#pragma once

#include <optional>
#include <string_view>

namespace chancery::note {

// Takes the first line off `text` and gives it without its LF; nullopt if no LF is left.
inline std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace chancery::note
