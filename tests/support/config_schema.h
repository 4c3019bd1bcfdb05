// network-configs/schema.json, and documents held against it.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "crypto/base/check.h"
#include "crypto/json/parse.h"
#include "node/local_file.h"
#include "tests/support/json_schema.h"

namespace chancery::test {

inline const std::string templates = CHANCERY_SOURCE "/network-configs";

inline json::Value parsed(const std::string& text) {
    auto value = json::parse(text);
    CHECK(value);
    return *std::move(value);
}

inline std::string read(const std::string& path) {
    auto text = node::read_file(path, 1024 * 1024);
    CHECK(text);
    return *std::move(text);
}

inline const json::Value& schema() {
    static const json::Value whole = parsed(read(templates + "/schema.json"));
    return whole;
}

// What is wrong with `value` as that kind of file; empty if nothing.
inline std::string fault_of(const json::Value& value, const std::string& kind) {
    const JsonSchema checker(schema());
    const std::string whole = checker.check(value, schema());
    const std::string alone = checker.check(value, checker.at("#/$defs/" + kind));
    EXPECT_EQ(whole.empty(), alone.empty()) << whole << alone;
    return alone;
}

// The member of that pointer's place is set; "-" as value removes it.
inline json::Value changed(json::Value document,
                           const std::string& pointer,
                           const json::Value& value) {
    json::Value* place = &document;
    std::size_t begin = 1;
    for (std::size_t end = pointer.find('/', begin); end != std::string::npos;
         begin = end + 1, end = pointer.find('/', begin)) {
        const std::string name = pointer.substr(begin, end - begin);
        place = place->as_array() != nullptr ? &(*place->as_array())[std::stoul(name)]
                                             : place->find(name);
        CHECK(place != nullptr);
    }
    if (value == json::Value("-"))
        place->erase(pointer.substr(begin));
    else
        place->set(pointer.substr(begin), value);
    return document;
}

struct Bad {
    std::string pointer;
    std::string value;  // JSON.
};

}  // namespace chancery::test
