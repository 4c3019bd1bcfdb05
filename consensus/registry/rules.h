// The rules that a batch must keep upon the ledger as it stands: why one is refused.
//
// Form is judged before (batch.h) and comes first; then, in this order, so that every node gives
// the same answer: time, nonce, key, signature, room, and what the records of its kind must keep.
// Source: PROTOCOL.md, Blocks and validity.
#pragma once

#include <optional>

#include "consensus/registry/growing_block.h"

namespace chancery::registry {

// Errc::invalid unless the block's time is within the 24 hours up to `expires`.
std::optional<Fault> time_fault(const ledger::BatchEntry& header, ledger::TimeMs time);

// Errc::forbidden unless the member's issuer key of that number is in force at the block's first
// position and signed the message.
std::optional<Fault> signature_fault(const ledger::BatchEntry& header,
                                     const Hash& message,
                                     const GrowingBlock& block,
                                     SignatureMemory* signatures);

// Errc::unavailable if this block has no room left for the batch, Errc::invalid if no block has.
std::optional<Fault> size_fault(const Batch& batch, const GrowingBlock& block);

// What the records must keep upon the ledger. Errors are the view's.
Result<std::optional<Fault>> records_fault(const Batch& batch, const GrowingBlock& block);

}  // namespace chancery::registry
