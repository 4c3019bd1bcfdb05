#include "crypto/json/value.h"

#include <algorithm>
#include <cmath>

namespace chancery::json {

Value::Value() = default;
Value::Value(bool value) : data_(value) {}
Value::Value(int value) : Value(std::int64_t{value}) {}
Value::Value(unsigned value) : Value(std::uint64_t{value}) {}
Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(std::string_view value) : data_(std::string(value)) {}
Value::Value(const char* value) : data_(std::string(value)) {}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}

Value::Value(std::int64_t value) : data_(value) {
    CHECK(value >= -integer_max && value <= integer_max);
}

Value::Value(std::uint64_t value) : data_(static_cast<std::int64_t>(value)) {
    CHECK(value <= static_cast<std::uint64_t>(integer_max));
}

Value Value::fraction(double value) {
    CHECK(std::isfinite(value));
    Value made;
    made.data_ = value;
    return made;
}

const Value* Value::find(std::string_view name) const {
    const Object* members = as_object();
    if (members == nullptr) return nullptr;
    const auto member = std::ranges::find(*members, name, &Member::name);
    return member == members->end() ? nullptr : &member->value;
}

Value* Value::find(std::string_view name) {
    Object* members = as_object();
    if (members == nullptr) return nullptr;
    const auto member = std::ranges::find(*members, name, &Member::name);
    return member == members->end() ? nullptr : &member->value;
}

void Value::set(std::string_view name, Value value) {
    Object* members = as_object();
    CHECK(members != nullptr);
    if (Value* present = find(name)) {
        *present = std::move(value);
    } else {
        members->push_back(Member{std::string(name), std::move(value)});
    }
}

void Value::erase(std::string_view name) {
    Object* members = as_object();
    CHECK(members != nullptr);
    std::erase_if(*members, [name](const Member& member) { return member.name == name; });
}

bool Value::operator==(const Value& other) const { return data_ == other.data_; }

std::span<const Value> one_or_several(const Value& value) {
    if (const Array* const several = value.as_array()) return *several;
    return {&value, 1};
}

std::string_view type_name(const Value& value) {
    if (value.is_null()) return "null";
    if (value.as_bool() != nullptr) return "boolean";
    if (value.as_integer() != nullptr) return "integer";
    if (value.as_fraction() != nullptr) return "fraction";
    if (value.as_string() != nullptr) return "string";
    if (value.as_array() != nullptr) return "array";
    return "object";
}

}  // namespace chancery::json
