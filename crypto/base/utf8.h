// UTF-8, read one character at a time: whether a text is well formed, and what stands in it.
//
// Refused are overlong forms, surrogates, what lies beyond U+10FFFF, and cut-off characters.
// Source: RFC 3629 §3, §4.
#pragma once

#include <optional>
#include <string_view>

namespace chancery {

// Takes the first character off `text`; nullopt, and `text` as it was, if none can be read.
std::optional<char32_t> take_character(std::string_view& text);

bool is_utf8(std::string_view text);

}  // namespace chancery
