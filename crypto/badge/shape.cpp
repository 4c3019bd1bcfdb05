#include "crypto/badge/shape.h"

#include <algorithm>

#include "crypto/base/ascii.h"
#include "crypto/credential/date_time.h"
#include "crypto/json/pointer.h"

namespace chancery::badge {
namespace {

constexpr std::string_view own_word = "ext:";

std::string got_want(const json::Value& got, std::string_view want) {
    return "got " + std::string(json::type_name(got)) + ", want " + std::string(want);
}

std::string_view json_type_of(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return "boolean";
        case Kind::number:
            return "number";
        case Kind::object:
            return "object";
        case Kind::uri_or_object:
            return "a URI or an object";
        case Kind::text:
        case Kind::uri:
        case Kind::language:
        case Kind::country:
        case Kind::date_time:
        case Kind::word:
        case Kind::open_word:
            break;
    }
    return "string";
}

// Letters, then parts of 1 to 8 letters and digits: how language tags begin and go on.
bool is_language(std::string_view text) {
    bool is_first = true;
    while (true) {
        const std::string_view part = text.substr(0, std::min(text.find('-'), text.size()));
        const auto fits = [&](char c) { return is_letter(c) || (!is_first && is_digit(c)); };
        if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, fits)) return false;
        if (is_first && part.size() < 2) return false;
        if (part.size() == text.size()) return true;
        text.remove_prefix(part.size() + 1);
        is_first = false;
    }
}

void check_text(const std::string& text,
                const Field& field,
                const std::string& pointer,
                Findings& findings) {
    switch (field.kind) {
        case Kind::uri:
        case Kind::uri_or_object:
            if (!is_uri(text)) findings.add("ob3.uri", pointer, "is no absolute URI");
            return;
        case Kind::language:
            if (!is_language(text))
                findings.add("ob3.language", pointer, "is no language tag, want one such as en-GB");
            return;
        case Kind::country:
            if (text.size() != 2 || !std::ranges::all_of(text, is_upper))
                findings.add("ob3.country-code",
                             pointer,
                             "is no country code, want two capitals such as ES");
            return;
        case Kind::date_time:
            if (!credential::parse_date_time(text))
                findings.add(
                    "ob3.date-time",
                    pointer,
                    "is no date with time and zone, want one such as 2026-05-01T12:00:00Z");
            return;
        case Kind::word:
        case Kind::open_word: {
            const bool is_own = field.kind == Kind::open_word && text.starts_with(own_word) &&
                                text.size() > own_word.size();
            if (!is_own && std::ranges::find(field.words, text) == field.words.end())
                findings.add(
                    "ob3.word",
                    pointer,
                    field.kind == Kind::open_word
                        ? "is none of the words of Open Badges, and none of your own: ext:…"
                        : "is none of the words that are defined for it");
            return;
        }
        case Kind::text:
        case Kind::boolean:
        case Kind::number:
        case Kind::object:
            break;
    }
}

bool is_object_wanted(Kind kind) { return kind == Kind::object || kind == Kind::uri_or_object; }

void check_one(const json::Value& value,
               const Field& field,
               const std::string& pointer,
               Findings& findings) {
    if (value.as_object() != nullptr && is_object_wanted(field.kind)) {
        check_shape(value, *field.shape, pointer, findings);
        return;
    }
    const bool is_number = value.as_integer() != nullptr || value.as_fraction() != nullptr;
    if (field.kind == Kind::number && is_number) {
        if (value.as_fraction() != nullptr)
            findings.add(
                "ob3.fraction",
                pointer,
                "is a fraction, which not all verifiers write alike: whole numbers are safe");
        return;
    }
    if (field.kind == Kind::boolean && value.as_bool() != nullptr) return;
    const std::string* const text = value.as_string();
    const bool is_text_wanted =
        field.kind != Kind::boolean && field.kind != Kind::number && field.kind != Kind::object;
    if (text == nullptr || !is_text_wanted) {
        findings.add("ob3.json-type", pointer, got_want(value, json_type_of(field.kind)));
    } else if (text->empty()) {
        findings.add("ob3.empty", pointer, "is empty");
    } else {
        check_text(*text, field, pointer, findings);
    }
}

void check_field(const json::Value& value,
                 const Field& field,
                 const std::string& pointer,
                 Findings& findings) {
    const json::Array* const array = value.as_array();
    if (array == nullptr && field.count == Count::array) {
        findings.add("ob3.array", pointer, got_want(value, "array"));
        return;
    }
    if (array == nullptr || field.count == Count::one) {
        check_one(value, field, pointer, findings);
        return;
    }
    if (array->empty() && field.is_required) findings.add("ob3.empty", pointer, "is empty");
    for (std::size_t i = 0; i < array->size(); ++i)
        check_one((*array)[i], field, json::step(pointer, i), findings);
}

void check_type(const json::Value& object,
                const Shape& shape,
                const std::string& pointer,
                Findings& findings) {
    const std::string place = json::step(pointer, "type");
    const json::Value* const type = object.find("type");
    if (type == nullptr) {
        if (!shape.may_lack_type && !shape.type.empty())
            findings.add("ob3.type", place, "missing, want " + std::string(shape.type));
        return;
    }
    bool is_named = shape.type.empty();
    for (const json::Value& each : json::one_or_several(*type)) {
        if (each.as_string() == nullptr) {
            findings.add("ob3.json-type", place, got_want(each, "string"));
            return;
        }
        if (*each.as_string() == shape.type) is_named = true;
    }
    if (!is_named) findings.add("ob3.type", place, "does not name " + std::string(shape.type));
}

}  // namespace

bool is_uri(std::string_view text) {
    constexpr std::string_view never = "\"<>\\^`{|}";
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    const std::string_view scheme = text.substr(0, colon);
    const auto is_of_scheme = [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    };
    if (!is_letter(scheme.front()) || !std::ranges::all_of(scheme, is_of_scheme)) return false;
    const auto is_bad = [&](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
               never.find(c) != std::string_view::npos;
    };
    if (std::ranges::any_of(text, is_bad)) return false;
    if (scheme != "http" && scheme != "https") return true;
    const std::string_view rest = text.substr(colon + 1);
    return rest.starts_with("//") && rest.size() > 2 && rest[2] != '/';
}

void check_shape(const json::Value& value,
                 const Shape& shape,
                 const std::string& pointer,
                 Findings& findings) {
    if (value.as_object() == nullptr) {
        findings.add("ob3.json-type", pointer, got_want(value, "object"));
        return;
    }
    check_type(value, shape, pointer, findings);
    for (const Field& field : shape.fields) {
        const json::Value* const member = value.find(field.name);
        const std::string place = json::step(pointer, field.name);
        if (member != nullptr) {
            check_field(*member, field, place, findings);
        } else if (field.is_required) {
            findings.add(
                "ob3.missing",
                place,
                "missing, want " +
                    std::string(field.count == Count::array ? "array" : json_type_of(field.kind)));
        }
    }
}

}  // namespace chancery::badge
