#include "node/cli/issue_table.h"

#include <algorithm>
#include <filesystem>

#include "crypto/credential/commitment.h"
#include "crypto/json/canonical.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_column = "file";
constexpr std::string_view document_ending = ".json";
constexpr std::size_t name_bytes_max = 200;
// For a look without a key.
constexpr std::string_view nobodys_did = "did:example:issuer";

// A plain name: it must lie in the folder, and must not hide or pass for something else.
bool is_plain_name(std::string_view name) {
    const bool has_control = std::ranges::any_of(
        name, [](char letter) { return static_cast<unsigned char>(letter) < 0x20; });
    return !name.empty() && name.size() <= name_bytes_max && !has_control &&
           !name.starts_with('.') && name.find_first_of("/\\") == std::string_view::npos &&
           !name.ends_with(".status.json");
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::optional<Error> missing_column(const CredentialTemplate& form, const CsvTable& table) {
    for (const std::string& name : form.columns())
        if (!table.column(name))
            return Error{
                Errc::invalid,
                "the template wants a column " + name + ", the table has " + listed(table.names)};
    return std::nullopt;
}

Result<std::string> file_name(const CsvTable& table, const CsvRow& row, const std::string& stem) {
    const auto column = table.column(file_column);
    if (!column) return stem + "-" + std::to_string(row.line) + std::string(document_ending);
    const std::string& name = row.fields[*column];
    if (!is_plain_name(name))
        return Error{Errc::invalid,
                     "column file: want a plain name of at most " + std::to_string(name_bytes_max) +
                         " bytes, as in ana.json"};
    return name.ends_with(document_ending) ? name : name + std::string(document_ending);
}

}  // namespace

Result<DocumentMaker> DocumentMaker::open(const std::string& template_path,
                                          const std::string& folder,
                                          const ledger::Member* member) {
    const auto text = node::read_file(template_path, document_bytes_max);
    if (!text) return text.error();
    auto form = CredentialTemplate::parse(*text);
    if (!form) return Error{Errc::invalid, template_path + ": " + form.error().detail};
    CredentialTemplate::Values values;
    values.emplace(issuer_did_hole, member == nullptr ? std::string(nobodys_did) : did_of(*member));
    values.emplace(issuer_name_hole, member == nullptr ? std::string("-") : member->name);
    return DocumentMaker(*std::move(form), folder, std::move(values));
}

Result<CredentialTemplate::Values> DocumentMaker::values_of(const CsvTable& table,
                                                            const CsvRow& row) const {
    CredentialTemplate::Values values = values_;
    for (const std::string& column : template_.columns()) {
        const std::string& field = row.fields[*table.column(column)];
        if (field.empty())
            return Error{Errc::invalid, "column " + column + " is empty, want a value"};
        values.emplace(column, field);
    }
    return values;
}

// What an earlier run left stays as it is: it may be registered.
Result<MadeDocument> DocumentMaker::fill(const std::string& name,
                                         const CredentialTemplate::Values& values) const {
    const std::string path = folder_ + "/" + name;
    const auto earlier = read_credential(path);
    if (!earlier && earlier.error().code != Errc::not_found) return earlier.error();
    MadeDocument made{.name = name,
                      .document = template_.fill(values, earlier ? &earlier->document : nullptr),
                      .is_there = earlier.has_value()};
    const std::size_t bytes = json::pretty(made.document).size();
    if (bytes > document_bytes_max)
        return Error{Errc::invalid,
                     "makes a document of " + std::to_string(bytes) + " bytes, want at most " +
                         std::to_string(document_bytes_max)};
    if (earlier && earlier->hash != credential::document_hash(made.document))
        return Error{Errc::conflict, path + " is there and is not what this row makes"};
    return made;
}

Result<DocumentMaker::Made> DocumentMaker::make(const std::string& table_path) const {
    const auto text = node::read_file(table_path, csv_bytes_max);
    if (!text) return text.error();
    const auto table = parse_csv(*text);
    if (!table) return Error{Errc::invalid, table_path + ": " + table.error().detail};
    if (auto wrong = missing_column(template_, *table))
        return Error{wrong->code, table_path + ": " + wrong->detail};
    const std::string stem = fs::path(table_path).stem().string();
    Made made;
    for (const CsvTable::Bad& bad : table->bad)
        made.errors.push_back(line_error(table_path, bad.line, {Errc::invalid, bad.what}));
    for (const CsvRow& row : table->rows) {
        const auto name = file_name(*table, row, stem);
        const auto values = values_of(*table, row);
        if (!name || !values) {
            made.errors.push_back(
                line_error(table_path, row.line, name ? values.error() : name.error()));
            continue;
        }
        auto document = fill(*name, *values);
        if (!document) {
            made.errors.push_back(line_error(table_path, row.line, document.error()));
            continue;
        }
        document->table = table_path;
        document->line = row.line;
        made.documents.push_back(*std::move(document));
    }
    return made;
}

}  // namespace chancery::cli
