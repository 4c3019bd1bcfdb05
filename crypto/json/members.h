// What is often asked of an object's members; nullptr and false for what is no object.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "crypto/json/value.h"

namespace chancery::json {

// The member's text; nullptr if there is none of that name, or it is no string.
inline const std::string* string_in(const Value& object, std::string_view name) {
    const Value* const value = object.find(name);
    return value == nullptr ? nullptr : value->as_string();
}

// The same where none and an empty one are alike. Valid as long as `object`.
inline std::string_view text_in(const Value& object, std::string_view name) {
    const std::string* const text = string_in(object, name);
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

// Whether `type`, which has one name or several, has this one.
inline bool has_type(const Value& object, std::string_view type) {
    const Value* const types = object.find("type");
    if (types == nullptr) return false;
    return std::ranges::any_of(one_or_several(*types), [&](const Value& one) {
        return one.as_string() != nullptr && *one.as_string() == type;
    });
}

}  // namespace chancery::json
