// The bytes that pass between nodes and lie on their disks: tests/vectors/chancery/format.json, as
// its cases stand there (hex, decimal strings).
#pragma once

#include <optional>

#include "tests/support/vectors.h"

namespace chancery::test {

// At least one.
inline const json::Array& cases_in(const json::Value& vectors, std::string_view form) {
    const json::Array& cases = array_at(vectors, form);
    EXPECT_FALSE(cases.empty()) << form;
    return cases;
}

inline const json::Array& format_cases(std::string_view form) {
    static const json::Value vectors = vector_json("chancery/format.json");
    return cases_in(vectors, form);
}

inline Bytes bytes_at(const json::Value& object, std::string_view name) {
    return unhex(text_at(object, name));
}

inline Hash hash_at(const json::Value& object, std::string_view name) {
    return unhex32(text_at(object, name));
}

template <typename Number = std::uint64_t>
Number number_of(const json::Value& value) {
    const std::string* digits = value.as_string();
    if (digits == nullptr) {
        ADD_FAILURE() << "a number that is not a decimal string";
        return {};
    }
    return static_cast<Number>(std::stoull(*digits));
}

template <typename Number = std::uint64_t>
Number number_at(const json::Value& object, std::string_view name) {
    const json::Value* value = object.find(name);
    if (value == nullptr) {
        ADD_FAILURE() << "no number named " << name;
        return {};
    }
    return number_of<Number>(*value);
}

// nullopt where the case says null.
template <typename Number = std::uint64_t>
std::optional<Number> optional_at(const json::Value& object, std::string_view name) {
    const json::Value* value = object.find(name);
    if (value != nullptr && value->is_null()) return std::nullopt;
    return number_at<Number>(object, name);
}

// The Ed25519 seed of a case's node.
inline Hash node_seed(std::uint64_t node) {
    Hash seed{};
    seed.fill(static_cast<std::uint8_t>(node));
    return seed;
}

// Every beginning of `bytes` that is not all of it is refused, and so is one byte more.
template <typename Parse>
void expect_only_whole(const Bytes& bytes, Parse parse) {
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(parse(ByteView(bytes).first(length))) << length << " of " << bytes.size();
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(parse(ByteView(longer))) << "one byte more";
}

}  // namespace chancery::test
