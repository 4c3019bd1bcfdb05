// Any text as a DID, and as the document of one: refused, or within the limits, and its keys are
// those of methods that it lists and controls.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/credential/did_web.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    if (const auto address = credential::did_web_address(text)) {
        CHECK(address->starts_with("https://") && address->ends_with("/did.json"));
        CHECK(address->find_first_of("@?# ") == std::string::npos);
        CHECK(address->find("/../") == std::string::npos &&
              address->find("/./") == std::string::npos);
    }
    const std::string did = "did:web:uni-a.example";
    const auto keys = credential::parse_did_document(text, did);
    if (!keys) {
        CHECK(keys.error().code == Errc::invalid);
        return 0;
    }
    CHECK(keys->did == did);
    CHECK(keys->methods.size() <= 2 * credential::verification_methods_max);
    for (const credential::IssuerKeys::Method& method : keys->methods) {
        CHECK(method.proof_key || method.jwt_key);
        CHECK(keys->find(method.id) == &method);
    }
    return 0;
}
