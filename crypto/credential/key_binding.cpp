#include "crypto/credential/key_binding.h"

#include "crypto/credential/date_time.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr std::string_view key_binding_type = "kb+jwt";
constexpr json::Limits binding_limits{
    .bytes_max = std::size_t{16} * 1024, .depth_max = 4, .elements_max = 64};

Error binding_error(const std::string& what) { return {Errc::invalid, "key binding: " + what}; }

bool is_from_later(const KeyBinding& binding, std::uint64_t now_s) {
    return binding.issued_at_s > now_s + clock_ahead_max_s;
}

Result<jose::PublicKey> confirmed_key(const json::Value& payload) {
    const json::Value* const confirmation = payload.find("cnf");
    const json::Value* const jwk = confirmation == nullptr ? nullptr : confirmation->find("jwk");
    if (jwk == nullptr) return binding_error("the issuer names no key in cnf");
    auto key = jose::public_key_from_jwk(*jwk);
    if (!key) return binding_error(key.error().detail);
    return key;
}

Result<KeyBinding> binding_from(const json::Value& claims, std::string_view presented) {
    if (json::text_in(claims, "sd_hash") != sd_digest(presented)) {
        return binding_error("is of another presentation");
    }
    const json::Value* const issued = claims.find("iat");
    if (issued == nullptr || issued->as_integer() == nullptr || *issued->as_integer() < 0) {
        return binding_error("has no iat");
    }
    return KeyBinding{std::string(json::text_in(claims, "aud")),
                      std::string(json::text_in(claims, "nonce")),
                      static_cast<std::uint64_t>(*issued->as_integer())};
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

Result<std::string> bind_key(std::string_view presentation,
                             const KeyBinding& binding,
                             const keys::P256Key& holder_key) {
    if (const auto sd_jwt = parse_sd_jwt(presentation); !sd_jwt) return sd_jwt.error();
    if (!presentation.ends_with('~')) {
        return Error{Errc::invalid, "the presentation has a key binding already"};
    }
    const json::Value claims = json::Object{{"aud", binding.audience},
                                            {"iat", binding.issued_at_s},
                                            {"nonce", binding.nonce},
                                            {"sd_hash", sd_digest(presentation)}};
    const jose::JwsHeader header{.type = std::string(key_binding_type), .key_id = ""};
    return std::string(presentation) + jose::sign_jws(header, json::canonical(claims), holder_key);
}

Result<KeyBinding> read_key_binding(const SdJwt& sd_jwt, std::string_view text) {
    if (sd_jwt.key_binding.empty()) return Error{Errc::invalid, "key binding is missing"};
    const auto key = confirmed_key(sd_jwt.payload);
    if (!key) return key.error();
    const auto jws = jose::parse_jws(sd_jwt.key_binding);
    if (!jws) return binding_error(jws.error().detail);
    if (jws->type != key_binding_type) return binding_error("typ is not kb+jwt");
    if (!jose::is_signed_by(*jws, std::span(&*key, 1))) {
        return Error{Errc::forbidden,
                     "key binding: is not signed by the key that the issuer named"};
    }
    const auto claims = json::parse(jws->payload, binding_limits);
    if (!claims) return binding_error(claims.error().detail);
    return binding_from(*claims, text.substr(0, text.size() - sd_jwt.key_binding.size()));
}

Result<void> check_key_binding(const KeyBinding& binding,
                               const KeyBindingWanted& wanted,
                               std::uint64_t now_s) {
    if (binding.nonce != wanted.nonce)
        return binding_error("nonce is not the one that was asked for");
    if (binding.audience != wanted.audience) return binding_error("is for another audience");
    if (is_from_later(binding, now_s) || binding.issued_at_s + wanted.age_max_s < now_s) {
        return binding_error("is too old or ahead of time");
    }
    return {};
}

std::optional<StepReport> weigh_key_binding(std::string_view text,
                                            const std::optional<KeyBindingWanted>& wanted,
                                            std::uint64_t now_s) {
    const bool is_sd_jwt = text.find('~') != std::string_view::npos;
    const auto sd_jwt = is_sd_jwt ? parse_sd_jwt(text) : Result<SdJwt>(SdJwt{});
    const bool is_bound = sd_jwt && !sd_jwt->key_binding.empty();
    if (!is_bound && !wanted) return std::nullopt;
    if (!is_bound) return StepReport{StepResult::fail, "the holder signed no presentation of it"};
    const auto binding = read_key_binding(*sd_jwt, text);
    if (!binding) return StepReport{StepResult::fail, binding.error().detail};
    if (wanted) {
        const auto good = check_key_binding(*binding, *wanted, now_s);
        if (!good) return StepReport{StepResult::fail, good.error().detail};
    }
    if (is_from_later(*binding, now_s)) {
        return StepReport{StepResult::fail, "key binding: is ahead of time"};
    }
    return StepReport{StepResult::pass,
                      (wanted ? "the holder signed it for this audience and nonce at "
                              : "the holder signed it, for whom was not asked, at ") +
                          to_date_time(binding->issued_at_s)};
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
    if (!policy.key_binding) return std::move(disclosed->claims);
    const auto binding = read_key_binding(*sd_jwt, text);
    if (!binding) return binding.error();
    const auto good = check_key_binding(*binding, *policy.key_binding, now_s);
    if (!good) return good.error();
    return std::move(disclosed->claims);
}

}  // namespace chancery::credential
