#include "crypto/credential/compact_form.h"

#include "crypto/credential/sd_jwt.h"
#include "crypto/credential/vc_jwt.h"

namespace chancery::credential {

Result<CompactForm> read_compact_form(std::string_view text) {
    if (text.find('~') == std::string_view::npos) {
        auto jwt = parse_vc_jwt(text);
        if (!jwt) return jwt.error();
        return CompactForm{
            .is_sd_jwt = false, .jws = std::move(jwt->jws), .document = std::move(jwt->document)};
    }
    auto sd_jwt = parse_sd_jwt(text);
    if (!sd_jwt) return sd_jwt.error();
    if (sd_jwt->issuer_jws.type != sd_jwt_vc_type) {
        return Error{Errc::invalid, "SD-JWT's typ is not dc+sd-jwt"};
    }
    auto disclosed = disclosed_claims(*sd_jwt);
    if (!disclosed) return disclosed.error();
    return CompactForm{.is_sd_jwt = true,
                       .jws = std::move(sd_jwt->issuer_jws),
                       .document = std::move(disclosed->claims)};
}

}  // namespace chancery::credential
