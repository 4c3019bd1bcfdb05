// A credential that is a signed text in compact form: a JWT, or an SD-JWT with what is disclosed.
// Source: PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <string_view>

#include "crypto/jose/jws.h"

namespace chancery::credential {

struct CompactForm {
    bool is_sd_jwt = false;
    jose::Jws jws;         // The issuer's.
    json::Value document;  // The payload; of an SD-JWT the claims that are disclosed.
};

// An SD-JWT if it has a '~'. Errc::invalid as of parse_vc_jwt, or parse_sd_jwt and
// disclosed_claims; an SD-JWT's `typ` must be dc+sd-jwt. Key binding is for whoever asked for it.
Result<CompactForm> read_compact_form(std::string_view text);

}  // namespace chancery::credential
