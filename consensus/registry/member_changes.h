// What the acts of one block do to the members object: judged one upon another while the block
// grows, in force once it is done.
//
// A block's own batches and acts are judged with the members and keys of its start; a later act
// sees what earlier ones took (numbers, key texts), and cannot take it again.
// Source: PROTOCOL.md, Members and governance (Keys, Acts).
#pragma once

#include <memory>
#include <optional>

#include "consensus/registry/state.h"
#include "crypto/ledger/act.h"

namespace chancery::registry {

class MemberChanges {
public:
    explicit MemberChanges(const State& before)
        : members_(before.members), governance_(before.governance) {}

    // Why the act cannot be, whoever signed it: Errc::forbidden for a key that its holder did not
    // sign with, Errc::conflict for what the members object or earlier acts say.
    std::optional<Error> fault_of(const ledger::Act& act) const;

    // CHECKs that fault_of() finds none.
    void add(const ledger::Act& act);

    // The object with everything that was added and ended, from this position on.
    ledger::Members in_force_from(ledger::Position position) &&;

private:
    const ledger::Members& members() const { return changed_ ? *changed_ : *members_; }
    std::optional<Error> fault_of(const ledger::Member& member, const ledger::AddKey& added) const;
    bool was_ever_used(std::string_view key) const;

    std::shared_ptr<const ledger::Members> members_;
    std::shared_ptr<const Governance> governance_;
    std::optional<ledger::Members> changed_;  // With `undecided` for positions to come.
};

}  // namespace chancery::registry
