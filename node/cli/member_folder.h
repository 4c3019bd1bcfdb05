// A member's folder: its secret keys, the passphrase that seals them, and member.json, the public
// half that it sends to the others.
//
//     issuer.key assertion.key governance.key cosigner.key node.key tls.key passphrase member.json
//
// member.json is one element of the genesis's "members".
#pragma once

#include <optional>
#include <string>

#include "crypto/json/value.h"
#include "crypto/ledger/genesis.h"
#include "node/keystore.h"

namespace chancery::cli {

struct MemberPlan {
    std::string slug;
    std::string name;
    std::string did;              // Empty: did:key of the assertion key.
    std::string peer_endpoint;    // host:port
    std::string public_endpoint;  // URL
};

// What a genesis would refuse: "slug", "name", "did", "peer" or "url", and what is wanted there.
struct MemberFault {
    std::string field;
    std::string want;
};
std::optional<MemberFault> fault_of(const MemberPlan& plan);

// Makes the six keys and member.json in `folder`, which is made if need be. Nothing is replaced:
// Errc::conflict if one of the files is there.
Result<ledger::GenesisMember> make_member_folder(const MemberPlan& plan,
                                                 const std::string& folder,
                                                 const keystore::Passphrase& passphrase);

// The element of "members" for this member.
json::Value member_json(const ledger::GenesisMember& member);

struct GenesisPlan {
    std::string network_name;
    std::string origin;
    std::string log;           // vkey
    std::uint32_t quorum = 0;  // 0: the least allowed.
};
// The unsigned genesis of these members' member.json, in this order. Errc::invalid with a pointer.
Result<ledger::Genesis> draft_genesis(const GenesisPlan& plan, json::Array members);

// Adds the signature of the member whose governance key this is; gives its slug. Errc::forbidden
// if it is nobody's.
Result<std::string> sign_genesis(ledger::Genesis& genesis, const keys::MemberKey& governance);

// The trust file that a network starts with: its genesis and no step yet.
std::string first_trust_file(const ledger::Genesis& genesis);

}  // namespace chancery::cli
