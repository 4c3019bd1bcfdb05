// Any text as a JWT, and any header and payload under a good signature: it is refused, or read as
// it was signed, and no key that signed nothing is taken for its own.
#include <algorithm>
#include <array>

#include "crypto/base/check.h"
#include "crypto/base/encoding.h"
#include "crypto/credential/vc_jwt.h"

using namespace chancery;

namespace {

const keys::P256Key& signer() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{1}).value();
    return key;
}

void check_text(std::string_view text) {
    static const std::array<jose::PublicKey, 1> silent = {
        keys::P256Key::from_secret(Hash{2}).value().public_key()};
    const auto jws = jose::parse_jws(text);
    if (!jws) {
        CHECK(jws.error().code == Errc::invalid && !jws.error().detail.empty());
        CHECK(!credential::parse_vc_jwt(text));
        return;
    }
    CHECK(jose::is_compact(text) && text.starts_with(jws->signed_text));
    CHECK(!jose::is_signed_by(*jws, silent));
    const auto jwt = credential::parse_vc_jwt(text);
    if (!jwt) return;
    const auto again = credential::sign_vc_jwt(jwt->document, jws->key_id, signer());
    if (!again) return;
    const std::array<jose::PublicKey, 1> own = {signer().public_key()};
    CHECK(jose::is_signed_by(credential::parse_vc_jwt(*again).value().jws, own));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    check_text(text);
    // Header, LF, payload.
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string parts = to_base64url(bytes_of(text.substr(0, end))) + "." +
                        to_base64url(bytes_of(text.substr(std::min(end + 1, text.size()))));
    parts += "." + to_base64url(signer().sign(bytes_of(parts)));
    check_text(parts);
    return 0;
}
