// A network whose keys anybody can make again: seed = SHA-256("chancery test key <slug> <use>"),
// as in the vectors of our own forms.
#pragma once

#include <string>
#include <vector>

#include "consensus/registry/registry.h"
#include "crypto/hash/sha256.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/genesis.h"

namespace chancery::test {

inline Hash test_seed(const std::string& slug, const std::string& use) {
    return sha256(bytes_of("chancery test key " + slug + " " + use));
}

inline keys::MemberKey member_key(const std::string& slug, const std::string& use) {
    return *keys::MemberKey::from_secret(test_seed(slug, use));
}

inline keys::Ed25519Key ed25519_key(const std::string& slug, const std::string& use) {
    return keys::Ed25519Key::from_seed(test_seed(slug, use));
}

// "uni-a" for member 1, "uni-b" for 2, …
inline std::string slug_of(ledger::MemberNumber member) {
    return std::string("uni-") + static_cast<char>('a' + member - 1);
}

// Signed by all its members.
inline ledger::Genesis test_genesis(ledger::MemberNumber members) {
    const std::string origin = "registry.example/test";
    ledger::Genesis genesis{
        .network_name = "Test",
        .origin = origin,
        .log = {origin, note::KeyType::ed25519, ed25519_key("log", "log").public_key()},
        .quorum = ledger::quorum_min(members),
        .members = {},
        .signatures = {}};
    for (ledger::MemberNumber number = 1; number <= members; ++number) {
        const std::string slug = slug_of(number);
        genesis.members.push_back(
            ledger::GenesisMember{.slug = slug,
                                  .name = "University " + std::to_string(number),
                                  .did = keys::did_key(ed25519_key(slug, "assertion").public_key()),
                                  .issuer = member_key(slug, "issuer").public_key(),
                                  .assertion = ed25519_key(slug, "assertion").public_key(),
                                  .governance = member_key(slug, "governance").public_key(),
                                  .cosigner = ed25519_key(slug, "cosigner").public_key(),
                                  .peer_endpoint = slug + ".example:7300",
                                  .public_endpoint = "https://" + slug + ".example",
                                  .node_key = ed25519_key(slug, "node").public_key(),
                                  .tls_spki_sha256 = test_seed(slug, "tls")});
    }
    const Hash message = ledger::genesis_message(ledger::network_id(genesis));
    for (const auto& member : genesis.members) {
        const auto signature = member_key(member.slug, "governance").sign(message, Hash{});
        genesis.signatures[member.slug] = Bytes(signature.begin(), signature.end());
    }
    return genesis;
}

inline ledger::Nonce nonce_of(std::uint64_t number) {
    ledger::Nonce nonce{};
    const Bytes written = Writer().u64(number).take();
    std::ranges::copy(written, nonce.begin() + 8);
    return nonce;
}

// A commitment that only says which it is.
inline Hash commitment_of(std::uint64_t number) { return sha256(Writer().u64(number).written()); }

// Bodies of kind 2, in order, without repeats of `commitments`.
inline std::vector<Bytes> credential_bodies(std::vector<Hash> commitments) {
    std::ranges::sort(commitments);
    std::vector<Bytes> bodies;
    for (const Hash& commitment : commitments)
        bodies.emplace_back(commitment.begin(), commitment.end());
    return bodies;
}

// A batch of any draft and bodies, in any state of order, signed by the member's issuer key: what
// make_bulk() would refuse to write as well.
inline Bytes sign_anything(const registry::BatchDraft& draft,
                           const std::vector<Bytes>& bodies,
                           const Hash& network_id,
                           const keys::MemberKey& issuer) {
    std::vector<Hash> leaves;
    for (const Bytes& body : bodies)
        leaves.push_back(merkle::leaf_hash(body));
    ledger::BatchEntry header;
    header.member = draft.member;
    header.key_number = draft.key_number;
    header.nonce = draft.nonce;
    header.expires = draft.expires;
    header.record_kind = draft.record_kind;
    header.count = static_cast<std::uint32_t>(bodies.size());
    header.records_root = merkle::root_of(leaves);
    header.signature = issuer.sign(registry::batch_message(network_id, header), Hash{});

    Writer out;
    out.u8(1).u8(1).u32(header.member).u32(header.key_number).bytes(header.nonce);
    out.u64(header.expires).u8(static_cast<std::uint8_t>(header.record_kind)).u32(header.count);
    out.bytes(header.records_root).bytes(header.signature);
    for (const Bytes& body : bodies) {
        if (registry::fixed_body_bytes(draft.record_kind) == 0) {
            out.u16(static_cast<std::uint16_t>(body.size()));
        }
        out.bytes(body);
    }
    return out.take();
}

}  // namespace chancery::test
