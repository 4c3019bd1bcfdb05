// What the registry knows of a credential: a salted hash, from which nothing can be learnt.
//
//     document_hash = H(JCS(document without its top-level "proof"))
//     commitment    = H("chancery/credential/v1" ‖ 00 ‖ salt[32] ‖ document_hash)
//
// Source: PROTOCOL.md, Commitments.
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/json/value.h"

namespace chancery::credential {

Hash document_hash(const json::Value& document);
Hash jwt_document_hash(std::string_view compact_form);
Hash sd_jwt_document_hash(std::string_view compact_form);  // Up to the first '~'.

Hash commitment(const Hash& salt, const Hash& document_hash);

}  // namespace chancery::credential
