#include "node/cli/csv.h"

#include <algorithm>
#include <set>

#include "crypto/base/utf8.h"

namespace chancery::cli {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// The one that the first row has more of, between its fields and not within them.
char separator_of(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    std::size_t commas = 0;
    std::size_t semicolons = 0;
    bool is_quoted = false;
    for (const char letter : text) {
        if (letter == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (letter == '\n') break;
        commas += letter == ',' ? 1U : 0U;
        semicolons += letter == ';' ? 1U : 0U;
    }
    return semicolons > commas ? ';' : ',';
}

class RowReader {
public:
    explicit RowReader(std::string_view text) : rest_(text), separator_(separator_of(text)) {}

    bool is_done() const { return rest_.empty(); }
    std::size_t line() const { return line_; }

    Result<std::vector<std::string>> next() {
        std::vector<std::string> fields;
        while (true) {
            auto field = rest_.starts_with('"') ? quoted() : plain();
            if (!field) return field.error();
            fields.push_back(*std::move(field));
            if (fields.size() > csv_fields_max)
                return Error{Errc::invalid,
                             "more than " + std::to_string(csv_fields_max) + " fields"};
            if (rest_.starts_with(separator_)) {
                skip(1);
                continue;
            }
            if (rest_.starts_with('\r')) skip(1);
            if (!rest_.empty() && !rest_.starts_with('\n'))
                return Error{Errc::invalid, "text after a closing quotation mark"};
            skip(1);
            return fields;
        }
    }

private:
    void skip(std::size_t count) {
        const std::string_view gone = rest_.substr(0, count);
        line_ += static_cast<std::size_t>(std::ranges::count(gone, '\n'));
        rest_.remove_prefix(gone.size());
    }

    Result<std::string> plain() {
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n')
            ++end;
        std::string field(rest_.substr(0, end));
        skip(end);
        if (field.ends_with('\r')) field.pop_back();
        return field;
    }

    Result<std::string> quoted() {
        std::string field;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] != '"') {
                field += rest_[i];
            } else if (i + 1 < rest_.size() && rest_[i + 1] == '"') {
                field += '"';
                ++i;
            } else {
                skip(i + 1);
                return field;
            }
        }
        return Error{Errc::invalid, "a quotation mark is not closed"};
    }

    std::string_view rest_;
    char separator_;
    std::size_t line_ = 1;
};

bool is_blank(const std::vector<std::string>& fields) {
    return fields.size() == 1 && fields.front().empty();
}

Error at_line(std::size_t line, const std::string& what) {
    return Error{Errc::invalid, "line " + std::to_string(line) + ": " + what};
}

std::optional<Error> wrong_encoding(std::string_view text) {
    const std::string advice = "; save the table as CSV UTF-8";
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return Error{Errc::invalid, "the table is UTF-16" + advice};
    std::size_t line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (!is_utf8(text.substr(begin, end - begin)))
            return at_line(line, "is not UTF-8" + advice);
        begin = end + 1;
    }
    return std::nullopt;
}

std::optional<Error> wrong_names(const std::vector<std::string>& names, std::size_t line) {
    std::set<std::string_view> seen;
    for (const std::string& name : names)
        if (!seen.insert(name).second)
            return at_line(line, "two columns have the same name, want each once");
    return std::nullopt;
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

Result<CsvTable> parse_csv(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (auto wrong = wrong_encoding(text)) return *wrong;
    RowReader reader(text);
    CsvTable table;
    while (!reader.is_done()) {
        const std::size_t line = reader.line();
        auto fields = reader.next();
        if (!fields) return at_line(line, fields.error().detail);
        if (is_blank(*fields)) continue;
        if (table.names.empty()) {
            if (auto wrong = wrong_names(*fields, line)) return *wrong;
            table.names = *std::move(fields);
        } else if (fields->size() != table.names.size()) {
            table.bad.push_back(CsvTable::Bad{line,
                                              std::to_string(fields->size()) + " fields, want " +
                                                  std::to_string(table.names.size())});
        } else {
            table.rows.push_back(CsvRow{line, *std::move(fields)});
        }
    }
    if (table.names.empty()) return Error{Errc::invalid, "the table has no first row of names"};
    return table;
}

std::string csv_field(const std::string& text) {
    const bool is_plain = text.find_first_of("\",;\r\n") == std::string::npos;
    if (is_plain && !text.starts_with(byte_order_mark)) return text;
    std::string quoted = "\"";
    for (const char letter : text)
        quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    return quoted + "\"";
}

}  // namespace chancery::cli
