#include "node/cli/csv.h"

#include <algorithm>

namespace chancery::cli {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t fields_max = 256;

class RowReader {
public:
    explicit RowReader(std::string_view text) : rest_(text) {
        if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
        const std::string_view first = rest_.substr(0, rest_.find('\n'));
        const bool is_german = std::ranges::count(first, ';') > std::ranges::count(first, ',');
        separator_ = is_german ? ';' : ',';
    }

    bool is_done() const { return rest_.empty(); }

    Result<std::vector<std::string>> next() {
        std::vector<std::string> fields;
        while (true) {
            auto field = rest_.starts_with('"') ? quoted() : plain();
            if (!field) return field.error();
            fields.push_back(*std::move(field));
            if (fields.size() > fields_max) return Error{Errc::invalid, "more than 256 fields"};
            if (rest_.starts_with(separator_)) {
                rest_.remove_prefix(1);
                continue;
            }
            if (rest_.starts_with('\r')) rest_.remove_prefix(1);
            if (!rest_.empty() && !rest_.starts_with('\n'))
                return Error{Errc::invalid, "text after a closing quotation mark"};
            if (!rest_.empty()) rest_.remove_prefix(1);
            return fields;
        }
    }

private:
    Result<std::string> plain() {
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n')
            ++end;
        std::string field(rest_.substr(0, end));
        rest_.remove_prefix(end);
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
                rest_.remove_prefix(i + 1);
                return field;
            }
        }
        return Error{Errc::invalid, "a quotation mark is not closed"};
    }

    std::string_view rest_;
    char separator_ = ',';
};

bool is_blank(const std::vector<std::string>& fields) {
    return fields.size() == 1 && fields.front().empty();
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

Result<CsvTable> parse_csv(std::string_view text) {
    RowReader reader(text);
    CsvTable table;
    for (std::size_t row = 1; !reader.is_done(); ++row) {
        auto fields = reader.next();
        if (!fields)
            return Error{Errc::invalid,
                         "row " + std::to_string(row) + ": " + fields.error().detail};
        if (is_blank(*fields)) continue;
        if (table.names.empty()) {
            table.names = *std::move(fields);
            continue;
        }
        if (fields->size() != table.names.size())
            return Error{Errc::invalid,
                         "row " + std::to_string(row) + ": " + std::to_string(fields->size()) +
                             " fields, want " + std::to_string(table.names.size())};
        table.rows.push_back(*std::move(fields));
    }
    if (table.names.empty()) return Error{Errc::invalid, "the table has no first row of names"};
    return table;
}

}  // namespace chancery::cli
