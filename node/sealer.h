// From agreed to sealed: the guard's record, this member's cosignature, a quorum of cosignatures,
// and the note that the world is shown.
//
// A plain state machine: events in, effects out. A cosignature leaves only when the replica said
// that the block is committed and a quorum of members (this one among them) derived the same, and
// when the guard's record is durable. One root per (origin, size), sizes never falling, times
// never falling.
// Source: PROTOCOL.md, Tree, checkpoints, seals.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/types.h"
#include "crypto/ledger/members.h"
#include "crypto/note/cosignature.h"
#include "storage/journal.h"

namespace chancery::node {

// What is to be sealed: a block, or size 0 (height and index 0).
struct Sealing {
    std::uint64_t height = 0;
    raft::Index index = 0;
    Hash chain{};
    merkle::TreeHead head;
    std::shared_ptr<const ledger::Members> members;  // In force before the block.
};

struct SealerEffects {
    std::optional<storage::CosignedRecord> guard;  // Make durable, then call guarded().
    std::optional<note::SignatureLine> own_line;   // For every other member.
    std::optional<std::string> sealed;             // The note over the head being sealed.
    std::optional<std::string> refreshed;          // A newer note over the last sealed head.
    std::optional<std::string> alarm;              // Integrity: stop, do not sign.
};

class Sealer {
public:
    struct Identity {
        ledger::MemberNumber member = 0;
        keys::Ed25519Key cosigner;
        keys::Ed25519Key log;
    };
    // Where an earlier run stopped.
    struct Restored {
        std::optional<storage::CosignedRecord> cosigned;
        std::string checkpoint;  // The newest sealed note; empty: none.
        std::uint64_t checkpoint_height = 0;
        std::shared_ptr<const ledger::Members> members;  // That judge it.
    };
    Sealer(Identity identity, const Restored& restored);

    // Begins with the next head; the one before must be sealed. CHECKed.
    void begin(const Sealing& sealing);
    bool is_sealing() const { return current_.has_value(); }

    // The block is committed and quorum members, this one among them, derived this head.
    void agreed();
    // The guard's record is durable; `now_s` dates the cosignature.
    void guarded(std::uint64_t now_s);
    // Another member's line; ignored unless it verifies over the head being sealed.
    void cosignature(const note::SignatureLine& line);

    // Cosigns the last sealed head anew if its own time is at least `age_s` old.
    void refresh(std::uint64_t now_s, std::uint64_t age_s);

    SealerEffects take_effects();

    const std::string& checkpoint() const { return checkpoint_; }  // Newest sealed note, or "".

private:
    struct Current {
        Sealing sealing;
        std::string text;
        std::vector<ledger::Cosigner> cosigners;
        std::map<ledger::MemberNumber, note::SignatureLine> lines;
        bool is_guard_asked = false;
        bool is_signed = false;
    };

    void seal_when_ready();
    bool guard_allows(const Sealing& sealing) const;
    std::string note_of(const Current& current) const;

    Identity identity_;
    std::optional<storage::CosignedRecord> guard_;
    std::optional<Current> current_;
    std::optional<Current> last_sealed_;  // What refresh() signs anew.
    std::string checkpoint_;
    std::uint64_t newest_time_s_ = 0;  // Of an own cosignature; times never fall.
    SealerEffects effects_;
};

}  // namespace chancery::node
