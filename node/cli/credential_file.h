// A credential on this machine: the document, whatever it travels in, and what lies beside it.
//
//     ana.badge.json     ana.badge.tlog-proof (receipt with salt)     ana.badge.status.json
//     ana.badge.png      the same two
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/json/value.h"
#include "node/cli/credential_container.h"
#include "node/cli/node_client.h"
#include "node/staged_files.h"

namespace chancery::cli {

inline constexpr std::size_t uuid_characters = 36;

struct CredentialFile {
    std::string path;
    json::Value document;  // Of a JWT its payload, of an SD-JWT what it discloses.
    Hash hash{};           // What a commitment is of.
    Container container = {};

    // JWT or SD-JWT; empty if it is neither.
    std::string jwt() const { return container.form == Form::compact ? container.text : ""; }
};

// "-": stdin. Errc::invalid with path and offset.
Result<CredentialFile> read_credential(const std::string& path);
// The same of a file's content that was read already, or is to be written.
Result<CredentialFile> credential_in(std::string content, const std::string& path);

std::string receipt_path(const std::string& document_path);
std::string status_path(const std::string& document_path);

// All documents among these files and folders: in a folder, every .json that is no status proof,
// sorted; no folder within is entered. Errc::not_found if one of them is not there, Errc::invalid
// if there is no document.
Result<std::vector<std::string>> find_documents(const std::vector<std::string>& paths);
// The same, and in a folder .jwt, .sd-jwt, and .png and .svg that carry a credential. Of files that
// differ in their ending alone, which are one credential, the first in that order.
Result<std::vector<std::string>> find_credentials(const std::vector<std::string>& paths);

// The receipt for exactly this document: beside it, or among its proofs; the first if there are
// several. nullopt: none.
Result<std::optional<credential::Receipt>> receipt_of(const CredentialFile& file);
// Among its proofs alone.
Result<std::optional<credential::Receipt>> receipt_within(const CredentialFile& file);
// In a text that lies beside it and that messages call `name`; nullopt: of another document.
Result<std::optional<credential::Receipt>> receipt_beside(const CredentialFile& file,
                                                          std::string_view text,
                                                          const std::string& name);

// The receipt that lies beside it, of whatever document it is. nullopt: none does.
Result<std::optional<credential::Receipt>> any_receipt_beside(const std::string& path);

// Whose entry a receipt speaks of. Errc::invalid unless it is of kind 2.
Result<CredentialKey> key_of(const credential::Receipt& receipt);

// For the ids of documents: RFC 9562, version 4.
std::string random_uuid();

// Beside `path`, replaced at once.
Result<void> write_receipt(const std::string& path, const credential::Receipt& receipt);
// The same when `files` are committed.
Result<void> add_receipt(node::StagedFiles& files,
                         const std::string& path,
                         const credential::Receipt& receipt);
Result<void> add_status(node::StagedFiles& files,
                        const std::string& path,
                        const credential::StatusProof& status);

// Receipt and status proof beside `file.path`, and the document there, in the container that it
// came in, with the receipt in its proof. A JWT has no room for one and stays as it is.
Result<void> add_issued(node::StagedFiles& files,
                        const CredentialFile& file,
                        json::Value document,
                        const credential::Receipt& receipt,
                        const credential::StatusProof& status);

}  // namespace chancery::cli
