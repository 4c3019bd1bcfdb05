#include "crypto/credential/did_web.h"

#include <algorithm>

#include "crypto/base/ascii.h"
#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr std::string_view method_prefix = "did:web:";
constexpr std::size_t did_bytes_max = 256;
constexpr std::size_t label_characters_max = 63;
constexpr std::uint64_t port_max = 65'535;
constexpr json::Limits document_limits{
    .bytes_max = did_document_bytes_max, .depth_max = 16, .elements_max = 4'000};

bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= label_characters_max && label.front() != '-' &&
           label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// A name of the DNS; one whose last label is a number would be taken for an IP address.
bool is_host(std::string_view host) {
    for (std::string_view rest = host;;) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const std::string_view label = rest.substr(0, dot);
        if (!is_label(label)) return false;
        if (dot == rest.size()) return !is_digit(label.front());
        rest.remove_prefix(dot + 1);
    }
}

// Of a path: what needs no percent-encoding, and more than dots.
bool is_segment(std::string_view segment) {
    const bool is_plain = std::ranges::all_of(
        segment, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
    return is_plain && segment.find_first_not_of('.') != std::string_view::npos;
}

// "host" or "host%3Aport"
Result<std::string> authority_of(std::string_view first) {
    const std::size_t percent = std::min(first.find('%'), first.size());
    const std::string_view host = first.substr(0, percent);
    if (!is_host(host)) return invalid("did:web whose host is no name of the DNS");
    std::string authority(host);
    if (percent == first.size()) return authority;
    const std::string_view colon = first.substr(percent, 3);
    const auto port = from_decimal(first.substr(std::min(percent + 3, first.size())));
    if ((colon != "%3A" && colon != "%3a") || !port || *port == 0 || *port > port_max)
        return invalid("did:web whose port is none, want %3A and 1 to 65535");
    return authority + ":" + std::to_string(*port);
}

std::string absolute(std::string_view id, std::string_view did) {
    return (id.starts_with('#') ? std::string(did) : std::string()).append(id);
}

std::optional<ProofKey> proof_key_from_jwk(const json::Value& jwk) {
    const std::string_view curve = json::text_in(jwk, "crv");
    const auto x = from_base64url(json::text_in(jwk, "x"));
    if (!x) return std::nullopt;
    if (json::text_in(jwk, "kty") == "OKP" && curve == "Ed25519") {
        auto key = keys::Ed25519PublicKey::parse(*x);
        return key ? std::optional(ProofKey(*std::move(key))) : std::nullopt;
    }
    if (json::text_in(jwk, "kty") != "EC" || (curve != "P-256" && curve != "P-384"))
        return std::nullopt;
    const auto y = from_base64url(json::text_in(jwk, "y"));
    if (!y) return std::nullopt;
    auto key = keys::EcdsaPublicKey::from_coordinates(
        curve == "P-256" ? keys::Curve::p256 : keys::Curve::p384, *x, *y);
    return key ? std::optional(ProofKey(*std::move(key))) : std::nullopt;
}

template <typename T>
std::optional<T> if_there(Result<T> made) {
    return made ? std::optional(*std::move(made)) : std::nullopt;
}

// A JWK with its private part belongs to whoever read it.
IssuerKeys::Method method_from(const json::Value& value, std::string id) {
    IssuerKeys::Method method{.id = std::move(id), .proof_key = {}, .jwt_key = {}};
    const std::string_view multikey = json::text_in(value, "publicKeyMultibase");
    const json::Value* const jwk = value.find("publicKeyJwk");
    if (!multikey.empty() && jwk == nullptr) {
        method.proof_key = if_there(proof_key_from_multikey(multikey));
        method.jwt_key = if_there(jose::public_key_from_multikey(multikey));
    } else if (multikey.empty() && jwk != nullptr && jwk->find("d") == nullptr) {
        method.proof_key = proof_key_from_jwk(*jwk);
        method.jwt_key = if_there(jose::public_key_from_jwk(*jwk));
    }
    return method;
}

class DidDocumentReader {
public:
    explicit DidDocumentReader(std::string_view did) : did_(did) {}

    Result<IssuerKeys> read(const json::Value& document) {
        if (json::text_in(document, "id") != did_)
            return invalid_at("/id", "is not the DID that was asked for");
        const auto methods = list_in(document, "verificationMethod");
        if (!methods) return methods.error();
        const auto assertions = list_in(document, "assertionMethod");
        if (!assertions) return assertions.error();
        for (const json::Value* const method : *methods)
            if (auto wrong = take(*method, "/verificationMethod")) return *wrong;
        // One that stands in the list itself is listed by that.
        for (const json::Value* const each : *assertions) {
            if (const std::string* const id = each->as_string())
                listed_.push_back(absolute(*id, did_));
            else if (auto wrong = take(*each, "/assertionMethod"))
                return *wrong;
            else
                listed_.push_back(ids_.back());
        }
        std::erase_if(keys_.methods, [this](const IssuerKeys::Method& method) {
            return std::ranges::find(listed_, method.id) == listed_.end();
        });
        keys_.did = did_;
        return std::move(keys_);
    }

private:
    static Result<std::vector<const json::Value*>> list_in(const json::Value& document,
                                                           std::string_view name) {
        std::vector<const json::Value*> found;
        const json::Value* const list = document.find(name);
        if (list == nullptr) return found;
        const std::string place = "/" + std::string(name);
        if (list->as_array() == nullptr) return invalid_at(place, "want an array");
        if (list->as_array()->size() > verification_methods_max)
            return invalid_at(place,
                              "has " + std::to_string(list->as_array()->size()) +
                                  " methods, want at most " +
                                  std::to_string(verification_methods_max));
        for (const json::Value& each : *list->as_array())
            found.push_back(&each);
        return found;
    }

    std::optional<Error> take(const json::Value& value, const std::string& place) {
        const std::string_view said = json::text_in(value, "id");
        if (said.empty()) return invalid_at(place, "has a method without id");
        std::string id = absolute(said, did_);
        if (std::ranges::find(ids_, id) != ids_.end())
            return invalid_at(place, "has an id that occurs twice");
        ids_.push_back(id);
        if (json::text_in(value, "controller") != did_) return std::nullopt;
        IssuerKeys::Method method = method_from(value, std::move(id));
        if (method.proof_key || method.jwt_key) keys_.methods.push_back(std::move(method));
        return std::nullopt;
    }

    std::string_view did_;
    std::vector<std::string> ids_;
    std::vector<std::string> listed_;
    IssuerKeys keys_;
};

}  // namespace

