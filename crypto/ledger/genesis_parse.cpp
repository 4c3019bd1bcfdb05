#include <algorithm>
#include <limits>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/endpoints.h"
#include "crypto/ledger/genesis.h"
#include "crypto/note/checkpoint.h"

namespace chancery::ledger {
namespace {

constexpr std::string_view genesis_format = "chancery-genesis/v1";

struct NodeFields {
    std::string peer;
    std::string public_url;
    std::string node_key;
    Hash tls_spki_sha256{};
};

Result<NodeFields> node_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    NodeFields node;
    node.node_key = fields.string("node_key");
    node.tls_spki_sha256 = fields.hash("tls_spki_sha256");
    const json::Value& endpoints_value = fields.any("endpoints");
    if (auto wrong = fields.finish()) return *wrong;

    json::Fields endpoints(endpoints_value, fields.pointer("endpoints"));
    node.peer = endpoints.string("peer");
    node.public_url = endpoints.string("public");
    if (auto wrong = endpoints.finish()) return *wrong;
    if (!is_peer_endpoint(node.peer))
        return invalid_at(endpoints.pointer("peer"), "want host:port");
    if (!is_public_endpoint(node.public_url))
        return invalid_at(endpoints.pointer("public"), "want an http or https URL");
    return node;
}

Result<GenesisMember> with_keys(const json::Value& keys_value,
                                const std::string& where,
                                const std::string& node_key_pointer,
                                const NodeFields& node) {
    json::Fields fields(keys_value, where);
    const std::string issuer_text = fields.string("issuer");
    const std::string assertion_text = fields.string("assertion");
    const std::string governance_text = fields.string("governance");
    const std::string cosigner_text = fields.string("cosigner");
    if (auto wrong = fields.finish()) return *wrong;

    const auto issuer = keys::member_key_from_multikey(issuer_text);
    if (!issuer) return invalid_at(fields.pointer("issuer"), issuer.error().detail);
    const auto assertion = keys::ed25519_from_multikey(assertion_text);
    if (!assertion) return invalid_at(fields.pointer("assertion"), assertion.error().detail);
    const auto governance = keys::member_key_from_multikey(governance_text);
    if (!governance) return invalid_at(fields.pointer("governance"), governance.error().detail);
    const auto cosigner = keys::ed25519_from_multikey(cosigner_text);
    if (!cosigner) return invalid_at(fields.pointer("cosigner"), cosigner.error().detail);
    const auto node_key = keys::ed25519_from_multikey(node.node_key);
    if (!node_key) return invalid_at(node_key_pointer, node_key.error().detail);
    return GenesisMember{.slug = {},
                         .name = {},
                         .did = {},
                         .issuer = *issuer,
                         .assertion = *assertion,
                         .governance = *governance,
                         .cosigner = *cosigner,
                         .peer_endpoint = node.peer,
                         .public_endpoint = node.public_url,
                         .node_key = *node_key,
                         .tls_spki_sha256 = node.tls_spki_sha256};
}

Result<GenesisMember> genesis_member_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    const std::string slug = fields.string("slug");
    const std::string name = fields.string("name");
    const std::string did = fields.string("did");
    const json::Value& keys_value = fields.any("keys");
    const json::Value& node_value = fields.any("node");
    if (auto wrong = fields.finish()) return *wrong;
    if (!is_slug(slug))
        return invalid_at(fields.pointer("slug"), "want [a-z][a-z0-9-]{0,31}, not none");
    if (!is_name(name))
        return invalid_at(fields.pointer("name"), "want 1 to 200 bytes, no control characters");
    if (!is_did(did)) return invalid_at(fields.pointer("did"), "want a DID of at most 256 bytes");

    const std::string node_pointer = fields.pointer("node");
    const Result<NodeFields> node = node_from(node_value, node_pointer);
    if (!node) return node.error();
    Result<GenesisMember> member =
        with_keys(keys_value, fields.pointer("keys"), node_pointer + "/node_key", *node);
    if (!member) return member.error();
    member->slug = slug;
    member->name = name;
    member->did = did;
    return member;
}

