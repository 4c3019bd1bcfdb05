#include "consensus/raft/invariants.h"

#include <algorithm>

#include "consensus/raft/core.h"

namespace chancery::raft {

Invariants::Invariants(const Core& before)
    : vote_(before.vote_),
      committed_(before.committed_),
      sealed_(before.sealed_),
      cosigned_(before.cosigned_),
      floor_(std::max({before.committed_, before.cosigned_, before.journal_.base().id.index})),
      floor_chain_(before.journal_.chain_at(floor_).value_or(Hash{})),
      leader_(before.leader_),
      last_(before.journal_.last()),
      is_leader_(before.role() == Role::leader) {}

void Invariants::check(const Core& after) const {
    check_positions(after);
    check_writes(after);
    check_role(after);

    // Terms rise, and within one the vote is given once.
    CHECK(after.vote_.term >= vote_.term);
    const bool same_term = after.vote_.term == vote_.term;
    if (same_term && vote_.candidate) CHECK(after.vote_.candidate == vote_.candidate);
    if (same_term && leader_ && after.leader_) CHECK(after.leader_ == leader_);

    CHECK(after.committed_ >= committed_);
    CHECK(after.sealed_ >= sealed_);
    CHECK(after.cosigned_ >= cosigned_);

    // What is committed or cosigned stays, byte for byte. The base may have moved past it.
    if (floor_ >= after.journal_.base().id.index) {
        CHECK(after.journal_.agrees(floor_, floor_chain_));
    }
    // The head never falls behind in the order that votes compare: a suffix is replaced whole.
    CHECK(after.journal_.last() >= last_);
    // A leader only appends.
    if (is_leader_ && same_term && last_.index > after.journal_.base().id.index) {
        CHECK(after.journal_.id_at(last_.index) == last_);
    }
}

void Invariants::check_positions(const Core& core) {
    const Index first = core.journal_.base().id.index;
    const Index last = core.journal_.last().index;
    CHECK(core.durable_ <= last);
    CHECK(core.taken_ <= last);
    CHECK(core.committed_ <= core.durable_);
    CHECK(core.committed_ >= first);
    CHECK(core.sealed_ <= last);
    CHECK(core.cosigned_ <= last);
    CHECK(core.journal_.last().term <= core.vote_.term);
    CHECK(core.journal_.last_block() <= last);
    CHECK(core.journal_.configuration_index() <= last);
    CHECK(!core.claims_.empty() && core.claims_.begin()->first == core.sealed_);
    CHECK(core.claims_.rbegin()->first <= last);
    // An acknowledgement of this term stands on a durable, applied position.
    const auto own = core.acknowledged_.find(core.settings_.self);
    if (own != core.acknowledged_.end() && own->second.newest.term == core.vote_.term) {
        CHECK(own->second.newest.index <= core.durable_);
        CHECK(own->second.newest.index <= core.taken_);
    }
}

void Invariants::check_writes(const Core& core) {
    std::uint64_t previous = 0;
    for (const auto& write : core.outstanding_) {
        CHECK(write.id > previous && write.id < core.next_write_);
        previous = write.id;
        CHECK(write.durable_to <= core.journal_.last().index);
    }
    CHECK(core.term_write_ <= core.next_write_);
    if (core.term_is_durable_) CHECK(core.held_.empty());
    for (const Entry& entry : core.pending_.entries) {
        CHECK(core.journal_.agrees(entry.id.index, entry.chain));
    }
    // What is not durable is on its way to the disk.
    const bool is_writing = !core.outstanding_.empty() || !core.pending_.entries.empty();
    CHECK(core.durable_ == core.journal_.last().index || is_writing);
}

void Invariants::check_role(const Core& core) {
    if (const auto* leader = core.leading()) {
        CHECK(core.leader_ == core.settings_.self);
        CHECK(core.taken_ == core.journal_.last().index);
        CHECK(core.journal_.last().term == core.vote_.term);
        CHECK(core.term_is_durable_);
        for (const auto& [node, progress] : leader->peers) {
            CHECK(progress.held() < progress.next());
            CHECK(progress.held() <= progress.match());
            CHECK(progress.match() <= core.journal_.last().index);
            CHECK(progress.next() <= core.journal_.last().index + 1);
        }
    }
    if (core.role() == Role::candidate) {
        CHECK(core.vote_.candidate == core.settings_.self);
        CHECK(!core.leader_);
    }
    if (core.ballot_) {
        CHECK(core.ballot_->term == core.vote_.term);
        CHECK(core.ballot_->candidate == core.vote_.candidate);
    }
    if (core.signed_vote_) CHECK(core.ballot_ == core.signed_vote_->ballot);
}

}  // namespace chancery::raft
