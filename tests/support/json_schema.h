// Holds a JSON value to a schema: as much of JSON Schema 2020-12 as rpc/openapi.json and
// network-configs/schema.json use.
#pragma once

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "crypto/json/value.h"

namespace chancery::test {

class JsonSchema {
public:
    // `document` holds what "$ref" points to, and must outlive this.
    explicit JsonSchema(const json::Value& document) : document_(document) {}

    // What is wrong, with its place; empty if nothing.
    std::string check(const json::Value& value,
                      const json::Value& schema,
                      const std::string& where = "") const {
        if (const json::Value* ref = schema.find("$ref")) {
            const std::string wrong = check(value, at(*ref->as_string()), where);
            if (!wrong.empty()) return wrong;
        }
        for (const auto part : {&JsonSchema::check_alternatives,
                                &JsonSchema::check_scalar,
                                &JsonSchema::check_array,
                                &JsonSchema::check_object}) {
            const std::string wrong = (this->*part)(value, schema, where);
            if (!wrong.empty()) return wrong;
        }
        return check_keywords(schema, where);
    }

    // The schema that "#/components/schemas/X" points to.
    const json::Value& at(const std::string& reference) const {
        const json::Value* value = &document_;
        for (std::size_t begin = 2; begin <= reference.size();) {
            const std::size_t end = std::min(reference.find('/', begin), reference.size());
            value = value->find(reference.substr(begin, end - begin));
            CHECK(value != nullptr);
            begin = end + 1;
        }
        return *value;
    }

private:
    std::string check_alternatives(const json::Value& value,
                                   const json::Value& schema,
                                   const std::string& where) const {
        if (const json::Value* any = schema.find("anyOf")) {
            std::string last;
            for (const json::Value& one : *any->as_array()) {
                last = check(value, one, where);
                if (last.empty()) return "";
            }
            return where + ": fits none of anyOf; " + last;
        }
        if (const json::Value* one_of = schema.find("oneOf")) {
            std::size_t fitting = 0;
            for (const json::Value& one : *one_of->as_array())
                fitting += check(value, one, where).empty() ? 1U : 0U;
            if (fitting != 1) return where + ": fits " + std::to_string(fitting) + " of oneOf";
        }
        if (const json::Value* constant = schema.find("const")) {
            if (!(value == *constant)) return where + ": not the constant";
        }
        if (const json::Value* values = schema.find("enum")) {
            for (const json::Value& one : *values->as_array())
                if (value == one) return "";
            return where + ": not in the enumeration";
        }
        return "";
    }

    std::string check_scalar(const json::Value& value,
                             const json::Value& schema,
                             const std::string& where) const {
        if (const json::Value* type = schema.find("type")) {
            if (*type->as_string() != json::type_name(value)) {
                return where + ": got " + std::string(json::type_name(value)) + ", want " +
                       *type->as_string();
            }
        }
        const json::Value* pattern = schema.find("pattern");
        if (pattern != nullptr && value.as_string() != nullptr &&
            !std::regex_search(*value.as_string(), std::regex(*pattern->as_string()))) {
            return where + ": " + *value.as_string() + " is not " + *pattern->as_string();
        }
        if (const std::string wrong = check_length(value, schema, where); !wrong.empty())
            return wrong;
        const json::Value* least = schema.find("minimum");
        const json::Value* most = schema.find("maximum");
        if (value.as_integer() == nullptr) return "";
        if (least != nullptr && *value.as_integer() < *least->as_integer())
            return where + ": small";
        if (most != nullptr && *value.as_integer() > *most->as_integer()) return where + ": large";
        return "";
    }

    // In characters, each of which begins with a byte that is no continuation.
    static std::string check_length(const json::Value& value,
                                    const json::Value& schema,
                                    const std::string& where) {
        if (value.as_string() == nullptr) return "";
        const std::int64_t length = std::ranges::count_if(*value.as_string(), [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
        });
        const json::Value* least = schema.find("minLength");
        const json::Value* most = schema.find("maxLength");
        if (least != nullptr && length < *least->as_integer()) return where + ": short";
        if (most != nullptr && length > *most->as_integer()) return where + ": long";
        return "";
    }

    std::string check_array(const json::Value& value,
                            const json::Value& schema,
                            const std::string& where) const {
        const json::Array* array = value.as_array();
        if (array == nullptr) return "";
        const auto size = static_cast<std::int64_t>(array->size());
        const json::Value* least = schema.find("minItems");
        const json::Value* most = schema.find("maxItems");
        if (least != nullptr && size < *least->as_integer()) return where + ": too few items";
        if (most != nullptr && size > *most->as_integer()) return where + ": too many items";
        const json::Value* items = schema.find("items");
        for (std::size_t i = 0; items != nullptr && i < array->size(); ++i) {
            const std::string wrong = check((*array)[i], *items, where + "/" + std::to_string(i));
            if (!wrong.empty()) return wrong;
        }
        return "";
    }

    std::string check_object(const json::Value& value,
                             const json::Value& schema,
                             const std::string& where) const {
        const json::Object* object = value.as_object();
        if (object == nullptr) return "";
        if (const json::Value* required = schema.find("required")) {
            for (const json::Value& name : *required->as_array())
                if (value.find(*name.as_string()) == nullptr)
                    return where + ": " + *name.as_string() + " is missing";
        }
        if (const json::Value* names = schema.find("propertyNames")) {
            for (const json::Member& member : *object) {
                const std::string wrong = check(json::Value(member.name), *names, where);
                if (!wrong.empty()) return wrong;
            }
        }
        const json::Value* properties = schema.find("properties");
        const json::Value* others = schema.find("additionalProperties");
        for (const json::Member& member : *object) {
            const json::Value* known =
                properties == nullptr ? nullptr : properties->find(member.name);
            if (known == nullptr && others != nullptr && others->as_bool() != nullptr &&
                !*others->as_bool()) {
                return where + ": " + member.name + " is not described";
            }
            if (known == nullptr && others != nullptr && others->as_object() != nullptr)
                known = others;
            if (known == nullptr) continue;
            const std::string wrong = check(member.value, *known, where + "/" + member.name);
            if (!wrong.empty()) return wrong;
        }
        return "";
    }

    // A keyword that is not checked must not look as if it were.
    static std::string check_keywords(const json::Value& schema, const std::string& where) {
        static const std::set<std::string> known = {"$ref",
                                                    "anyOf",
                                                    "const",
                                                    "enum",
                                                    "type",
                                                    "pattern",
                                                    "minimum",
                                                    "items",
                                                    "properties",
                                                    "required",
                                                    "minItems",
                                                    "maxItems",
                                                    "description",
                                                    "maximum",
                                                    "oneOf",
                                                    "minLength",
                                                    "maxLength",
                                                    "propertyNames",
                                                    "$schema",
                                                    "$id",
                                                    "$defs",
                                                    "title",
                                                    "additionalProperties"};
        for (const json::Member& member : *schema.as_object())
            if (!known.contains(member.name)) return where + ": keyword " + member.name;
        return "";
    }

    const json::Value& document_;
};

}  // namespace chancery::test
