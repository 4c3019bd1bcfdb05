// The rows of an issuing job: documents to register, checked before anything is signed, and the
// errors of those that cannot be.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "node/cli/compact_signer.h"
#include "node/cli/credential_file.h"
#include "node/cli/issuer.h"
#include "node/cli/status_register.h"

namespace chancery::cli {

struct Row {
    // Both absolute, so that each file has one name.
    std::string file;  // Empty: padding, whose document nobody has.
    std::string out;   // Where the issued document goes; its receipt and status lie beside it.
    bool has_document = true;  // False: only its hash was given.
    // Of one made from a table, or signed already, which lies in no file before it is registered;
    // else empty.
    std::string document = {};
    Hash document_hash{};
    Hash salt{};
    Hash commitment{};
};

struct RowError {
    std::size_t row = 0;  // Line of the table or list, from 1; of documents, where it stood.
    std::string file;
    std::string code = {};  // An Errc's name, or "issuer_mismatch".
    std::string message = {};
    bool is_line = false;  // `file` is a table or list, and `row` a line of it.
};

// "ana.json: what is wrong", "people.csv:7: what is wrong".
std::string text_of(const RowError& error);
json::Value json_of(const RowError& error);
// What the command ends with if this one row was all there was to do.
Error error_of(const RowError& error);

// Of a row that could not be read. The detail may begin with the file's name, which is then told
// once.
RowError row_error(std::size_t row, const std::string& file, const Error& error);
RowError line_error(const std::string& table, std::size_t line, const Error& error);

struct Rows {
    std::vector<Row> rows;  // To be registered; salt and commitment still zero.
    std::vector<RowError> errors;
    std::size_t skipped = 0;  // Registered before: they keep their receipts.
};

// By the file that each is to lie in, without its folder.
using PendingDocuments = std::map<std::string, std::string>;

struct RowSources {
    std::vector<std::string> paths;      // Documents, folders, and tables: .csv.
    std::string hashes;                  // A file with a document hash in hex on each line.
    std::string out;                     // Folder; empty: beside each document.
    std::string document_template = {};  // A file; what tables are turned into documents with.
    PendingDocuments pending = {};       // Of tables, made by a job that was broken off.
    std::span<const StatusRegister> registers = {};  // Whose places no two documents may have.
    StatusRegister* statuses =
        nullptr;             // One of them, where those of tables get a place; nullptr: nowhere.
    bool are_signed = true;  // Each must mean something throughout, or no signature could cover it.
    const CompactSigner* signer = nullptr;  // Makes JWTs of them; nullptr: they stay documents.
    std::string holder_column = {};         // Of tables: the holder's key; empty: none.
    std::optional<json::Value> holder_key = {};  // Of the documents, which no table made; a JWK.
};

bool is_table(std::string_view path);

// `issuer` may be nullptr, for a dry run without a key: then issuers are not compared.
Result<Rows> read_rows(const RowSources& sources, const Issuer* issuer);

// row,file,code,message; quoted as RFC 4180 says.
std::string errors_csv(const std::vector<RowError>& errors);

}  // namespace chancery::cli
