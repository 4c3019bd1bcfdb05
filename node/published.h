// What the world is shown: one sealed size, with all that proofs under it share.
//
// Immutable once made, so any number of readers may hold it while the next one is prepared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "consensus/registry/state.h"
#include "crypto/ledger/members.h"
#include "crypto/note/checkpoint.h"

namespace chancery::node {

// A note, and what its cosignatures say: each was checked once.
struct SealedNote {
    std::string checkpoint;
    ledger::Seal seal;
};

struct Published {
    std::string checkpoint;  // The sealed note.
    registry::State state;   // As of it.
    Bytes state_entry;       // The log's last entry; empty at size 0.
    std::vector<Hash> state_path;
    std::uint32_t cosigners = 0;  // Members with a valid cosignature.
    std::uint64_t sealed_s = 0;   // The quorum-th newest cosignature's time.

    std::uint64_t size() const { return state.frontier.leaf_count(); }
};

}  // namespace chancery::node
