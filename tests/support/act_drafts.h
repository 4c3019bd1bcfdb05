// Acts as members sign them, with new keys of every kind, for tests.
#pragma once

#include "crypto/base/encoding.h"
#include "crypto/keys/evm_key.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/p256_key.h"
#include "crypto/ledger/act.h"
#include "tests/support/registry_drafts.h"
#include "tests/support/test_network.h"

namespace chancery::test {

inline ledger::AddKey new_issuer_key(const Hash& network_id,
                                     ledger::MemberNumber member,
                                     const keys::MemberKey& key,
                                     std::optional<std::uint32_t> replaces) {
    ledger::AddKey added{ledger::KeyUse::issuer, keys::multikey(key.public_key()), {}, replaces};
    const auto signature =
        key.sign(ledger::possession_hash(network_id, member, added.use, added.key), Hash{});
    added.possession.assign(signature.begin(), signature.end());
    return added;
}

// `sign` gives the signature of a message in the form of the key's kind.
template <typename Sign>
ledger::AddKey new_key(const Hash& network_id,
                       ledger::MemberNumber member,
                       ledger::KeyUse use,
                       std::string text,
                       Sign sign,
                       std::optional<std::uint32_t> replaces = std::nullopt) {
    ledger::AddKey added{use, std::move(text), {}, replaces};
    const Bytes message = ledger::possession_message(network_id, member, use, added.key);
    const auto signature = sign(message);
    added.possession.assign(signature.begin(), signature.end());
    return added;
}

inline ledger::AddKey new_ed25519_key(const Hash& network_id,
                                      ledger::MemberNumber member,
                                      const keys::Ed25519Key& key,
                                      std::optional<std::uint32_t> replaces = std::nullopt) {
    return new_key(
        network_id,
        member,
        ledger::KeyUse::assertion,
        keys::multikey(key.public_key()),
        [&](const Bytes& message) { return key.sign(message); },
        replaces);
}

inline ledger::AddKey new_p256_key(const Hash& network_id,
                                   ledger::MemberNumber member,
                                   const keys::P256Key& key) {
    return new_key(network_id,
                   member,
                   ledger::KeyUse::assertion,
                   keys::multikey(key.public_key()),
                   [&](const Bytes& message) { return key.sign(message); });
}

inline ledger::AddKey new_anchor_key(const Hash& network_id,
                                     ledger::MemberNumber member,
                                     const keys::EvmKey& key,
                                     std::optional<std::uint32_t> replaces = std::nullopt) {
    return new_key(
        network_id,
        member,
        ledger::KeyUse::anchor,
        key.address().text(),
        [&](const Bytes& message) { return key.sign_personal(message); },
        replaces);
}

inline ledger::Act act_of(ledger::MemberNumber by,
                          std::uint64_t sequence,
                          std::variant<ledger::AddKey, ledger::EndKey> what,
                          ledger::TimeMs expires = start + day) {
    return {.by = by, .sequence = sequence, .expires = expires, .what = std::move(what)};
}

// Any text as the act, signed by `governance`.
inline Bytes signed_text(const std::string& text,
                         const Hash& network_id,
                         const keys::MemberKey& governance) {
    return ledger::act_submission(
        {governance.sign(ledger::act_message(network_id, text), Hash{}), text});
}

// The submission, signed by the test network's governance key of the member.
inline Bytes signed_act(const ledger::Act& act, const Hash& network_id) {
    return signed_text(ledger::to_text(act), network_id, member_key(slug_of(act.by), "governance"));
}

}  // namespace chancery::test
