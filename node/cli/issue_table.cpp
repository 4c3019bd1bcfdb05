#include "node/cli/issue_table.h"

#include <algorithm>
#include <filesystem>

#include "crypto/credential/badge_sd_jwt.h"
#include "crypto/credential/commitment.h"
#include "crypto/json/canonical.h"
#include "node/cli/parallel.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_column = "file";
constexpr std::string_view status_member = "credentialStatus";
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
    for (const Hole& hole : form.holes())
        if (!hole.column.empty() && hole.if_empty == Hole::IfEmpty::refuse &&
            !table.column(hole.column))
            return Error{Errc::invalid,
                         "the template wants a column " + hole.column + ", the table has " +
                             listed(table.names)};
    return std::nullopt;
}

Error nothing_at(const std::string& pointer, const std::string& path) {
    return {Errc::invalid, path + ": --conceal: nothing is at " + pointer};
}

}  // namespace

Result<DocumentMaker> DocumentMaker::open(const RowSources& sources, const ledger::Member* member) {
    const std::string& path = sources.document_template;
    const auto text = node::read_file(path, document_bytes_max);
    if (!text) return text.error();
    auto form = CredentialTemplate::parse(*text);
    if (!form) return Error{Errc::invalid, path + ": " + form.error().detail};
    if (sources.statuses != nullptr && form->has_member(status_member))
        return Error{Errc::invalid,
                     path + ": /credentialStatus is there, and --status-list puts its own"};
    if (sources.signer != nullptr && sources.signer->plan().concealed)
        for (const std::string& pointer : *sources.signer->plan().concealed)
            if (!form->has(pointer)) return nothing_at(pointer, path);
    Issuer issuer{std::string(nobodys_did), "-"};
    if (member != nullptr) issuer = {did_of(*member), member->name};
    return DocumentMaker(*std::move(form), sources, std::move(issuer));
}

Result<std::string> DocumentMaker::file_name(const CsvTable& table,
                                             const CsvRow& row,
                                             const std::string& stem) const {
    const std::string ending =
        ending_of(sources_.signer == nullptr ? IssueForm::json : sources_.signer->plan().form);
    const auto column = table.column(file_column);
    if (!column) return stem + "-" + std::to_string(row.line) + ending;
    const std::string& name = row.fields[*column];
    if (!is_plain_name(name))
        return Error{Errc::invalid,
                     "column file: want a plain name of at most " + std::to_string(name_bytes_max) +
                         " bytes, as in ana.json"};
    if (name.ends_with(ending)) return name;
    // One table serves all forms.
    const bool is_json_name = name.ends_with(ending_of(IssueForm::json));
    return (is_json_name ? std::string(stem_of(name)) : name) + ending;
}

Result<std::optional<json::Value>> DocumentMaker::holder_key(const CsvTable& table,
                                                             const CsvRow& row) const {
    using Found = std::optional<json::Value>;
    if (sources_.holder_column.empty()) return Found();
    const auto column = table.column(sources_.holder_column);
    if (!column || row.fields[*column].empty()) return Found();
    auto key = credential::holder_jwk(row.fields[*column]);
    if (!key)
        return Error{Errc::invalid, "column " + sources_.holder_column + ": " + key.error().detail};
    return Found(*std::move(key));
}

Result<CredentialTemplate::Values> DocumentMaker::values_of(const CsvTable& table,
                                                            const CsvRow& row,
                                                            const std::string& salt,
                                                            const std::string& table_folder) const {
    HoleContext context;
    context.issuer_did = issuer_.did;
    context.issuer_name = issuer_.name;
    context.salt = salt;
    context.folder = table_folder;
    context.field = [&](const std::string& name) -> std::optional<std::string> {
        const auto column = table.column(name);
        if (!column) return std::nullopt;
        return row.fields[*column];
    };
    CredentialTemplate::Values values;
    for (const Hole& hole : template_.holes()) {
        auto value = value_of(hole, context);
        if (!value) return value.error();
        values.emplace(hole, *std::move(value));
    }
    return values;
}

