// The rows of an issuing job: documents to register, checked before anything is signed, and the
// errors of those that cannot be.
#pragma once

#include <string>
#include <vector>

#include "node/cli/credential_file.h"
#include "node/cli/issuer.h"

namespace chancery::cli {

struct Row {
    // Both absolute, so that each file has one name.
    std::string file;  // Empty: padding, whose document nobody has.
    std::string out;   // Where the issued document goes; its receipt and status lie beside it.
    bool has_document = true;  // False: only its hash was given.
    Hash document_hash{};
    Hash salt{};
    Hash commitment{};
};

struct RowError {
    std::size_t row = 0;  // From 1, in the order given.
    std::string file;
    std::string code;  // An Errc's name, or "issuer_mismatch".
    std::string message;
};

struct Rows {
    std::vector<Row> rows;  // To be registered; salt and commitment still zero.
    std::vector<RowError> errors;
    std::size_t skipped = 0;  // Registered before: they keep their receipts.
};

struct RowSources {
    std::vector<std::string> paths;  // Documents and folders.
    std::string hashes;              // A file with a document hash in hex on each line; or empty.
    std::string out;                 // Folder; empty: beside each document.
};

// `issuer` may be nullptr, for a dry run without a key: then issuers are not compared.
Result<Rows> read_rows(const RowSources& sources, const Issuer* issuer);

// row,file,code,message; quoted as RFC 4180 says.
std::string errors_csv(const std::vector<RowError>& errors);

}  // namespace chancery::cli
