// A whole registry network in a test's hands: keys of every member, a log by definition, seals.
//
// Everything is made the slow way, straight from the specification, so that a test can also make
// what an honest network never would: other signers, other times, other entries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/credential/commitment.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/credential/trust.h"
#include "crypto/keys/multikey.h"
#include "crypto/merkle/node_hash.h"
#include "crypto/note/cosignature.h"

namespace chancery::test {

inline Hash filled_hash(std::uint8_t value) {
    Hash hash{};
    hash.fill(value);
    return hash;
}

// An Ed25519 key or a BIP-340 key from a small number.
inline keys::Ed25519Key ed25519_key(std::uint8_t number) {
    return keys::Ed25519Key::from_seed(filled_hash(number));
}
inline keys::MemberKey member_key(std::uint8_t number) {
    return keys::MemberKey::from_secret(filled_hash(number)).value();
}

// The path of leaf `index` among all `leaves`, by definition.
inline std::vector<Hash> path_by_definition(const std::vector<Hash>& leaves, std::uint64_t index) {
    std::vector<Hash> path;
    for (const merkle::Range& range : merkle::inclusion_ranges(index, leaves.size())) {
        path.push_back(merkle::root_of(
            std::span(leaves).subspan(static_cast<std::size_t>(range.begin),
                                      static_cast<std::size_t>(range.end - range.begin))));
    }
    return path;
}

// Signed by every member's governance key.
inline ledger::Genesis small_genesis(std::uint8_t members, const std::string& origin) {
    ledger::Genesis genesis{.network_name = "Small",
                            .origin = origin,
                            .log = {.name = origin,
                                    .type = note::KeyType::ed25519,
                                    .key = ed25519_key(250).public_key()},
                            .quorum = ledger::quorum_min(members),
                            .members = {},
                            .signatures = {}};
    for (std::uint8_t i = 0; i < members; ++i) {
        const auto key = [i](int use) { return static_cast<std::uint8_t>(1 + use * 40 + i); };
        const std::string slug = std::string("m") + std::to_string(i + 1);
        genesis.members.push_back({.slug = slug,
                                   .name = "Member " + std::to_string(i + 1),
                                   .did = "did:web:" + slug + ".example",
                                   .issuer = member_key(key(0)).public_key(),
                                   .assertion = ed25519_key(key(1)).public_key(),
                                   .governance = member_key(key(2)).public_key(),
                                   .cosigner = ed25519_key(key(3)).public_key(),
                                   .peer_endpoint = slug + ".example:7300",
                                   .public_endpoint = "https://" + slug + ".example",
                                   .node_key = ed25519_key(key(4)).public_key(),
                                   .tls_spki_sha256 = filled_hash(key(5))});
    }
    const Hash message = ledger::genesis_message(ledger::network_id(genesis));
    for (std::uint8_t i = 0; i < members; ++i) {
        const auto signature = member_key(static_cast<std::uint8_t>(81 + i)).sign(message, {});
        genesis.signatures["m" + std::to_string(i + 1)] = Bytes(signature.begin(), signature.end());
    }
    return genesis;
}

class SmallNetwork {
public:
    static constexpr std::uint64_t time_s = 1'767'225'600;  // 2026-01-01T00:00:00Z

    explicit SmallNetwork(std::uint8_t member_count,
                          const std::string& origin = "log.example/small")
        : genesis(small_genesis(member_count, origin)), members(ledger::members_from(genesis)) {
        for (std::uint8_t i = 0; i < member_count; ++i)
            cosigners.emplace_back("m" + std::to_string(i + 1),
                                   ed25519_key(static_cast<std::uint8_t>(121 + i)));
    }

    // Of what is registered and changed from now on; seals stay where they are.
    std::int64_t offset_s = 0;
    ledger::TimeMs time_ms() const {
        return static_cast<ledger::TimeMs>(static_cast<std::int64_t>(time_s) + offset_s) * 1'000;
    }

    ledger::Position append(const ledger::Entry& entry) {
        entries.push_back(ledger::encode(entry));
        leaves.push_back(merkle::leaf_hash(entries.back()));
        return entries.size() - 1;
    }

    ledger::Position register_credential(ledger::MemberNumber member, const Hash& commitment) {
        return append(
            ledger::CredentialEntry{.member = member, .time = time_ms(), .commitment = commitment});
    }

