#include "node/cli/web_keys.h"

#include <algorithm>

#include "crypto/credential/assertion_keys.h"

namespace chancery::cli {
namespace {

using Method = credential::IssuerKeys::Method;

bool is_same_key(const Method& method, const std::string& multikey) {
    const auto proof_key = credential::proof_key_from_multikey(multikey);
    const auto jwt_key = jose::public_key_from_multikey(multikey);
    return (proof_key && method.proof_key == *proof_key) || (jwt_key && method.jwt_key == *jwt_key);
}

std::vector<const ledger::KeyRecord*> assertion_records(const ledger::Member& member) {
    std::vector<const ledger::KeyRecord*> found;
    for (const ledger::KeyRecord& record : member.keys)
        if (record.use == ledger::KeyUse::assertion && record.in_force.at(credential::from_now_on))
            found.push_back(&record);
    return found;
}

}  // namespace

std::vector<std::string> differences_from_ledger(const credential::IssuerKeys& served,
                                                 const ledger::Member& member) {
    std::vector<std::string> found;
    const auto records = assertion_records(member);
    for (const ledger::KeyRecord* const record : records) {
        const bool is_served = std::ranges::any_of(served.methods, [&](const Method& method) {
            return is_same_key(method, record->key.text());
        });
        if (!is_served)
            found.push_back("assertion key " + std::to_string(record->number) +
                            " of the ledger is not served");
    }
    for (std::size_t i = 0; i < served.methods.size(); ++i) {
        const bool is_recorded = std::ranges::any_of(records, [&](const auto* record) {
            return is_same_key(served.methods[i], record->key.text());
        });
        if (!is_recorded)
            found.push_back("key " + std::to_string(i + 1) +
                            " that is served is none of the ledger's in force");
    }
    return found;
}

}  // namespace chancery::cli
