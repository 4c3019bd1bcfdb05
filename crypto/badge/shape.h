// The form of a JSON object as a table: which members it must and may have, and what each holds.
//
// Members that no table names are not looked at: whether they mean anything is for JSON-LD to tell.
#pragma once

#include <span>
#include <string_view>

#include "crypto/badge/findings.h"
#include "crypto/json/value.h"

namespace chancery::badge {

struct Shape;

enum class Kind : std::uint8_t {
    text,
    uri,        // Absolute.
    language,   // BCP 47: "en", "pt-BR".
    country,    // ISO 3166-1: two capital letters.
    date_time,  // With an offset from UTC.
    boolean,
    number,
    word,           // One of `words`.
    open_word,      // One of `words`, or one's own that begins with "ext:".
    object,         // Of `shape`.
    uri_or_object,  // A URI, or an object of `shape`.
};

enum class Count : std::uint8_t { one, array, one_or_array };

struct Field {
    std::string_view name;
    Kind kind = Kind::text;
    Count count = Count::one;
    bool is_required = false;
    const Shape* shape = nullptr;
    std::span<const std::string_view> words = {};
};

struct Shape {
    std::string_view type;  // Must be among its "type"; empty: not asked for.
    std::span<const Field> fields;
    bool may_lack_type = false;
};

// Adds what does not fit, and goes on within what does.
void check_shape(const json::Value& value,
                 const Shape& shape,
                 const std::string& pointer,
                 Findings& findings);

// With a scheme, and without characters that no URI has.
bool is_uri(std::string_view text);

}  // namespace chancery::badge
