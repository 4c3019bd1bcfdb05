#include "crypto/credential/sd_jwt.h"

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr json::Limits sd_json_limits{
    .bytes_max = sd_jwt_bytes_max, .depth_max = sd_jwt_depth_max, .elements_max = 100'000};

Result<Disclosure> parse_disclosure(std::string_view encoded) {
    const auto bytes = from_base64url(encoded);
    if (!bytes) return Error{Errc::invalid, bytes.error().detail};
    auto parts = json::parse(text_of(*bytes), sd_json_limits);
    if (!parts) return parts.error();
    json::Array* const array = parts->as_array();
    if (array == nullptr || (array->size() != 2 && array->size() != 3)) {
        return Error{Errc::invalid, "want an array of 2 or 3"};
    }
    const std::string* const salt = array->front().as_string();
    if (salt == nullptr) return Error{Errc::invalid, "salt is no text"};
    Disclosure disclosure{std::string(encoded), *salt, std::nullopt, std::move(array->back())};
    if (array->size() == 2) return disclosure;
    const std::string* const name = (*array)[1].as_string();
    if (name == nullptr) return Error{Errc::invalid, "name is no text"};
    disclosure.name = *name;
    return disclosure;
}

}  // namespace

std::string sd_digest(std::string_view text) { return to_base64url(sha256(bytes_of(text))); }

Result<SdJwt> parse_sd_jwt(std::string_view text) {
    if (text.size() > sd_jwt_bytes_max) {
        return Error{Errc::invalid,
                     "SD-JWT has " + std::to_string(text.size()) + " bytes, want at most " +
                         std::to_string(sd_jwt_bytes_max)};
    }
    const std::size_t first = text.find('~');
    if (first == std::string_view::npos) return Error{Errc::invalid, "SD-JWT has no ~"};
    SdJwt sd_jwt;
    sd_jwt.issuer_text = text.substr(0, first);
    auto jws = jose::parse_jws(sd_jwt.issuer_text);
    if (!jws) return jws.error();
    sd_jwt.issuer_jws = *std::move(jws);
    auto payload = json::parse(sd_jwt.issuer_jws.payload, sd_json_limits);
    if (!payload) return Error{Errc::invalid, "SD-JWT's payload: " + payload.error().detail};
    if (payload->as_object() == nullptr) {
        return Error{Errc::invalid, "SD-JWT's payload is no object"};
    }
    sd_jwt.payload = *std::move(payload);
    text.remove_prefix(first + 1);
    for (std::size_t end = text.find('~'); end != std::string_view::npos; end = text.find('~')) {
        const std::string where = "disclosure " + std::to_string(sd_jwt.disclosures.size());
        if (sd_jwt.disclosures.size() == disclosures_max) {
            return Error{Errc::invalid, "SD-JWT has more than 1000 disclosures"};
        }
        auto disclosure = parse_disclosure(text.substr(0, end));
        if (!disclosure) return Error{Errc::invalid, where + ": " + disclosure.error().detail};
        sd_jwt.disclosures.push_back(*std::move(disclosure));
        text.remove_prefix(end + 1);
    }
    sd_jwt.key_binding = text;
    return sd_jwt;
}

}  // namespace chancery::credential
