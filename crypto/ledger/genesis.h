// A network's birth certificate: its members, their first keys, and everybody's signature on it.
//
//     JCS {"format":"chancery-genesis/v1","network_name","origin","log","quorum","members":[…],
//          "signatures":{slug: hex}}           network_id = H(JCS without "signatures")
//
// Source: PROTOCOL.md, Members and governance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "crypto/keys/ed25519.h"
#include "crypto/keys/member_key.h"
#include "crypto/note/signed_note.h"

namespace chancery::ledger {

inline constexpr std::size_t genesis_bytes_max = 256ULL * 1024;
inline constexpr std::size_t members_max = 64;
inline constexpr std::size_t name_bytes_max = 200;  // Of a network, of a member.
inline constexpr std::size_t did_bytes_max = 256;

struct GenesisMember {
    std::string slug;  // [a-z][a-z0-9-]{0,31}, not "none"
    std::string name;
    std::string did;
    keys::MemberPublicKey issuer;
    keys::Ed25519PublicKey assertion;
    keys::MemberPublicKey governance;
    keys::Ed25519PublicKey cosigner;
    std::string peer_endpoint;    // host:port
    std::string public_endpoint;  // URL
    keys::Ed25519PublicKey node_key;
    Hash tls_spki_sha256{};
    bool operator==(const GenesisMember&) const = default;
};

struct Genesis {
    std::string network_name;
    std::string origin;
    note::VerifierKey log;  // Type 0x01, name = origin.
    std::uint32_t quorum = 0;
    std::vector<GenesisMember> members;       // Numbered from 1 in this order.
    std::map<std::string, Bytes> signatures;  // By slug; 64 bytes each.
    bool operator==(const Genesis&) const = default;
};

bool is_slug(std::string_view text);
// 1…200 bytes of UTF-8 without control characters.
bool is_name(std::string_view text);
// "did:" method ":" identifier, in the characters that DIDs are made of; at most 256 bytes.
bool is_did(std::string_view text);

// ⌈(n + f + 1) / 2⌉ with f = ⌊(n - 1) / 3⌋: the least quorum that `members` may choose.
std::uint32_t quorum_min(std::uint32_t members);

// Form and rules: unknown fields, slugs, DIDs or keys that occur twice, quorum out of range, a log
// key that is not the origin's. Errc::invalid with a JSON pointer. Signatures are checked apart.
Result<Genesis> parse_genesis(std::string_view text);
Result<Genesis> genesis_from(const json::Value& value, const std::string& where = "");

json::Value to_json(const Genesis& genesis);
Hash network_id(const Genesis& genesis);

// What each member's governance key signs.
Hash genesis_message(const Hash& network_id);

// Errc::forbidden, naming the slugs, unless every member signed and nobody else did.
Result<void> check_signatures(const Genesis& genesis);

}  // namespace chancery::ledger
