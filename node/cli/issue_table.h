// Documents made from a table: a template filled with each row's fields.
//
//     file,recipient            ana.json      from a column named "file"
//     ana.json,Ana Pérez        people-2.json from the table's name and the line, without one
//
// What an earlier run made of the same row is given again, from the folder or from the journal of a
// job that was broken off.
#pragma once

#include <string>
#include <vector>

#include "node/cli/credential_template.h"
#include "node/cli/csv.h"
#include "node/cli/issue_rows.h"

namespace chancery::cli {

struct MadeDocument {
    std::string table = {};
    std::size_t line = 0;  // Of the table.
    std::string name;      // Of its file.
    json::Value document;
    std::optional<json::Value> holder_key = {};  // A JWK.
    bool is_there = false;                       // Of an earlier run, and says the same.
};

class DocumentMaker {
public:
    // `member` is the issuer; nullptr: a made-up one. Each document gets a place of the sources'
    // register, if they have one. They must outlive the maker.
    static Result<DocumentMaker> open(const RowSources& sources, const ledger::Member* member);

    struct Made {
        std::vector<MadeDocument> documents;
        std::vector<RowError> errors;
    };
    // Errc::invalid if it is no table, or has no column for a hole of the template.
    Result<Made> make(const std::string& table_path) const;

private:
    struct Issuer {
        std::string did;
        std::string name;
    };
    DocumentMaker(CredentialTemplate form, const RowSources& sources, Issuer issuer)
        : template_(std::move(form)), sources_(sources), issuer_(std::move(issuer)) {}

    Result<CredentialTemplate::Values> values_of(const CsvTable& table,
                                                 const CsvRow& row,
                                                 const std::string& salt,
                                                 const std::string& table_folder) const;
    Result<MadeDocument> fill(const std::string& table_path,
                              const CsvTable& table,
                              const CsvRow& row) const;
    Result<std::string> file_name(const CsvTable& table,
                                  const CsvRow& row,
                                  const std::string& stem) const;
    Result<std::optional<json::Value>> holder_key(const CsvTable& table, const CsvRow& row) const;
    // Errc::not_found: there is none.
    Result<CredentialFile> earlier(const std::string& name) const;
    // Those that have no place yet, all at once.
    Result<void> give_places(std::vector<MadeDocument>& documents) const;

    CredentialTemplate template_;
    const RowSources& sources_;
    Issuer issuer_;
};

}  // namespace chancery::cli
