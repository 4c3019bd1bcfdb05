// Any bytes as a table: it is refused with a line, or each row is as long as the names, stands on a
// line of its own, and says the same when it is written and read again.
#include <algorithm>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/utf8.h"
#include "node/cli/csv.h"

using namespace chancery;

namespace {

std::string line_of(const std::vector<std::string>& fields) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
        text += (i == 0 ? "" : ",") + cli::csv_field(fields[i]);
    return text + "\r\n";
}

void check_table(const cli::CsvTable& table, std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    std::size_t last = 0;
    for (const cli::CsvRow& row : table.rows) {
        CHECK(row.fields.size() == table.names.size());
        CHECK(row.line > last && row.line <= lines);
        last = row.line;
        for (const std::string& field : row.fields)
            CHECK(is_utf8(field));
    }
    for (const cli::CsvTable::Bad& bad : table.bad)
        CHECK(bad.line >= 1 && bad.line <= lines && !bad.what.empty());
}

void check_again(const cli::CsvTable& table) {
    // A table of one column cannot tell an empty field from an empty line.
    if (table.names.size() < 2) return;
    std::string text = line_of(table.names);
    for (const cli::CsvRow& row : table.rows)
        text += line_of(row.fields);
    const auto again = cli::parse_csv(text);
    CHECK(again && again->names == table.names && again->bad.empty());
    CHECK(again->rows.size() == table.rows.size());
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        CHECK(again->rows[i].fields == table.rows[i].fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    const auto table = cli::parse_csv(text);
    if (!table) {
        CHECK(table.error().code == Errc::invalid && !table.error().detail.empty());
        return 0;
    }
    check_table(*table, text);
    check_again(*table);
    return 0;
}
