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
    bool is_there = false;  // Of an earlier run, and says the same.
};

class DocumentMaker {
public:
    // `folder` is where the documents will lie, `member` the issuer; nullptr: a made-up one. Each
    // document gets a place of `statuses`; nullptr: none does. `pending` may be nullptr. Both must
    // outlive the maker.
    static Result<DocumentMaker> open(const std::string& template_path,
                                      const std::string& folder,
                                      const ledger::Member* member,
                                      StatusRegister* statuses,
                                      const PendingDocuments* pending = nullptr);

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
    DocumentMaker(CredentialTemplate form,
                  std::string folder,
                  Issuer issuer,
                  StatusRegister* statuses,
                  const PendingDocuments* pending)
        : template_(std::move(form)),
          folder_(std::move(folder)),
          issuer_(std::move(issuer)),
          statuses_(statuses),
          pending_(pending) {}

    Result<CredentialTemplate::Values> values_of(const CsvTable& table,
                                                 const CsvRow& row,
                                                 const std::string& salt,
                                                 const std::string& table_folder) const;
    // Errc::not_found: there is none.
    Result<CredentialFile> earlier(const std::string& name) const;
    Result<MadeDocument> fill(const std::string& table_path,
                              const CsvTable& table,
                              const CsvRow& row) const;
    // Those that have no place yet, all at once.
    Result<void> give_places(std::vector<MadeDocument>& documents) const;

    CredentialTemplate template_;
    std::string folder_;
    Issuer issuer_;
    StatusRegister* statuses_;
    const PendingDocuments* pending_;
};

}  // namespace chancery::cli
