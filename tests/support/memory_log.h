// A small sealed log in memory, of a network with one member: what a node would serve.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/genesis.h"
#include "crypto/ledger/members.h"
#include "crypto/merkle/tile.h"
#include "crypto/note/cosignature.h"
#include "node/audit/log_source.h"
#include "tests/support/filled_hash.h"

namespace chancery::test {

// Its keys are fixed, so that two logs can be of one network.
struct SmallNetwork {
    keys::MemberKey issuer = *keys::MemberKey::from_secret(filled(1));
    keys::Ed25519Key assertion = keys::Ed25519Key::from_seed(filled(2));
    keys::MemberKey governance = *keys::MemberKey::from_secret(filled(3));
    keys::Ed25519Key cosigner = keys::Ed25519Key::from_seed(filled(4));
    keys::Ed25519Key node = keys::Ed25519Key::from_seed(filled(5));
    keys::Ed25519Key log = keys::Ed25519Key::from_seed(filled(6));
    ledger::Genesis genesis = make_genesis();

    Hash network_id() const { return ledger::network_id(genesis); }
    std::string trust_file() const {
        return json::pretty(json::Object{{"format", "chancery-trust/v1"},
                                         {"genesis", ledger::to_json(genesis)},
                                         {"steps", json::Array{}}});
    }
    std::string seal(const merkle::TreeHead& head, std::uint64_t time_s) const {
        const note::Checkpoint checkpoint{genesis.origin, head};
        note::SignedNote note{note::checkpoint_text(checkpoint), {}};
        note.signatures.push_back(note::sign_note(note.text, genesis.origin, log));
        note.signatures.push_back(
            note::cosign(note.text, genesis.origin + "/uni-a", time_s, cosigner));
        return note::to_text(note);
    }

private:
    ledger::Genesis make_genesis() const {
        ledger::Genesis made{
            .network_name = "Small",
            .origin = "registry.example/small",
            .log = {"registry.example/small", note::KeyType::ed25519, log.public_key()},
            .quorum = 1,
            .members = {{.slug = "uni-a",
                         .name = "University A",
                         .did = keys::did_key(assertion.public_key()),
                         .issuer = issuer.public_key(),
                         .assertion = assertion.public_key(),
                         .governance = governance.public_key(),
                         .cosigner = cosigner.public_key(),
                         .peer_endpoint = "a.example:7443",
                         .public_endpoint = "https://a.example",
                         .node_key = node.public_key(),
                         .tls_spki_sha256 = filled(7)}},
            .signatures = {}};
        const keys::SchnorrSignature signature =
            governance.sign(ledger::genesis_message(ledger::network_id(made)), filled(8));
        made.signatures["uni-a"] = Bytes(signature.begin(), signature.end());
        return made;
    }
};

class MemoryLog : public audit::LogSource {
public:
    explicit MemoryLog(const SmallNetwork& network) : network_(network) {}

    void append(Bytes entry) { entries_.push_back(std::move(entry)); }
    Bytes& entry(std::size_t i) { return entries_[i]; }
    std::size_t tiles_served() const { return tiles_served_; }

    merkle::TreeHead head() const { return head_of(entries_.size()); }
    merkle::TreeHead head_of(std::size_t size) const {
        return {size, merkle::root_of(leaves(0, size))};
    }

    Result<std::string> genesis() override {
        return json::pretty(ledger::to_json(network_.genesis));
    }
    Result<std::string> trust() override { return network_.trust_file(); }
    Result<std::string> checkpoint() override { return network_.seal(head(), 1'800'000'000); }

    Result<Bytes> tile(const merkle::TileId& id) override {
        ++tiles_served_;
        Bytes bytes;
        if (id.is_bundle) {
            for (std::uint64_t i = id.index * 256; i < id.index * 256 + id.width; ++i) {
                if (i >= entries_.size()) return Error{Errc::not_found, "no such bundle"};
                merkle::append_to_bundle(bytes, entries_[i]);
            }
            return bytes;
        }
        std::uint64_t span = 1;
        for (unsigned level = 0; level < id.level; ++level)
            span *= 256;
        for (std::uint64_t i = 0; i < id.width; ++i) {
            const std::uint64_t begin = (id.index * 256 + i) * span;
            if (begin + span > entries_.size()) return Error{Errc::not_found, "no such tile"};
            const Hash hash = merkle::root_of(leaves(begin, begin + span));
            bytes.insert(bytes.end(), hash.begin(), hash.end());
        }
        return bytes;
    }

private:
    std::vector<Hash> leaves(std::uint64_t begin, std::uint64_t end) const {
        std::vector<Hash> hashes;
        for (std::uint64_t i = begin; i < end; ++i)
            hashes.push_back(merkle::leaf_hash(entries_[i]));
        return hashes;
    }

    const SmallNetwork& network_;
    std::vector<Bytes> entries_;
    std::size_t tiles_served_ = 0;
};

}  // namespace chancery::test
