#include "crypto/credential/did_document.h"

#include <algorithm>

#include "crypto/jose/jws.h"
#include "crypto/keys/multikey.h"

namespace chancery::credential {
namespace {

// Multikeys of RSA are none that others read.
json::Value method_of(const std::string& id, const std::string& did, const std::string& key) {
    json::Value method = json::Object{{"id", id}, {"type", "Multikey"}, {"controller", did}};
    if (const auto rsa = keys::rsa_from_multikey(key)) {
        method.set("type", "JsonWebKey");
        method.set("publicKeyJwk", jose::to_jwk(*rsa));
    } else {
        method.set("publicKeyMultibase", key);
    }
    return method;
}

}  // namespace

std::optional<json::Value> did_document(const ledger::Member& member) {
    const auto did = std::ranges::find_if(
        member.dids, [](const ledger::DidRecord& record) { return !record.in_force.until; });
    if (did == member.dids.end()) return std::nullopt;
    json::Array methods;
    json::Array assertions;
    bool has_jwk = false;
    for (const ledger::KeyRecord& record : member.keys) {
        if (record.use != ledger::KeyUse::assertion) continue;
        const std::string id = did->did + "#" + record.key.text();
        methods.push_back(method_of(id, did->did, record.key.text()));
        has_jwk |= methods.back().find("publicKeyJwk") != nullptr;
        if (!record.in_force.until) assertions.push_back(id);
    }
    json::Array contexts = {"https://www.w3.org/ns/did/v1",
                            "https://w3id.org/security/multikey/v1"};
    if (has_jwk) contexts.push_back("https://w3id.org/security/jwk/v1");
    return json::Object{{"@context", std::move(contexts)},
                        {"id", did->did},
                        {"verificationMethod", std::move(methods)},
                        {"assertionMethod", std::move(assertions)}};
}

}  // namespace chancery::credential
