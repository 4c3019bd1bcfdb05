// Whom a badge is about, where it names a person by a salted hash of an address.
//
//     identityHash = "sha256$" ‖ hex(SHA-256(address in lower case ‖ salt))
//
// Source: Open Badges 3.0, IdentityObject.
#pragma once

#include <string>
#include <string_view>

#include "crypto/credential/verdict.h"
#include "crypto/json/value.h"

namespace chancery::credential {

std::string identity_hash(std::string_view address, std::string_view salt);

// Whether the document's credentialSubject is about this e-mail address: pass, fail, or could not
// check, with a reason that repeats nothing of either. ASCII letters' case does not count.
StepReport check_recipient(const json::Value& document, std::string_view address);

}  // namespace chancery::credential
