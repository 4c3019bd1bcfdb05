#include "crypto/credential/vc_jwt.h"

#include <optional>

#include "crypto/credential/date_time.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr json::Limits payload_limits{.bytes_max = jose::jws_bytes_max, .elements_max = 100'000};

// Of an issuer that is its id, or has one.
const std::string* issuer_id(const json::Value& document) {
    const json::Value* const issuer = document.find("issuer");
    if (issuer == nullptr || issuer->as_string() != nullptr)
        return json::string_in(document, "issuer");
    return json::string_in(*issuer, "id");
}

const std::string* first_date(const json::Value& document,
                              std::string_view name,
                              std::string_view older_name) {
    const std::string* const date = json::string_in(document, name);
    return date != nullptr ? date : json::string_in(document, older_name);
}

// What the credential says, in the words of the claims.
struct Said {
    const std::string* iss = nullptr;
    const std::string* jti = nullptr;
    const std::string* sub = nullptr;
    const std::string* nbf = nullptr;  // A date.
    const std::string* exp = nullptr;  // The same.
};

Said said_by(const json::Value& document) {
    const json::Value* const subject = document.find("credentialSubject");
    return {.iss = issuer_id(document),
            .jti = json::string_in(document, "id"),
            .sub = subject == nullptr ? nullptr : json::string_in(*subject, "id"),
            .nbf = first_date(document, "validFrom", "issuanceDate"),
            .exp = first_date(document, "validUntil", "expirationDate")};
}

Error disagrees(std::string_view claim) {
    return {Errc::invalid, "JWT's " + std::string(claim) + " is not what the credential says"};
}

Result<void> check_claim(const json::Value& document,
                         std::string_view claim,
                         const std::string* said) {
    const json::Value* const value = document.find(claim);
    if (value == nullptr) return {};
    const std::string* const text = value->as_string();
    if (text == nullptr || said == nullptr || *text != *said) return disagrees(claim);
    return {};
}

Result<void> check_date_claim(const json::Value& document,
                              std::string_view claim,
                              const std::string* said) {
    const json::Value* const value = document.find(claim);
    if (value == nullptr) return {};
    if (value->as_integer() == nullptr || said == nullptr) return disagrees(claim);
    const auto instant = parse_date_time(*said);
    if (!instant || instant->second != *value->as_integer()) return disagrees(claim);
    return {};
}

Result<void> check_claims(const json::Value& document) {
    const Said said = said_by(document);
    for (const auto& checked : {check_claim(document, "iss", said.iss),
                                check_claim(document, "jti", said.jti),
                                check_claim(document, "sub", said.sub),
                                check_date_claim(document, "nbf", said.nbf),
                                check_date_claim(document, "exp", said.exp)})
        if (!checked) return checked.error();
    return {};
}

Result<void> check_payload(const json::Value& document) {
    if (document.as_object() == nullptr) {
        return Error{Errc::invalid,
                     "JWT's payload is " + std::string(type_name(document)) + ", want object"};
    }
    if (document.find("vc") != nullptr) {
        return Error{Errc::invalid,
                     "JWT's payload has vc, as of VC 1.1; want the credential itself"};
    }
    if (document.find("proof") != nullptr) {
        return Error{Errc::invalid, "JWT's payload has a proof beside the signature around it"};
    }
    return check_claims(document);
}

Result<void> set_date(json::Value& document, std::string_view claim, const std::string* said) {
    if (said == nullptr) return {};
    const auto instant = parse_date_time(*said);
    if (!instant) return Error{Errc::invalid, std::string(claim) + ": " + instant.error().detail};
    document.set(claim, instant->second);
    return {};
}

}  // namespace

Result<VcJwt> parse_vc_jwt(std::string_view compact) {
    auto jws = jose::parse_jws(compact);
    if (!jws) return jws.error();
    if (!jws->type.empty() && jws->type != "JWT" && jws->type != "vc+jwt") {
        return Error{Errc::invalid, "JWT's typ is neither JWT nor vc+jwt"};
    }
    auto document = json::parse(jws->payload, payload_limits);
    if (!document) return Error{Errc::invalid, "JWT's payload: " + document.error().detail};
    if (const auto good = check_payload(*document); !good) return good.error();
    return VcJwt{*std::move(jws), *std::move(document)};
}

Result<json::Value> with_claims(json::Value document) {
    if (const auto good = check_payload(document); !good) return good.error();
    const json::Value given = document;
    const Said said = said_by(given);
    if (said.iss == nullptr) return Error{Errc::invalid, "the document names no issuer"};
    document.set("iss", *said.iss);
    if (said.jti != nullptr) document.set("jti", *said.jti);
    if (said.sub != nullptr) document.set("sub", *said.sub);
    if (const auto set = set_date(document, "nbf", said.nbf); !set) return set.error();
    if (const auto set = set_date(document, "exp", said.exp); !set) return set.error();
    return document;
}

json::Value without_claims(json::Value payload) {
    for (const std::string_view claim : {"iss", "jti", "sub", "nbf", "exp"})
        payload.erase(claim);
    return payload;
}

Result<std::string> sign_vc_jwt(json::Value document,
                                const std::string& key_id,
                                const jose::SecretKey& key) {
    const auto payload = with_claims(std::move(document));
    if (!payload) return payload.error();
    const jose::JwsHeader header{.type = "JWT", .key_id = key_id, .names_key = key_id.empty()};
    return jose::sign_jws(header, json::canonical(*payload), key);
}

}  // namespace chancery::credential
