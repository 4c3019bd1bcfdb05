#include "node/cli/member_folder.h"

#include <cstring>

#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/tls_key.h"
#include "crypto/ledger/endpoints.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using keystore::Use;

struct Maker {
    std::string folder;
    std::string slug;
    const keystore::Passphrase& passphrase;

    Result<Bytes> make(Use use) const {
        Bytes secret = keystore::random_secret(use);
        const std::string path = folder + "/" + std::string(keystore::name_of(use)) + ".key";
        const Result<void> made = keystore::create_key_file(path, {use, slug}, secret, passphrase);
        if (!made) {
            ::explicit_bzero(secret.data(), secret.size());
            return made.error();
        }
        return secret;
    }

    Result<keys::MemberPublicKey> member_key(Use use) const {
        Result<Bytes> secret = make(use);
        if (!secret) return secret.error();
        Hash scalar{};
        std::ranges::copy(*secret, scalar.begin());
        ::explicit_bzero(secret->data(), secret->size());
        const Result<keys::MemberKey> key = keys::MemberKey::from_secret(scalar);
        ::explicit_bzero(scalar.data(), scalar.size());
        if (!key) return key.error();
        return key->public_key();
    }

    Result<keys::Ed25519PublicKey> ed25519(Use use) const {
        Result<Bytes> secret = make(use);
        if (!secret) return secret.error();
        Hash seed{};
        std::ranges::copy(*secret, seed.begin());
        ::explicit_bzero(secret->data(), secret->size());
        const keys::Ed25519Key key = keys::Ed25519Key::from_seed(seed);
        ::explicit_bzero(seed.data(), seed.size());
        return key.public_key();
    }

    Result<Hash> tls() const {
        Result<Bytes> secret = make(Use::tls);
        if (!secret) return secret.error();
        const Result<Hash> pin = keys::tls_spki_sha256(*secret);
        ::explicit_bzero(secret->data(), secret->size());
        return pin;
    }
};

Result<ledger::GenesisMember> make_keys(const MemberPlan& plan, const Maker& maker) {
    const auto issuer = maker.member_key(Use::issuer);
    if (!issuer) return issuer.error();
    const auto assertion = maker.ed25519(Use::assertion);
    if (!assertion) return assertion.error();
    const auto governance = maker.member_key(Use::governance);
    if (!governance) return governance.error();
    const auto cosigner = maker.ed25519(Use::cosigner);
    if (!cosigner) return cosigner.error();
    const auto node_key = maker.ed25519(Use::node);
    if (!node_key) return node_key.error();
    const auto tls = maker.tls();
    if (!tls) return tls.error();
    return ledger::GenesisMember{.slug = plan.slug,
                                 .name = plan.name,
                                 .did = plan.did.empty() ? keys::did_key(*assertion) : plan.did,
                                 .issuer = *issuer,
                                 .assertion = *assertion,
                                 .governance = *governance,
                                 .cosigner = *cosigner,
                                 .peer_endpoint = plan.peer_endpoint,
                                 .public_endpoint = plan.public_endpoint,
                                 .node_key = *node_key,
                                 .tls_spki_sha256 = *tls};
}

}  // namespace

std::optional<MemberFault> fault_of(const MemberPlan& plan) {
    if (!ledger::is_slug(plan.slug)) return MemberFault{"slug", "want as in uni-a"};
    if (!ledger::is_name(plan.name))
        return MemberFault{"name", "want 1 to 200 bytes without control characters"};
    if (!plan.did.empty() && !ledger::is_did(plan.did))
        return MemberFault{"did", "want a DID, as in did:web:uni-a.example"};
    if (!ledger::is_peer_endpoint(plan.peer_endpoint)) return MemberFault{"peer", "want host:port"};
    if (!ledger::is_public_endpoint(plan.public_endpoint))
        return MemberFault{"url", "want an http or https URL"};
    return std::nullopt;
}

Result<ledger::GenesisMember> make_member_folder(const MemberPlan& plan,
                                                 const std::string& folder,
                                                 const keystore::Passphrase& passphrase) {
    if (!ledger::is_slug(plan.slug))
        return Error{Errc::invalid, "member: want a slug of the form [a-z][a-z0-9-]{0,31}"};
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    const Maker maker{folder, plan.slug, passphrase};
    Result<ledger::GenesisMember> member = make_keys(plan, maker);
    if (!member) return member.error();
    const auto written = node::create_file(
        folder + "/member.json", json::pretty(member_json(*member)), node::public_mode);
    if (!written) return written.error();
    return member;
}

json::Value member_json(const ledger::GenesisMember& member) {
    // The genesis knows how its members are written; the rest of this one does not matter.
    note::VerifierKey log{"o", note::KeyType::ed25519, member.cosigner};
    std::vector<ledger::GenesisMember> members = {member};
    const ledger::Genesis genesis{.network_name = "n",
                                  .origin = "o",
                                  .log = std::move(log),
                                  .quorum = 1,
                                  .members = std::move(members),
                                  .signatures = {}};
    const json::Value whole = ledger::to_json(genesis);
    return whole.find("members")->as_array()->front();
}

Result<ledger::Genesis> draft_genesis(const GenesisPlan& plan, json::Array members) {
    const auto count = static_cast<std::uint32_t>(members.size());
    if (members.empty() || members.size() > ledger::members_max)
        return Error{Errc::invalid,
                     "got " + std::to_string(members.size()) + " members, want 1 to 64"};
    const json::Value draft =
        json::Object{{"format", "chancery-genesis/v1"},
                     {"network_name", plan.network_name},
                     {"origin", plan.origin},
                     {"log", plan.log},
                     {"quorum", plan.quorum == 0 ? ledger::quorum_min(count) : plan.quorum},
                     {"members", std::move(members)},
                     {"signatures", json::Object{}}};
    return ledger::parse_genesis(json::canonical(draft));
}

Result<std::string> sign_genesis(ledger::Genesis& genesis, const keys::MemberKey& governance) {
    const Hash message = ledger::genesis_message(ledger::network_id(genesis));
    for (const ledger::GenesisMember& member : genesis.members) {
        if (member.governance != governance.public_key()) continue;
        const keys::SchnorrSignature signature = governance.sign(message, keystore::random_hash());
        genesis.signatures.insert_or_assign(member.slug, Bytes(signature.begin(), signature.end()));
        return member.slug;
    }
    return Error{Errc::forbidden, "the governance key is no member's of this genesis"};
}

std::string first_trust_file(const ledger::Genesis& genesis) {
    return json::pretty(json::Object{{"format", "chancery-trust/v1"},
                                     {"genesis", ledger::to_json(genesis)},
                                     {"steps", json::Array{}}});
}

}  // namespace chancery::cli
