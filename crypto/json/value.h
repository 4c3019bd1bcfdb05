// A JSON document in memory, as strict as what we sign: names are unique, strings are UTF-8,
// numbers are integers within ±(2^53 - 1) or finite fractions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::json {

inline constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;

class Value;
struct Member;  // A name and its value.
using Array = std::vector<Value>;
using Object = std::vector<Member>;  // In the order of the text; names unique.

class Value {
public:
    Value();  // null
    Value(bool value);
    Value(std::int64_t value);   // CHECKs |value| <= integer_max.
    Value(std::uint64_t value);  // CHECKs value <= integer_max.
    Value(int value);
    Value(unsigned value);
    static Value fraction(double value);  // CHECKs that it is finite.
    Value(std::string value);
    Value(std::string_view value);
    Value(const char* value);
    Value(Array value);
    Value(Object value);

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

    // nullptr for another type.
    const bool* as_bool() const { return std::get_if<bool>(&data_); }
    const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }
    const double* as_fraction() const { return std::get_if<double>(&data_); }
    const std::string* as_string() const { return std::get_if<std::string>(&data_); }
    const Array* as_array() const { return std::get_if<Array>(&data_); }
    const Object* as_object() const { return std::get_if<Object>(&data_); }
    Array* as_array() { return std::get_if<Array>(&data_); }
    Object* as_object() { return std::get_if<Object>(&data_); }

    // The member of that name; nullptr if there is none, or this is no object. Linear.
    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);

    // Adds or replaces a member; CHECKs that this is an object.
    void set(std::string_view name, Value value);
    void erase(std::string_view name);

    bool operator==(const Value&) const;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Member {
    std::string name;
    Value value;
    bool operator==(const Member&) const = default;
};

// The elements of an array, or the one value that is none: where a format has one or several. Valid
// as long as `value`.
std::span<const Value> one_or_several(const Value& value);

// "null", "boolean", "integer", "fraction", "string", "array", "object".
std::string_view type_name(const Value& value);

}  // namespace chancery::json
