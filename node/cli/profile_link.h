// The link with which a holder adds a credential to a LinkedIn profile.
//
//     https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=…&organizationName=…
//         &issueYear=…&issueMonth=…&expirationYear=…&expirationMonth=…&certId=…&certUrl=…
//
// What the document does not say is left out. Nothing of it is proven: the page at certUrl is.
#pragma once

#include <string>

#include "crypto/base/result.h"
#include "crypto/json/value.h"

namespace chancery::cli {

// `url`: where the credential can be looked at; empty: its id, if that is a web address.
// Errc::invalid if the document has no name, or a date that is none.
Result<std::string> linkedin_link(const json::Value& document, const std::string& url);

// http or https, in printable ASCII, at most 2,048 characters.
bool is_web_address(std::string_view text);

// The document's id if it is a web address; empty if not.
std::string web_address_of(const json::Value& document);

}  // namespace chancery::cli
