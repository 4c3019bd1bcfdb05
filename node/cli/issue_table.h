// Documents made from a table: a template filled with each row's fields.
//
//     file,recipient            ana.json      from a column named "file"
//     ana.json,Ana Pérez        people-2.json from the table's name and the line, without one
//
// The same table and folder give the same documents again, so that a job that was broken off can be
// taken up.
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
    bool is_there = false;  // The file lies in the folder since an earlier run, and says the same.
};

class DocumentMaker {
public:
    // `folder` is where the documents will lie, `member` the issuer; nullptr: a made-up one.
    static Result<DocumentMaker> open(const std::string& template_path,
                                      const std::string& folder,
                                      const ledger::Member* member);

    struct Made {
        std::vector<MadeDocument> documents;
        std::vector<RowError> errors;
    };
    // Errc::invalid if it is no table, or has no column for a hole of the template.
    Result<Made> make(const std::string& table_path) const;

private:
    DocumentMaker(CredentialTemplate form, std::string folder, CredentialTemplate::Values values)
        : template_(std::move(form)), folder_(std::move(folder)), values_(std::move(values)) {}

    Result<CredentialTemplate::Values> values_of(const CsvTable& table, const CsvRow& row) const;
    Result<MadeDocument> fill(const std::string& name,
                              const CredentialTemplate::Values& values) const;

    CredentialTemplate template_;
    std::string folder_;
    CredentialTemplate::Values values_;  // The same for all rows.
};

}  // namespace chancery::cli
