#include "crypto/credential/did_document.h"

#include <algorithm>

namespace chancery::credential {

std::optional<json::Value> did_document(const ledger::Member& member) {
    const auto did = std::ranges::find_if(
        member.dids, [](const ledger::DidRecord& record) { return !record.in_force.until; });
    if (did == member.dids.end()) return std::nullopt;
    json::Array methods;
    json::Array assertions;
    for (const ledger::KeyRecord& record : member.keys) {
        if (record.use != ledger::KeyUse::assertion) continue;
        const std::string id = did->did + "#" + record.key.text();
        methods.push_back(json::Object{{"id", id},
                                       {"type", "Multikey"},
                                       {"controller", did->did},
                                       {"publicKeyMultibase", record.key.text()}});
        if (!record.in_force.until) assertions.push_back(id);
    }
    return json::Object{
        {"@context",
         json::Array{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}},
        {"id", did->did},
        {"verificationMethod", std::move(methods)},
        {"assertionMethod", std::move(assertions)}};
}

}  // namespace chancery::credential