Result<CredentialFile> DocumentMaker::earlier(const std::string& name) const {
    const std::string path = sources_.out + "/" + name;
    const auto found = sources_.pending.find(name);
    return found == sources_.pending.end() ? read_credential(path)
                                           : credential_in(found->second, path);
}

// What an earlier run left stays as it is: it may be registered.
Result<MadeDocument> DocumentMaker::fill(const std::string& table_path,
                                         const CsvTable& table,
                                         const CsvRow& row) const {
    const fs::path from(table_path);
    const auto name = file_name(table, row, from.stem().string());
    if (!name) return name.error();
    const auto found = earlier(*name);
    if (!found && found.error().code != Errc::not_found) return found.error();
    const json::Value old = found ? document_within(*found) : json::Value();
    const auto old_salt = found ? template_.salt_in(old) : std::optional<std::string>();
    auto key = holder_key(table, row);
    if (!key) return key.error();
    const auto values =
        values_of(table, row, old_salt ? *old_salt : random_salt(), from.parent_path().string());
    if (!values) return values.error();
    MadeDocument made{.table = table_path,
                      .line = row.line,
                      .name = *name,
                      .document = template_.fill(*values, found ? &old : nullptr),
                      .holder_key = *std::move(key),
                      .is_there = found.has_value()};
    const bool keeps_place = found && !template_.has_member(status_member);
    const json::Value* const place = keeps_place ? old.find(status_member) : nullptr;
    if (place != nullptr) made.document.set(status_member, *place);
    const std::size_t bytes = json::pretty(made.document).size();
    if (bytes > document_bytes_max)
        return Error{Errc::invalid,
                     "makes a document of " + std::to_string(bytes) + " bytes, want at most " +
                         std::to_string(document_bytes_max)};
    if (found && credential::document_hash(old) != credential::document_hash(made.document))
        return Error{Errc::conflict,
                     sources_.out + "/" + *name + " is there and is not what this row makes"};
    return made;
}

Result<void> DocumentMaker::give_places(std::vector<MadeDocument>& documents) const {
    if (sources_.statuses == nullptr) return {};
    std::vector<MadeDocument*> without;
    for (MadeDocument& made : documents) {
        if (made.is_there) continue;  // As it is: it may be registered.
        without.push_back(&made);
    }
    if (without.empty()) return {};
    const auto places = sources_.statuses->take(without.size());
    if (!places) return places.error();
    for (std::size_t i = 0; i < without.size(); ++i)
        without[i]->document.set(status_member, sources_.statuses->status_of((*places)[i]));
    return {};
}

Result<DocumentMaker::Made> DocumentMaker::make(const std::string& table_path) const {
    const auto text = node::read_file(table_path, csv_bytes_max);
    if (!text) return text.error();
    const auto table = parse_csv(*text);
    if (!table) return Error{Errc::invalid, table_path + ": " + table.error().detail};
    if (auto wrong = missing_column(template_, *table))
        return Error{wrong->code, table_path + ": " + wrong->detail};
    const bool wants_holders = !sources_.holder_column.empty();
    if (wants_holders && !table->column(sources_.holder_column))
        return Error{Errc::invalid,
                     table_path + ": has no column " + sources_.holder_column +
                         ", which --holder-column names"};
    Made made;
    for (const CsvTable::Bad& bad : table->bad)
        made.errors.push_back(line_error(table_path, bad.line, {Errc::invalid, bad.what}));
    const std::vector<CsvRow>& rows = table->rows;
    std::vector<std::optional<Result<MadeDocument>>> filled(rows.size());
    on_all_processors(rows.size(),
                      [&](std::size_t i) { filled[i] = fill(table_path, *table, rows[i]); });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Result<MadeDocument>& document = *filled[i];
        if (document)
            made.documents.push_back(*std::move(document));
        else
            made.errors.push_back(line_error(table_path, rows[i].line, document.error()));
    }
    if (const auto given = give_places(made.documents); !given) return given.error();
    return made;
}

}  // namespace chancery::cli
