// The rules that an act must keep upon the ledger as it stands: why one is refused.
//
// Form is judged before (ledger/act.h); then, in this order: time, sequence, governance key,
// signature, room, and what the act does to the members.
// Source: PROTOCOL.md, Members and governance (Acts).
#pragma once

#include <optional>

#include "consensus/registry/growing_block.h"

namespace chancery::registry {

// Errc::invalid unless the block's time is within the 90 days up to `expires`.
std::optional<Error> act_time_fault(const ledger::Act& act, ledger::TimeMs time);

// Errc::conflict unless the act is the next of its member.
std::optional<Error> sequence_fault(const ledger::Act& act, const GrowingBlock& block);

// Errc::forbidden unless the member's governance key in force at the block's first position signed
// the message.
std::optional<Error> act_signature_fault(const ledger::Act& act,
                                         const ledger::Signature& signature,
                                         const Hash& message,
                                         const GrowingBlock& block,
                                         SignatureMemory* signatures);

// Errc::unavailable if this block has no room left for the act.
std::optional<Error> act_size_fault(const ledger::SignedAct& act, const GrowingBlock& block);

}  // namespace chancery::registry
