// From agreed to sealed: the guard's record, this member's cosignature, a quorum of cosignatures,
// and the note that the world is shown.
//
// A plain state machine: events in, effects out. A cosignature leaves only when the replica said
// that the block is committed and a quorum of members (this one among them) derived the same, and
// when the guard's record is durable. One root per (origin, size), sizes never falling, times
// never falling. The seal itself needs no word of this member's: a quorum of the others will do.
// Source: PROTOCOL.md, Tree, checkpoints, seals.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/types.h"
#include "crypto/ledger/members.h"
#include "crypto/note/cosignature.h"
#include "node/published.h"
#include "rpc/peer_message.h"
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

// A note with a quorum of valid cosignatures.
struct VerifiedSeal {
    std::string checkpoint;
    note::SignedCheckpoint parsed;
    ledger::Seal seal;
};
// What a note with a line of each member and of the log takes at most. It may go into the journal
// as a peer wrote it, who may have added lines.
std::size_t seal_bytes_max(const ledger::Members& members);
// Errc::invalid or forbidden unless `checkpoint` is this network's and sealed by its members. Costs
// a signature check for each line.
Result<VerifiedSeal> verify_seal(const std::string& checkpoint, const ledger::Members& members);

struct SealerEffects {
    std::optional<storage::CosignedRecord> guard;  // Make durable, then call guarded().
    std::optional<rpc::Cosignature> own_line;      // For every other member.
    std::optional<SealedNote> sealed;              // Over the head being sealed.
    std::optional<SealedNote> refreshed;           // A newer one over the last sealed head.
    std::optional<std::string> alarm;              // Integrity: stop, do not sign.
    struct StrangeLine {
        ledger::MemberNumber member = 0;
        std::uint64_t size = 0;
        note::SignatureLine line;
    };
    // In a member's name and not good over this node's head of that size.
    std::vector<StrangeLine> strange;
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
        std::string checkpoint;  // The newest sealed note, which was checked; empty: none.
        std::uint64_t checkpoint_height = 0;
        raft::Index checkpoint_index = 0;
        Hash checkpoint_chain{};
        std::shared_ptr<const ledger::Members> members;  // That judge it.
    };
    Sealer(Identity identity, const Restored& restored);

    // Begins with the next head; the one before must be sealed. CHECKed.
    void begin(const Sealing& sealing);
    bool is_sealing() const { return current_.has_value(); }
    // The head under way is none any more: its block was replaced. CHECKs that it was not agreed.
    void abandon();

    // A larger head is sealed: nobody asks for the one under way, size 0, any more.
    void pass_over_empty();

    // The block is committed and quorum members, this one among them, derived this head. Say it
    // again after guarded(): while another head's record is under way it is not heard.
    void agreed();
    // The guard's record is durable; `now_s` dates the cosignature.
    void guarded(std::uint64_t now_s);
    // The guard of an earlier life, as a peer holds its cosignature: signs nothing that contradicts
    // it. Errc::corrupt if the guard contradicts it already.
    Result<void> recall_guard(const storage::CosignedRecord& cosigned);
    const std::optional<storage::CosignedRecord>& guard() const { return guard_; }

    // Another member's line over a head of `size`. Over the head under way it counts if it
    // verifies; over a later one it waits, the newest of each member; over the last sealed head it
    // makes the note newer.
    void cosignature(ledger::MemberNumber member,
                     std::uint64_t size,
                     const note::SignatureLine& line);
    // A quorum's word on the head under way; false if it is on another head.
    bool adopt(const VerifiedSeal& seal);

    // Cosigns the last sealed head anew if its own time is at least `age_s` old, and takes in what
    // others sent over it.
    void refresh(std::uint64_t now_s, std::uint64_t age_s);

    SealerEffects take_effects();

    const std::string& checkpoint() const { return newest_note_.checkpoint; }  // "": none yet.
    const SealedNote& newest_note() const { return newest_note_; }
    // Over this node's heads, sealed or under way, with every line it has; those that came late
    // were not checked.
    std::vector<std::string> notes() const;
    std::uint64_t sealed_size() const { return last_sealed_ ? last_sealed_->sealing.head.size : 0; }

    // This member's line over the head under way or, if that is sealed, over it.
    std::optional<rpc::Cosignature> own_line() const;
    // The largest head that `member` is known here to have cosigned.
    std::optional<rpc::Memory::Cosigned> newest_of(ledger::MemberNumber member) const;

private:
    struct Current {
        Sealing sealing;
        std::string text;
        std::vector<ledger::Cosigner> cosigners;
        std::map<ledger::MemberNumber, note::SignatureLine> lines;
        std::optional<rpc::Cosignature> own;
    };
    struct Waiting {
        std::uint64_t size = 0;
        note::SignatureLine line;
    };

    void count(ledger::MemberNumber member, const note::SignatureLine& line);
    bool is_over(const Current& current,
                 const ledger::Cosigner& cosigner,
                 const note::SignatureLine& line);
    void note_newest(ledger::MemberNumber member, const Sealing& sealing);
    void seal_when_ready();
    bool guard_allows(const Sealing& sealing) const;
    void sign(Current& current, std::uint64_t now_s);
    static ledger::Seal seal_over(const Current& current);
    SealedNote note_of(const Current& current) const;

    Identity identity_;
    std::optional<storage::CosignedRecord> guard_;
    std::optional<storage::CosignedRecord> asked_;  // Not durable yet.
    bool is_agreed_ = false;                        // The head under way.
    std::optional<Current> current_;
    std::optional<Current> last_sealed_;  // What refresh() signs anew.
    std::map<ledger::MemberNumber, Waiting> early_;
    std::map<ledger::MemberNumber, note::SignatureLine> late_;  // Over last_sealed_, unverified.
    std::map<ledger::MemberNumber, rpc::Memory::Cosigned> newest_;
    SealedNote newest_note_;
    std::uint64_t newest_time_s_ = 0;  // Of an own cosignature; times never fall.
    SealerEffects effects_;
};

}  // namespace chancery::node