Result<std::string> did_web_address(std::string_view did) {
    if (!did.starts_with(method_prefix)) return invalid("the DID is no did:web");
    if (did.size() > did_bytes_max)
        return invalid("did:web of " + std::to_string(did.size()) + " bytes, want at most " +
                       std::to_string(did_bytes_max));
    std::string_view rest = did.substr(method_prefix.size());
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const auto authority = authority_of(rest.substr(0, end));
    if (!authority) return authority.error();
    std::string address = "https://" + *authority;
    rest.remove_prefix(end);
    if (rest.empty()) return address + "/.well-known/did.json";
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        const std::string_view segment = rest.substr(0, colon);
        if (!is_segment(segment)) return invalid("did:web with a path segment that is none");
        address.append("/").append(segment);
        rest.remove_prefix(colon);
    }
    return address + "/did.json";
}

const IssuerKeys::Method* IssuerKeys::find(std::string_view id) const {
    const auto found = std::ranges::find(methods, id, &Method::id);
    return found == methods.end() ? nullptr : &*found;
}

Result<IssuerKeys> parse_did_document(std::string_view text, std::string_view did) {
    const auto document = json::parse(text, document_limits);
    if (!document) return document.error();
    return DidDocumentReader(did).read(*document);
}

}  // namespace chancery::credential