    ledger::Position change_status(ledger::Position position, ledger::CredentialStatus status) {
        const auto credential =
            std::get<ledger::CredentialEntry>(ledger::decode(entries.at(position)).value());
        statuses[position] = static_cast<std::uint8_t>(status);
        const auto before = changes.find(position);
        const ledger::Position previous =
            before == changes.end() ? ledger::no_position : before->second;
        changes[position] = append(ledger::StatusEntry{.member = credential.member,
                                                       .time = time_ms(),
                                                       .position = position,
                                                       .commitment = credential.commitment,
                                                       .previous = previous,
                                                       .status = status,
                                                       .reason = ledger::Reason::legal_order,
                                                       .successor = ledger::no_position});
        return changes[position];
    }

    // Ends the block with its state entry.
    void end_block() {
        append(ledger::StateEntry{.height = ++height,
                                  .time = time_s * 1'000,
                                  .size = entries.size(),
                                  .status_root = merkle::root_of(chunk_leaves(entries.size())),
                                  .members_hash = ledger::members_hash(members)});
    }

    std::vector<merkle::Chunk> chunks(std::uint64_t positions) const {
        std::vector<merkle::Chunk> all(static_cast<std::size_t>(merkle::chunk_count(positions)));
        for (const auto& [position, status] : statuses)
            merkle::set_status_in(all.at(position / 256), position, status);
        return all;
    }
    std::vector<Hash> chunk_leaves(std::uint64_t positions) const {
        std::vector<Hash> hashes;
        for (const merkle::Chunk& chunk : chunks(positions))
            hashes.push_back(merkle::chunk_leaf(chunk));
        return hashes;
    }

    note::Checkpoint unsigned_checkpoint() const {
        return {.origin = members.origin,
                .head = {.size = leaves.size(), .root = merkle::root_of(leaves)}};
    }

    // Cosigned by the first `signers` cosigners, each one second later than the one before.
    std::string checkpoint(std::size_t signers, std::uint64_t first_time_s = time_s) const {
        const std::string text = note::checkpoint_text(unsigned_checkpoint());
        note::SignedNote note{.text = text, .signatures = {}};
        for (std::size_t i = 0; i < signers; ++i) {
            note.signatures.push_back(
                note::cosign(text,
                             ledger::genesis_origin(members) + "/" + cosigners.at(i).first,
                             first_time_s + i,
                             cosigners.at(i).second));
        }
        return note::to_text(note);
    }

    credential::Receipt receipt(ledger::Position position, const Hash& salt) const {
        return {.salt = salt,
                .entry = entries.at(position),
                .index = position,
                .path = path_by_definition(leaves, position),
                .checkpoint = checkpoint(cosigners.size())};
    }

    credential::EntryProof entry_proof(ledger::Position position) const {
        return {.index = position,
                .entry = entries.at(position),
                .path = path_by_definition(leaves, position)};
    }

    credential::StatusProof status_proof(ledger::Position position) const {
        const std::uint64_t covered = entries.size() - 1;
        credential::StatusProof proof;
        proof.checkpoint = checkpoint(cosigners.size());
        proof.state_entry = entries.back();
        proof.state_path = path_by_definition(leaves, covered);
        proof.credential = entry_proof(position);
        proof.chunk = chunks(covered).at(position / 256);
        proof.chunk_path = path_by_definition(chunk_leaves(covered), position / 256);
        const auto status = statuses.find(position);
        if (status != statuses.end() && status->second != 0)
            proof.change = entry_proof(changes.at(position));
        return proof;
    }

    credential::TrustStep trust_step() const {
        return {.checkpoint = checkpoint(cosigners.size()),
                .state_entry = entries.back(),
                .state_path = path_by_definition(leaves, leaves.size() - 1),
                .members = members};
    }

    ledger::Genesis genesis;
    ledger::Members members;  // In force after the next end_block().
    std::vector<std::pair<std::string, keys::Ed25519Key>> cosigners;
    std::vector<Bytes> entries;
    std::vector<Hash> leaves;
    std::map<ledger::Position, std::uint8_t> statuses;
    std::map<ledger::Position, ledger::Position> changes;
    std::uint64_t height = 0;
};

}  // namespace chancery::test
