// Tables as text: RFC 4180, with ";" for "," and a byte order mark where a spreadsheet put them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::cli {

struct CsvTable {
    std::vector<std::string> names;              // Of the first row.
    std::vector<std::vector<std::string>> rows;  // Each as long as `names`.

    std::optional<std::size_t> column(std::string_view name) const;
};

// Errc::invalid with the row, from 1: an open quotation, or another number of fields than names.
Result<CsvTable> parse_csv(std::string_view text);

}  // namespace chancery::cli
