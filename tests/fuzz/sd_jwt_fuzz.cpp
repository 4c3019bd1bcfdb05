// Any text as an SD-JWT, and any payload and disclosures under a good signature: they are refused,
// or give claims without a trace of digests, of which any part can be shown. And as a holder's key.
#include <algorithm>
#include <array>

#include "crypto/base/check.h"
#include "crypto/base/encoding.h"
#include "crypto/credential/badge_sd_jwt.h"
#include "crypto/credential/key_binding.h"
#include "crypto/json/canonical.h"

using namespace chancery;

namespace {

const keys::P256Key& signer() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{1}).value();
    return key;
}

bool has_digests(const json::Value& value) {
    if (const json::Object* const object = value.as_object()) {
        return std::ranges::any_of(*object, [](const json::Member& member) {
            return member.name == "_sd" || member.name == "..." || member.name == "_sd_alg" ||
                   has_digests(member.value);
        });
    }
    const json::Array* const array = value.as_array();
    return array != nullptr && std::ranges::any_of(*array, has_digests);
}

void check_text(const std::string& text) {
    const auto sd_jwt = credential::parse_sd_jwt(text);
    if (!sd_jwt) return;
    const auto disclosed = credential::disclosed_claims(*sd_jwt);
    CHECK(credential::present_sd_jwt(text, {}).has_value() == disclosed.has_value());
    if (!disclosed) return;
    CHECK(!has_digests(disclosed->claims));
    for (const credential::Place& place : disclosed->places) {
        const auto shown = credential::present_sd_jwt(text, {place.pointer});
        CHECK(shown);
        CHECK(credential::disclosed_claims(credential::parse_sd_jwt(*shown).value()));
    }
    static const std::array<jose::PublicKey, 1> silent = {
        keys::P256Key::from_secret(Hash{2}).value().public_key()};
    CHECK(!credential::verify_sd_jwt(text, silent, {}, 0));
    // No holder signed anything for this verifier.
    const credential::KeyBindingWanted wanted{.audience = "a", .nonce = "never given"};
    const auto binding = credential::weigh_key_binding(text, wanted, 0);
    CHECK(binding && binding->result == credential::StepResult::fail);
    const bool is_bound = !sd_jwt->key_binding.empty();
    CHECK(credential::weigh_key_binding(text, std::nullopt, 0).has_value() == is_bound);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = text_of({data, size});
    check_text(std::string(text));
    if (const auto jwk = credential::holder_jwk(text))
        CHECK(credential::holder_jwk(json::canonical(*jwk)).value() == *jwk);
    // Payload and disclosures as JSON, a line each; a line's digest is put where it says @0, @1, ….
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() < 8) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (lines.empty()) return 0;
    std::string disclosures;
    for (std::size_t i = lines.size(); i-- > 1;) {
        const std::string encoded = to_base64url(bytes_of(lines[i]));
        disclosures += encoded + "~";
        const std::string mark = "@" + std::to_string(i);
        for (std::size_t before = 0; before < i; ++before) {
            const std::size_t place = lines[before].find(mark);
            if (place == std::string::npos) continue;
            lines[before].replace(place, mark.size(), credential::sd_digest(encoded));
        }
    }
    check_text(jose::sign_jws({.type = "dc+sd-jwt", .key_id = ""}, lines[0], signer()) + "~" +
               disclosures);
    return 0;
}
