#include "crypto/credential/sd_jwt.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr json::Limits sd_json_limits{
    .bytes_max = sd_jwt_bytes_max, .depth_max = sd_jwt_depth_max, .elements_max = 100'000};
constexpr std::string_view key_binding_type = "kb+jwt";
constexpr std::uint64_t ahead_max_s = 300;

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

const json::Value* confirmed_jwk(const json::Value& claims) {
    const json::Value* const confirmation = claims.find("cnf");
    return confirmation == nullptr ? nullptr : confirmation->find("jwk");
}

bool says(const json::Value& object, std::string_view name, std::string_view wanted) {
    const std::string* const text = json::string_in(object, name);
    return text != nullptr && *text == wanted;
}

Result<void> check_binding_claims(const json::Value& claims,
                                  const KeyBindingWanted& wanted,
                                  std::string_view presented,
                                  std::uint64_t now_s) {
    if (!says(claims, "nonce", wanted.nonce)) {
        return Error{Errc::invalid, "key binding: nonce is not the one that was asked for"};
    }
    if (!says(claims, "aud", wanted.audience)) {
        return Error{Errc::invalid, "key binding: is for another audience"};
    }
    if (!says(claims, "sd_hash", sd_digest(presented))) {
        return Error{Errc::invalid, "key binding: is of another presentation"};
    }
    const json::Value* const issued = claims.find("iat");
    if (issued == nullptr || issued->as_integer() == nullptr || *issued->as_integer() < 0) {
        return Error{Errc::invalid, "key binding: has no iat"};
    }
    const auto issued_s = static_cast<std::uint64_t>(*issued->as_integer());
    if (issued_s > now_s + ahead_max_s || issued_s + wanted.age_max_s < now_s) {
        return Error{Errc::invalid, "key binding: is too old or ahead of time"};
    }
    return {};
}

Result<void> check_key_binding(const SdJwt& sd_jwt,
                               std::string_view text,
                               const KeyBindingWanted& wanted,
                               std::uint64_t now_s) {
    if (sd_jwt.key_binding.empty()) return Error{Errc::invalid, "key binding is missing"};
    const json::Value* const jwk = confirmed_jwk(sd_jwt.payload);
    if (jwk == nullptr) return Error{Errc::invalid, "key binding: the issuer names no key in cnf"};
    const auto key = jose::public_key_from_jwk(*jwk);
    if (!key) return Error{Errc::invalid, "key binding: " + key.error().detail};
    const auto jws = jose::parse_jws(sd_jwt.key_binding);
    if (!jws) return Error{Errc::invalid, "key binding: " + jws.error().detail};
    if (jws->type != key_binding_type) {
        return Error{Errc::invalid, "key binding: typ is not kb+jwt"};
    }
    if (!jose::is_signed_by(*jws, std::span(&*key, 1))) {
        return Error{Errc::forbidden,
                     "key binding: is not signed by the key that the issuer named"};
    }
    const auto claims = json::parse(jws->payload, sd_json_limits);
    if (!claims) return Error{Errc::invalid, "key binding: " + claims.error().detail};
    const std::string_view presented = text.substr(0, text.size() - sd_jwt.key_binding.size());
    return check_binding_claims(*claims, wanted, presented, now_s);
}

Result<void> check_times(const json::Value& payload, std::uint64_t now_s) {
    const auto now = static_cast<std::int64_t>(now_s);
    for (const std::string_view name : {"nbf", "exp"}) {
        const json::Value* const value = payload.find(name);
        if (value == nullptr) continue;
        const std::int64_t* const second = value->as_integer();
        if (second == nullptr) {
            return Error{Errc::invalid, "SD-JWT's " + std::string(name) + " is no integer"};
        }
        if (name == "nbf" && now < *second) return Error{Errc::invalid, "SD-JWT is not yet valid"};
        if (name == "exp" && now >= *second) return Error{Errc::invalid, "SD-JWT has expired"};
    }
    return {};
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

Result<json::Value> verify_sd_jwt(std::string_view text,
                                  std::span<const jose::PublicKey> keys,
                                  const SdJwtPolicy& policy,
                                  std::uint64_t now_s) {
    const auto sd_jwt = parse_sd_jwt(text);
    if (!sd_jwt) return sd_jwt.error();
    if (sd_jwt->issuer_jws.type != policy.type) {
        return Error{Errc::invalid, "SD-JWT's typ is not " + std::string(policy.type)};
    }
    if (!jose::is_signed_by(sd_jwt->issuer_jws, keys)) {
        return Error{Errc::forbidden, "SD-JWT is not signed by a key of the issuer"};
    }
    auto disclosed = disclosed_claims(*sd_jwt);
    if (!disclosed) return disclosed.error();
    if (const auto good = check_times(sd_jwt->payload, now_s); !good) return good.error();
    if (policy.key_binding) {
        const auto bound = check_key_binding(*sd_jwt, text, *policy.key_binding, now_s);
        if (!bound) return bound.error();
    }
    return std::move(disclosed->claims);
}

}  // namespace chancery::credential
