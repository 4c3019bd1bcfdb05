// Places within a JSON document, as text: "/credentialSubject/achievement/alignment/0".
//
// Source: RFC 6901.
#pragma once

#include <string>
#include <string_view>

#include "crypto/json/value.h"

namespace chancery::json {

// `pointer` with one more step; "~" and "/" in the name are escaped.
std::string step(std::string_view pointer, std::string_view name);
std::string step(std::string_view pointer, std::size_t index);

// The value there; nullptr if there is none. "" is the document itself.
const Value* at(const Value& document, std::string_view pointer);
Value* at(Value& document, std::string_view pointer);

// Takes the member or element there away. False if there is none, or it is the document itself.
bool erase_at(Value& document, std::string_view pointer);

}  // namespace chancery::json