Result<std::map<std::string, Bytes>> signatures_from(const json::Value& value,
                                                     const std::string& where) {
    const json::Object* object = value.as_object();
    if (object == nullptr) return invalid_at(where, "want an object");
    std::map<std::string, Bytes> signatures;
    for (const json::Member& member : *object) {
        const std::string* hex = member.value.as_string();
        if (!is_slug(member.name) || hex == nullptr)
            return invalid_at(where, "want slugs with hex signatures");
        const Result<Bytes> signature = from_hex(*hex);
        if (!signature || signature->size() != 64)
            return invalid_at(where + "/" + member.name, "want 128 hex digits");
        signatures.emplace(member.name, *signature);
    }
    return signatures;
}

// No slug, DID, key or certificate may stand for two members, and no key for two uses.
class UniqueMembers {
public:
    std::optional<Error> take(const GenesisMember& member, const std::string& where) {
        if (!names_.insert(member.slug).second) return invalid_at(where + "/slug", "occurs twice");
        if (!names_.insert(member.did).second) return invalid_at(where + "/did", "occurs twice");
        if (!keys_.insert(to_hex(member.tls_spki_sha256)).second)
            return invalid_at(where + "/node/tls_spki_sha256", "occurs twice");
        for (const std::string& key : {keys::multikey(member.issuer),
                                       keys::multikey(member.assertion),
                                       keys::multikey(member.governance),
                                       keys::multikey(member.cosigner),
                                       keys::multikey(member.node_key)}) {
            if (!keys_.insert(key).second) return invalid_at(where, "a key occurs twice");
        }
        return std::nullopt;
    }
    void take_log(const note::VerifierKey& log) { keys_.insert(keys::multikey(log.key)); }

private:
    std::set<std::string> names_;
    std::set<std::string> keys_;
};

std::optional<Error> add_members(Genesis& genesis,
                                 const json::Array& values,
                                 const std::string& where) {
    if (values.empty() || values.size() > members_max) {
        return invalid_at(where, std::to_string(values.size()) + " members, want 1 to 64");
    }
    UniqueMembers seen;
    seen.take_log(genesis.log);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string pointer = where + "/" + std::to_string(i);
        Result<GenesisMember> member = genesis_member_from(values[i], pointer);
        if (!member) return member.error();
        if (auto wrong = seen.take(*member, pointer)) return wrong;
        genesis.members.push_back(std::move(*member));
    }
    return std::nullopt;
}

}  // namespace

Result<Genesis> genesis_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    const std::string format = fields.string("format");
    const std::string network_name = fields.string("network_name");
    const std::string origin = fields.string("origin");
    const std::string log_text = fields.string("log");
    const std::uint64_t quorum = fields.integer("quorum");
    const json::Array& members = fields.array("members");
    const json::Value& signatures_value = fields.any("signatures");
    if (auto wrong = fields.finish()) return *wrong;
    if (format != genesis_format)
        return invalid_at(fields.pointer("format"), "want chancery-genesis/v1");
    if (!is_name(network_name))
        return invalid_at(fields.pointer("network_name"),
                          "want 1 to 200 bytes, no control characters");
    if (!note::is_origin(origin) || origin.find("/epoch/") != std::string::npos)
        return invalid_at(fields.pointer("origin"), "want a schema-less URL without /epoch/");
    const Result<note::VerifierKey> log = note::parse_vkey(log_text);
    if (!log) return invalid_at(fields.pointer("log"), log.error().detail);
    if (log->name != origin || log->type != note::KeyType::ed25519)
        return invalid_at(fields.pointer("log"), "want a type 0x01 key named as the origin");
    Result<std::map<std::string, Bytes>> signatures =
        signatures_from(signatures_value, fields.pointer("signatures"));
    if (!signatures) return signatures.error();

    Genesis genesis{.network_name = network_name,
                    .origin = origin,
                    .log = *log,
                    .quorum = 0,
                    .members = {},
                    .signatures = std::move(*signatures)};
    if (auto wrong = add_members(genesis, members, fields.pointer("members"))) return *wrong;
    const auto count = static_cast<std::uint32_t>(genesis.members.size());
    if (quorum < quorum_min(count) || quorum > count) {
        return invalid_at(fields.pointer("quorum"),
                          "got " + std::to_string(quorum) + ", want " +
                              std::to_string(quorum_min(count)) + " to " + std::to_string(count));
    }
    genesis.quorum = static_cast<std::uint32_t>(quorum);
    return genesis;
}

Result<Genesis> parse_genesis(std::string_view text) {
    const Result<json::Value> value = json::parse(text, {.bytes_max = genesis_bytes_max});
    if (!value) return value.error();
    return genesis_from(*value);
}

}  // namespace chancery::ledger
