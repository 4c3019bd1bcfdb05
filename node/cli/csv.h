// Tables as text: RFC 4180, with ";" for "," and a byte order mark where a spreadsheet put them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::cli {

inline constexpr std::size_t csv_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t csv_fields_max = 256;

struct CsvRow {
    std::size_t line = 0;             // Of the text, from 1, where the row begins.
    std::vector<std::string> fields;  // As many as the table has names.
};

struct CsvTable {
    std::vector<std::string> names;  // Of the first row; each once.
    std::vector<CsvRow> rows;

    // Rows that say nothing certain: another number of fields than names.
    struct Bad {
        std::size_t line = 0;
        std::string what;
    };
    std::vector<Bad> bad;

    std::optional<std::size_t> column(std::string_view name) const;
};

// Errc::invalid with the line if the text is no table: a quotation that does not end, bytes that
// are not UTF-8, a first row that names a column twice.
Result<CsvTable> parse_csv(std::string_view text);

// The field as RFC 4180 writes it.
std::string csv_field(const std::string& text);

}  // namespace chancery::cli
