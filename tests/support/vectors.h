// Reads the files of tests/vectors/, and the texts that fill them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"

namespace chancery::test {

// "merkle/inclusion.json" → its place on this machine.
inline std::filesystem::path vector_path(std::string_view name) {
    return std::filesystem::path(CHANCERY_VECTORS) / name;
}

// All bytes of a file; fails the test and gives nothing if it cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        ADD_FAILURE() << "cannot read " << path;
        return {};
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string vector_text(std::string_view name) { return read_file(vector_path(name)); }

// Our own parser with room for large vector files; fails the test and gives null on a bad one.
inline json::Value vector_json(std::string_view name) {
    constexpr json::Limits roomy{
        .bytes_max = std::size_t{1} << 26, .depth_max = 64, .elements_max = 10'000'000};
    auto parsed = json::parse(vector_text(name), roomy);
    if (!parsed) {
        ADD_FAILURE() << name << ": " << parsed.error().detail;
        return {};
    }
    return std::move(*parsed);
}

// The lines of a text, without their LF or CR LF.
inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

// The parts of one line of a table, empty ones included.
inline std::vector<std::string> split(std::string_view line, char separator) {
    std::vector<std::string> parts(1);
    for (const char character : line) {
        if (character == separator) {
            parts.emplace_back();
        } else {
            parts.back().push_back(character);
        }
    }
    return parts;
}

// Bytes from a test's own hex; fails the test on anything else.
inline Bytes unhex(std::string_view digits) {
    auto bytes = from_hex(digits);
    if (!bytes) {
        ADD_FAILURE() << digits << ": " << bytes.error().detail;
        return {};
    }
    return std::move(*bytes);
}

inline Hash unhex32(std::string_view digits) {
    auto hash = hash_from_hex(digits);
    if (!hash) {
        ADD_FAILURE() << digits << ": " << hash.error().detail;
        return {};
    }
    return *hash;
}

// A string member of a vector file; fails the test if there is none.
inline std::string text_at(const json::Value& object, std::string_view name) {
    const json::Value* member = object.find(name);
    const std::string* text = member == nullptr ? nullptr : member->as_string();
    if (text == nullptr) {
        ADD_FAILURE() << "no string named " << name;
        return {};
    }
    return *text;
}

// An array member of a vector file; fails the test and gives an empty one if there is none.
inline const json::Array& array_at(const json::Value& object, std::string_view name) {
    static const json::Array empty;
    const json::Value* member = object.find(name);
    const json::Array* elements = member == nullptr ? nullptr : member->as_array();
    if (elements == nullptr) {
        ADD_FAILURE() << "no array named " << name;
        return empty;
    }
    return *elements;
}

}  // namespace chancery::test
