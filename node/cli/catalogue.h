// What the members of a network published, as far as commands ask for it: rules and achievements,
// with every version of each.
//
// A list is the node's word. What is taken from it is proven entry by entry, and its content has
// the hash that the ledger names; that nothing was left out only an audit can tell.
#pragma once

#include <string>
#include <vector>

#include "node/cli/session.h"

namespace chancery::cli {

// Of one member and type.
inline constexpr std::size_t publications_listed_max = 10'000;

struct Catalogued {
    const ledger::Member* member = nullptr;  // In the desk's trust.
    ListedPublication item;

    bool is_newest() const { return item.newest == item.position; }
};

// Of all members, each one's rising by position.
Result<std::vector<Catalogued>> catalogue(Desk& desk, ledger::PublicationType type);

// Errc::corrupt unless the log under a trusted seal has just this publication there.
Result<void> prove(Desk& desk, const Catalogued& wanted, ledger::PublicationType type);

}  // namespace chancery::cli
