// JSON as text: the one canonical form that is hashed and signed, and an indented one for people.
// Source: RFC 8785 (JCS): names by UTF-16 code units, numbers as ECMAScript writes them.
#pragma once

#include <string>
#include <string_view>

#include "crypto/json/value.h"

namespace chancery::json {

std::string canonical(const Value& value);

// Appends a string in quotation marks, as canonical() writes it.
void append_string(std::string_view text, std::string& out);

// Two spaces a level, members in their own order, final LF.
std::string pretty(const Value& value);

}  // namespace chancery::json
