// What peers show of other heads than this node's: handed on to whoever keeps evidence; and what
// becomes of a block whose place a quorum gave to another.
#include <algorithm>
#include <string_view>

#include "consensus/raft/quorum.h"
#include "crypto/base/encoding.h"
#include "node/replica.h"

namespace chancery::node {
namespace {

// What a note's signatures are over.
std::string_view text_of_note(std::string_view note) { return note.substr(0, note.find("\n\n")); }

}  // namespace

void Replica::look_at_seals(raft::NodeId from, const std::vector<rpc::Seal>& seals) {
    for (const rpc::Seal& seal : seals) {
        if (is_foreign(seal)) contradictions_.heard_note(from, seal.checkpoint, now_ms_);
    }
}

// Not over a head that this node has in memory, nor one that it waits for: whoever keeps evidence
// compares it with the whole log.
bool Replica::is_foreign(const rpc::Seal& seal) const {
    const std::string* const own = shelf_.find(seal.index);
    if (own != nullptr && text_of_note(*own) == text_of_note(seal.checkpoint)) return false;
    const auto parsed = note::parse_checkpoint(seal.checkpoint);
    if (!parsed || parsed->checkpoint.origin != state_.members->origin) return false;
    const merkle::TreeHead& head = parsed->checkpoint.head;
    if (head == state_.head()) return false;
    if (pending_ && head == pending_->block->after.head()) return false;
    const VerifiedSeal* const expected = shelf_.expected_of_size(head.size);
    return expected == nullptr || expected->parsed.checkpoint.head != head;
}

// A line alone does not say which root it is over; its member's acknowledgement does.
void Replica::look_at_line(const SealerEffects::StrangeLine& strange) {
    const auto ack = core_.newest_ack(strange.member);
    if (!ack || ack->claim.size != strange.size) return;
    const note::Checkpoint claimed{state_.members->origin, {ack->claim.size, ack->claim.root}};
    contradictions_.heard_note(
        strange.member, note::to_text({note::checkpoint_text(claimed), {strange.line}}), now_ms_);
}

// A quorum sealed the pending block's size with another root. Either this node has another block
// in that place, which a leader gave to it alone, or it derived something else from the same one.
void Replica::doubt(const VerifiedSeal& seal) {
    const merkle::TreeHead head = pending_->block->after.head();
    const std::string what = "size " + std::to_string(head.size) + " is sealed with root " +
                             to_hex(seal.parsed.checkpoint.head.root) + ", this node derived " +
                             to_hex(head.root);
    if (!std::exchange(pending_->is_overruled, true)) {
        contradictions_.sealed_otherwise(seal.checkpoint);
        effects_.events.push_back({true, "overruled", {{"why", what}}});
    }
    // More than may lie have the same entry: then it is not the journal that differs.
    const bool is_same_entry = core_.committed() >= pending_->id.index ||
                               raft::includes_honest(core_.configuration(), pending_->holders);
    if (is_same_entry) {
        halt({Errc::corrupt, what + ": rebuild the database with chanceryd recover"});
    }
}

}  // namespace chancery::node
