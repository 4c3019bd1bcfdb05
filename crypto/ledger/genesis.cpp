#include "crypto/ledger/genesis.h"

#include <algorithm>

#include "crypto/base/ascii.h"
#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/entry_rules.h"

namespace chancery::ledger {
namespace {

constexpr std::size_t slug_characters_max = 32;

bool is_slug_character(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
bool is_method_character(char c) { return is_lower(c) || is_digit(c); }
bool is_did_character(char c) {
    return is_slug_character(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == ':' ||
           c == '%';
}

json::Value to_json(const GenesisMember& member) {
    const json::Value keys(json::Object{
        {"issuer", keys::multikey(member.issuer)},
        {"assertion", keys::multikey(member.assertion)},
        {"governance", keys::multikey(member.governance)},
        {"cosigner", keys::multikey(member.cosigner)},
    });
    const json::Value endpoints(json::Object{
        {"peer", member.peer_endpoint},
        {"public", member.public_endpoint},
    });
    const json::Value node(json::Object{
        {"endpoints", endpoints},
        {"node_key", keys::multikey(member.node_key)},
        {"tls_spki_sha256", to_hex(member.tls_spki_sha256)},
    });
    return json::Object{{"slug", member.slug},
                        {"name", member.name},
                        {"did", member.did},
                        {"keys", keys},
                        {"node", node}};
}

}  // namespace

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= slug_characters_max && is_lower(text.front()) &&
           std::ranges::all_of(text, is_slug_character) && text != "none";
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= name_bytes_max && is_printable_utf8(text);
}

bool is_did(std::string_view text) {
    constexpr std::string_view scheme = "did:";
    if (text.size() > did_bytes_max || !text.starts_with(scheme)) return false;
    const std::string_view rest = text.substr(scheme.size());
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view identifier = rest.substr(colon + 1);
    return std::ranges::all_of(rest.substr(0, colon), is_method_character) && !identifier.empty() &&
           identifier.back() != ':' && std::ranges::all_of(identifier, is_did_character);
}

std::uint32_t quorum_min(std::uint32_t members) {
    CHECK(members > 0);
    const std::uint32_t liars = (members - 1) / 3;
    return (members + liars + 2) / 2;  // ⌈(n + f + 1) / 2⌉
}

json::Value to_json(const Genesis& genesis) {
    json::Array members;
    for (const GenesisMember& member : genesis.members)
        members.push_back(to_json(member));
    json::Object signatures;
    for (const auto& [slug, signature] : genesis.signatures)
        signatures.push_back({slug, to_hex(signature)});
    return json::Object{{"format", "chancery-genesis/v1"},
                        {"network_name", genesis.network_name},
                        {"origin", genesis.origin},
                        {"log", note::to_vkey(genesis.log)},
                        {"quorum", genesis.quorum},
                        {"members", std::move(members)},
                        {"signatures", std::move(signatures)}};
}

Hash network_id(const Genesis& genesis) {
    json::Value unsigned_genesis = to_json(genesis);
    unsigned_genesis.erase("signatures");
    return sha256(bytes_of(json::canonical(unsigned_genesis)));
}

Hash genesis_message(const Hash& network_id) {
    return keys::tagged_hash("chancery/genesis/v1", network_id);
}

Result<void> check_signatures(const Genesis& genesis) {
    const Hash message = genesis_message(network_id(genesis));
    std::string unsigned_by;
    for (const GenesisMember& member : genesis.members) {
        const auto signature = genesis.signatures.find(member.slug);
        const bool is_signed = signature != genesis.signatures.end() &&
                               member.governance.verifies(message, signature->second);
        if (!is_signed) unsigned_by += (unsigned_by.empty() ? "" : ", ") + member.slug;
    }
    if (!unsigned_by.empty()) {
        return Error{Errc::forbidden,
                     "genesis lacks a good signature of " + unsigned_by + ", want every member's"};
    }
    if (genesis.signatures.size() != genesis.members.size()) {
        return Error{Errc::forbidden,
                     "genesis has " + std::to_string(genesis.signatures.size()) +
                         " signatures, want " + std::to_string(genesis.members.size())};
    }
    return {};
}

}  // namespace chancery::ledger
