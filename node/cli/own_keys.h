// A member's own keys on the ledger: added, replaced and ended by acts that its governance key
// signs.
//
// Every step can be repeated. An act has the sequence after the member's last, so that of two that
// say the same only one is taken; and before one is made the ledger is asked whether it shows
// already what is wanted.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "crypto/ledger/act.h"
#include "node/cli/session.h"
#include "node/signing_key.h"

namespace chancery::cli {

// What the ledger has of a key.
struct KeyStanding {
    ledger::KeyUse use = ledger::KeyUse::issuer;
    std::uint32_t number = 0;
    std::string key;
    ledger::InForce in_force;
    bool was_there = false;  // Before it was asked for: nothing was submitted.
};

class OwnKeys {
public:
    // Of the member whose governance key in force is in the file. Errc::forbidden if it is
    // nobody's. `session` must outlive it.
    static Result<OwnKeys> open(Session& session, const keystore::KeyFile& governance);

    // As the ledger has it now, as far as the trust shows.
    const ledger::Member& member() const;
    std::optional<KeyStanding> find(std::string_view key) const;
    std::optional<KeyStanding> find(ledger::KeyUse use, std::uint32_t number) const;
    // The only one of this use in force; nullopt if there is none, or there are several.
    std::optional<KeyStanding> only(ledger::KeyUse use) const;

    // Puts the key in the file on the ledger, in place of number `replaces` if that is said, and
    // waits until the trust shows it. Errc::conflict if it was there and ended, or would be a
    // second issuer key; else what the registry says.
    Result<KeyStanding> add(const keystore::KeyFile& file, std::optional<std::uint32_t> replaces);
    // Errc::not_found if there is no such key, Errc::conflict if it is out of force.
    Result<KeyStanding> end(ledger::KeyUse use, std::uint32_t number);

private:
    OwnKeys(Session& session,
            Desk desk,
            ledger::MemberNumber number,
            const keys::MemberKey& governance)
        : session_(session), desk_(std::move(desk)), number_(number), governance_(governance) {}

    using What = decltype(ledger::Act::what);
    using Shown = std::function<bool()>;
    Result<void> submit(const What& what);
    // Until the trust shows it.
    Result<void> settle(const What& what, const Shown& wanted);
    Result<bool> is_shown(const Shown& wanted, std::chrono::milliseconds patience);
    Result<void> refresh();

    Session& session_;
    Desk desk_;
    ledger::MemberNumber number_;
    keys::MemberKey governance_;
};

// The ledger's word for a key that is a member's own to add: issuer, assertion, anchor.
// Errc::invalid for others.
Result<ledger::KeyUse> own_use(keystore::Use use);

}  // namespace chancery::cli
