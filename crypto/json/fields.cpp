#include "crypto/json/fields.h"

#include "crypto/base/encoding.h"

namespace chancery::json {
namespace {

const Value null_value;
const Array no_elements;

// Names come from strangers: what is shown of them is short and printable.
std::string shown(std::string_view name) {
    constexpr std::size_t shown_characters_max = 64;
    std::string text(name.substr(0, shown_characters_max));
    for (char& character : text) {
        if (character < ' ' || character > '~') character = '?';
    }
    return text;
}

}  // namespace

Fields::Fields(const Value& object, std::string where) : object_(object), where_(std::move(where)) {
    if (object.as_object() != nullptr) return;
    first_wrong_ = Error{Errc::invalid,
                         (where_.empty() ? std::string("the document") : where_) + ": got " +
                             std::string(type_name(object)) + ", want object"};
}

std::string Fields::pointer(std::string_view name) const {
    std::string path = where_ + "/";
    for (const char character : name) {
        if (character == '~') {
            path += "~0";
        } else if (character == '/') {
            path += "~1";
        } else {
            path.push_back(character);
        }
    }
    return path;
}

void Fields::wrong(std::string_view name, std::string detail) {
    if (first_wrong_) return;
    first_wrong_ = Error{Errc::invalid, pointer(name) + ": " + std::move(detail)};
}

void Fields::wrong_type(std::string_view name, const Value& got, std::string_view want) {
    wrong(name, "got " + std::string(type_name(got)) + ", want " + std::string(want));
}

const Value* Fields::optional(std::string_view name) {
    asked_.emplace(name);
    return object_.find(name);
}

const Value* Fields::take(std::string_view name, std::string_view want) {
    const Value* value = optional(name);
    if (value == nullptr) wrong(name, "missing, want " + std::string(want));
    return value;
}

std::string Fields::string(std::string_view name) {
    const Value* value = take(name, "string");
    if (value == nullptr) return {};
    const std::string* text = value->as_string();
    if (text == nullptr) {
        wrong_type(name, *value, "string");
        return {};
    }
    return *text;
}

std::uint64_t Fields::integer(std::string_view name) {
    const Value* value = take(name, "integer");
    if (value == nullptr) return 0;
    const std::int64_t* number = value->as_integer();
    if (number == nullptr) {
        wrong_type(name, *value, "integer");
        return 0;
    }
    if (*number < 0) {
        wrong(name, "got " + std::to_string(*number) + ", want no negative number");
        return 0;
    }
    return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> Fields::integer_or_null(std::string_view name) {
    const Value* value = take(name, "integer or null");
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->as_integer() == nullptr) {
        wrong_type(name, *value, "integer or null");
        return std::nullopt;
    }
    return integer(name);
}

bool Fields::boolean(std::string_view name) {
    const Value* value = take(name, "boolean");
    if (value == nullptr) return false;
    const bool* truth = value->as_bool();
    if (truth == nullptr) {
        wrong_type(name, *value, "boolean");
        return false;
    }
    return *truth;
}

Hash Fields::hash(std::string_view name) {
    const std::string text = string(name);
    if (first_wrong_) return {};
    const Result<Hash> read = hash_from_hex(text);
    if (!read) {
        wrong(name, read.error().detail);
        return {};
    }
    return *read;
}

Bytes Fields::base64(std::string_view name) {
    const std::string text = string(name);
    if (first_wrong_) return {};
    const Result<Bytes> read = from_base64(text);
    if (!read) {
        wrong(name, read.error().detail);
        return {};
    }
    return *read;
}

const Array& Fields::array(std::string_view name) {
    const Value* value = take(name, "array");
    if (value == nullptr) return no_elements;
    const Array* elements = value->as_array();
    if (elements == nullptr) {
        wrong_type(name, *value, "array");
        return no_elements;
    }
    return *elements;
}

const Value& Fields::any(std::string_view name) {
    const Value* value = take(name, "a value");
    return value == nullptr ? null_value : *value;
}

std::optional<Error> Fields::finish() const {
    if (first_wrong_) return first_wrong_;
    const Object* members = object_.as_object();
    CHECK(members != nullptr);
    for (const Member& member : *members) {
        if (!asked_.contains(member.name)) {
            return Error{Errc::invalid, pointer(shown(member.name)) + ": unknown name"};
        }
    }
    return std::nullopt;
}

}  // namespace chancery::json
