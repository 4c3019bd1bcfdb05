// Small TOML files, read by name: an unknown or missing key is an error with line and column.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::cli {

class TomlTable {
public:
    bool has(std::string_view name) const;
    // Empty, and the first thing wrong is remembered, if it is missing or no string.
    std::string text(const std::string& name) const;
    // A string, or an array of strings joined by commas.
    std::vector<std::string> texts(const std::string& name) const;
    // The tables of [[name]]; none if it is missing.
    std::vector<TomlTable> tables(const std::string& name) const;

    // Errc::invalid for the first thing wrong, or a key that nobody asked for.
    std::optional<Error> finish() const;
    // "network.toml:3:1"
    std::string place() const;
    std::string place_of(std::string_view name) const;

private:
    friend class TomlFile;
    struct Data;
    explicit TomlTable(std::shared_ptr<Data> data) : data_(std::move(data)) {}

    std::shared_ptr<Data> data_;  // Shared with the file that it is part of.
};

class TomlFile {
public:
    // Errc::invalid with line and column; at most 64 KiB.
    static Result<TomlFile> read(const std::string& path);
    // `path` is the text's name in messages.
    static Result<TomlFile> parse(const std::string& text, const std::string& path);
    TomlTable root() const { return root_; }

private:
    explicit TomlFile(TomlTable root) : root_(std::move(root)) {}
    TomlTable root_;
};

}  // namespace chancery::cli
