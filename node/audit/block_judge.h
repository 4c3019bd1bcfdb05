// Judges one block of a log as every node had to: its batches through the same rules, its state
// entry against what those leave.
//
// The log has entries where a node had submissions, so each batch is turned back into its bulk
// form; what that form leaves out (kinds, members, times of the records) is compared here.
// Source: PROTOCOL.md, Blocks and validity.
#pragma once

#include "consensus/registry/registry.h"
#include "node/audit/finding.h"

namespace chancery::audit {

struct Judged {
    std::optional<Finding> finding;
    std::optional<registry::AppliedBlock> applied;  // Unless something was found.
};

// `entries`: a whole block, its state entry last; without that, all there is of it, or more than
// a block may have, which is what is found at last. Never empty. Errors are the view's.
Result<Judged> judge_block(const registry::State& before,
                           const registry::LedgerView& view,
                           const registry::EntryRun& entries);

// Format 1, kind 7: the end of a block.
bool is_state_entry(ByteView entry);

}  // namespace chancery::audit
