#include "crypto/jose/jws.h"

#include <algorithm>
#include <array>

#include "crypto/base/ascii.h"
#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"

namespace chancery::jose {
namespace {

constexpr std::array<std::string_view, 2> algorithm_names = {"ES256", "RS256"};
constexpr json::Limits header_limits{
    .bytes_max = jws_header_bytes_max, .depth_max = 4, .elements_max = 64};

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
};

bool is_base64url(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::optional<Parts> parts_of(std::string_view compact) {
    const std::size_t first = compact.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = compact.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const Parts parts{compact.substr(0, first),
                      compact.substr(first + 1, second - first - 1),
                      compact.substr(second + 1)};
    for (const std::string_view part : {parts.header, parts.payload, parts.signature})
        if (part.empty() || !is_base64url(part)) return std::nullopt;
    return parts;
}

Result<Bytes> decoded(std::string_view part, std::string_view name) {
    auto bytes = from_base64url(part);
    if (!bytes)
        return Error{Errc::invalid, "JWS " + std::string(name) + ": " + bytes.error().detail};
    return bytes;
}

// The text of an optional member.
Result<std::string> text_or_empty(json::Fields& fields, std::string_view name) {
    const json::Value* const value = fields.optional(name);
    if (value == nullptr) return std::string();
    const std::string* const text = value->as_string();
    if (text == nullptr || text->empty()) {
        return Error{Errc::invalid, "JWS header: " + std::string(name) + " is no text"};
    }
    return *text;
}

Result<void> read_header(std::string_view text, Jws& jws) {
    const auto header = json::parse(text, header_limits);
    if (!header) return Error{Errc::invalid, "JWS header: " + header.error().detail};
    json::Fields fields(*header);
    const std::string algorithm = fields.string("alg");
    const auto type = text_or_empty(fields, "typ");
    const auto key_id = text_or_empty(fields, "kid");
    const json::Value* const jwk = fields.optional("jwk");
    if (header->as_object() == nullptr || fields.finish()) {
        return Error{Errc::invalid, "JWS header: want alg, and of others typ, kid and jwk alone"};
    }
    if (!type) return type.error();
    if (!key_id) return key_id.error();
    const auto* const named = std::ranges::find(algorithm_names, algorithm);
    if (named == algorithm_names.end()) {
        return Error{Errc::invalid, "JWS header: alg is neither ES256 nor RS256"};
    }
    jws.algorithm = static_cast<Algorithm>(named - algorithm_names.begin());
    jws.type = *type;
    jws.key_id = *key_id;
    if (jwk == nullptr) return {};
    auto key = public_key_from_jwk(*jwk);
    if (!key) return Error{Errc::invalid, "JWS header: " + key.error().detail};
    jws.named_key = *std::move(key);
    return {};
}

Result<Bytes> bytes_in(const json::Value& jwk, std::string_view name) {
    const std::string* const text = json::string_in(jwk, name);
    if (text == nullptr) return Error{Errc::invalid, "JWK has no " + std::string(name)};
    auto bytes = from_base64url(*text);
    if (!bytes) return Error{Errc::invalid, "JWK's " + std::string(name) + " is no base64url"};
    return bytes;
}

bool has_text(const json::Value& jwk, std::string_view name, std::string_view wanted) {
    const std::string* const text = json::string_in(jwk, name);
    return text != nullptr && *text == wanted;
}

Result<PublicKey> ec_key(const json::Value& jwk) {
    if (!has_text(jwk, "crv", "P-256")) return Error{Errc::invalid, "JWK is of another curve"};
    const auto x = bytes_in(jwk, "x");
    if (!x) return x.error();
    const auto y = bytes_in(jwk, "y");
    if (!y) return y.error();
    auto key = keys::EcdsaPublicKey::from_coordinates(keys::Curve::p256, *x, *y);
    if (!key) return Error{Errc::invalid, "JWK: " + key.error().detail};
    return PublicKey(*std::move(key));
}

Result<PublicKey> rsa_key(const json::Value& jwk) {
    if (!has_text(jwk, "e", "AQAB")) return Error{Errc::invalid, "JWK has another e than 65537"};
    const auto n = bytes_in(jwk, "n");
    if (!n) return n.error();
    auto key = keys::RsaPublicKey::parse(*n);
    if (!key) return Error{Errc::invalid, "JWK: " + key.error().detail};
    return PublicKey(*std::move(key));
}

}  // namespace

std::string_view name_of(Algorithm algorithm) {
    return algorithm_names.at(static_cast<std::size_t>(algorithm));
}

bool is_for(const PublicKey& key, Algorithm algorithm) {
    return std::holds_alternative<keys::RsaPublicKey>(key) == (algorithm == Algorithm::rs256);
}

Result<PublicKey> public_key_from_multikey(std::string_view text) {
    if (auto rsa = keys::rsa_from_multikey(text)) return PublicKey(*std::move(rsa));
    auto ecdsa = keys::ecdsa_from_multikey(text);
    if (!ecdsa) return ecdsa.error();
    if (ecdsa->curve() != keys::Curve::p256) {
        return Error{Errc::invalid, "a Multikey of P-384, want P-256 or RSA"};
    }
    return PublicKey(*std::move(ecdsa));
}

Result<PublicKey> public_key_from_jwk(const json::Value& jwk) {
    if (has_text(jwk, "kty", "EC")) return ec_key(jwk);
    if (has_text(jwk, "kty", "RSA")) return rsa_key(jwk);
    return Error{Errc::invalid, "JWK is of another kind than EC and RSA"};
}

json::Value to_jwk(const PublicKey& key) {
    if (const auto* const rsa = std::get_if<keys::RsaPublicKey>(&key)) {
        return json::Object{{"e", "AQAB"}, {"kty", "RSA"}, {"n", to_base64url(rsa->modulus())}};
    }
    const auto point = std::get<keys::EcdsaPublicKey>(key).coordinates();
    return json::Object{{"crv", "P-256"},
                        {"kty", "EC"},
                        {"x", to_base64url(point.x)},
                        {"y", to_base64url(point.y)}};
}

bool is_compact(std::string_view text) { return parts_of(text).has_value(); }

Result<Jws> parse_jws(std::string_view compact) {
    if (compact.size() > jws_bytes_max) {
        return Error{Errc::invalid,
                     "JWS has " + std::to_string(compact.size()) + " bytes, want at most " +
                         std::to_string(jws_bytes_max)};
    }
    const auto parts = parts_of(compact);
    if (!parts) return Error{Errc::invalid, "JWS is not three parts of base64url"};
    const auto header = decoded(parts->header, "header");
    if (!header) return header.error();
    const auto payload = decoded(parts->payload, "payload");
    if (!payload) return payload.error();
    auto signature = decoded(parts->signature, "signature");
    if (!signature) return signature.error();
    Jws jws;
    if (const auto read = read_header(text_of(*header), jws); !read) return read.error();
    jws.payload = text_of(*payload);
    jws.signed_text = compact.substr(0, parts->header.size() + 1 + parts->payload.size());
    jws.signature = *std::move(signature);
    return jws;
}

bool is_signed_by(const Jws& jws, std::span<const PublicKey> keys) {
    return std::ranges::any_of(keys, [&](const PublicKey& key) {
        if (!is_for(key, jws.algorithm)) return false;
        if (jws.named_key && *jws.named_key != key) return false;
        return std::visit(
            [&](const auto& one) { return one.verifies(bytes_of(jws.signed_text), jws.signature); },
            key);
    });
}

PublicKey public_key_of(const SecretKey& key) {
    return std::visit([](const auto& one) { return PublicKey(one.public_key()); }, key);
}

std::string sign_jws(const JwsHeader& header, std::string_view payload, const SecretKey& key) {
    const PublicKey public_key = public_key_of(key);
    const bool is_rsa = is_for(public_key, Algorithm::rs256);
    json::Value members =
        json::Object{{"alg", name_of(is_rsa ? Algorithm::rs256 : Algorithm::es256)}};
    if (!header.type.empty()) members.set("typ", header.type);
    if (!header.key_id.empty()) members.set("kid", header.key_id);
    if (header.names_key) members.set("jwk", to_jwk(public_key));
    std::string text =
        to_base64url(bytes_of(json::canonical(members))) + "." + to_base64url(bytes_of(payload));
    text += "." + std::visit(
                      [&](const auto& one) { return to_base64url(one.sign(bytes_of(text))); }, key);
    return text;
}

}  // namespace chancery::jose
