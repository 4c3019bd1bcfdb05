// What a verdict on a credential is made of, as files hold it: the document, its receipt, a status
// proof. Trust and today's status are node/cli/inspector.h's.
#pragma once

#include <string>

#include "crypto/credential/verdict.h"

namespace chancery::cli {

// The document and its receipt, if it has one, within or beside.
Result<credential::Evidence> evidence_in(const std::string& path, std::uint64_t now_s);

// Errc::not_found; Errc::invalid with the file's name.
Result<credential::StatusProof> read_status_proof(const std::string& file);
// The one that lies beside a document; nullopt: none does.
Result<std::optional<credential::StatusProof>> status_beside(const std::string& path);

}  // namespace chancery::cli
