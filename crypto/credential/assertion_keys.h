// The keys by which a member signs documents.
#pragma once

#include <limits>
#include <vector>

#include "crypto/credential/data_integrity.h"
#include "crypto/jose/jws.h"
#include "crypto/ledger/members.h"

namespace chancery::credential {

inline constexpr ledger::Position from_now_on = std::numeric_limits<ledger::Position>::max();

// The member's assertion keys in force at `position`, but for those that no proof is made with.
inline std::vector<ProofKey> assertion_keys(const ledger::Member& member,
                                            ledger::Position position) {
    std::vector<ProofKey> keys;
    for (const ledger::KeyRecord& record : member.keys) {
        if (record.use != ledger::KeyUse::assertion || !record.in_force.at(position)) continue;
        if (auto key = proof_key_from_multikey(record.key.text())) keys.push_back(*std::move(key));
    }
    return keys;
}

// The same of those that JWTs are signed with.
inline std::vector<jose::PublicKey> jwt_assertion_keys(const ledger::Member& member,
                                                       ledger::Position position) {
    std::vector<jose::PublicKey> keys;
    for (const ledger::KeyRecord& record : member.keys) {
        if (record.use != ledger::KeyUse::assertion || !record.in_force.at(position)) continue;
        if (auto key = jose::public_key_from_multikey(record.key.text()))
            keys.push_back(*std::move(key));
    }
    return keys;
}

}  // namespace chancery::credential
