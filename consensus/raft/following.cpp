// The follower's side: what is taken into the journal, what replaces what, and what is refused.
#include <algorithm>

#include "consensus/raft/core.h"
#include "consensus/raft/invariants.h"

namespace chancery::raft {
namespace {

bool is_contiguous(const Append& append) {
    Index index = append.previous.index;
    for (const Entry& entry : append.entries) {
        if (entry.id.index != ++index || !entry.payload) return false;
    }
    return true;
}

}  // namespace

void Core::refuse_stale(NodeId leader) {
    Refusal refusal;
    refusal.reason = Refusal::Reason::stale;
    refusal.last = journal_.last();
    send(leader, refusal);
}

void Core::on(NodeId from, Term term, const Heartbeat& heartbeat) {
    if (term < vote_.term) {
        refuse_stale(from);
        return;
    }
    if (!recognise(from, term, heartbeat.certificate)) return;
    hear_leader();
    const Index head = heartbeat.head.index;
    if (journal_.agrees(head, heartbeat.chain)) taken_ = std::max(taken_, head);
    send(from, HeartbeatReply{.beat = heartbeat.beat, .taken = taken_});
    repeat_own_ack();
}

void Core::on(NodeId from, Term term, const Append& append) {
    if (term < vote_.term) {
        refuse_stale(from);
        return;
    }
    if (!recognise(from, term, append.certificate)) return;
    hear_leader();
    if (const std::optional<Refusal> refusal = take(from, append)) {
        send(from, *refusal);
        return;
    }
    // Nothing new in it: the acknowledgement was lost, or the append was sent twice.
    const Position& own = acknowledged_[settings_.self].newest;
    if (own.term == vote_.term && own.index >= taken_) send_own_ack(from);
}

// Takes what the append adds to this journal; the refusal of the rest, if any.
std::optional<Refusal> Core::take(NodeId from, const Append& append) {
    const Index place = append.previous.index;
    Refusal mismatch{.reason = Refusal::Reason::mismatch,
                     .previous = place,
                     .guess = journal_.agreement_guess(append.previous),
                     .last = journal_.last()};
    if (!is_contiguous(append)) return mismatch;
    const Base& base = journal_.base();
    std::size_t first = 0;
    Base agreed{append.previous, append.previous_chain};
    if (place < base.id.index) {
        first = static_cast<std::size_t>(base.id.index - place);
        if (first > append.entries.size()) return mismatch;
        agreed = {append.entries[first - 1].id, append.entries[first - 1].chain};
    }
    if (!journal_.agrees(agreed.id.index, agreed.chain)) {
        if (agreed.id.index <= committed_) {
            accuse(Evidence::Kind::below_commit, from, nullptr);
            mismatch.reason = Refusal::Reason::conflict;
        } else if (journal_.has(agreed.id.index)) {
            mismatch.guess =
                journal_.agreement_guess({append.previous.term, append.previous.index - 1});
        }
        return mismatch;
    }
    const auto is_known = [this](const Entry& entry) {
        return journal_.agrees(entry.id.index, entry.chain);
    };
    while (first < append.entries.size() && is_known(append.entries[first])) {
        agreed = {append.entries[first].id, append.entries[first].chain};
        ++first;
    }
    taken_ = std::max(taken_, agreed.id.index);
    if (first == append.entries.size()) return std::nullopt;
    return take_new(from, append, first);
}

// Entries from `first` on are not in this journal, the one before them is.
std::optional<Refusal> Core::take_new(NodeId from, const Append& append, std::size_t first) {
    const Entry& theirs = append.entries[first];
    const Index before = theirs.id.index - 1;
    Refusal refusal{.reason = Refusal::Reason::conflict,
                    .previous = append.previous.index,
                    .guess = *journal_.id_at(before),
                    .last = journal_.last()};
    const bool is_conflict = journal_.has(theirs.id.index);
    if (is_conflict && contradicts_a_promise(from, theirs)) return refusal;
    if (!are_sound(append, first)) return refusal;

    const std::size_t end = first + count_sealed(append, first);
    refusal.reason = Refusal::Reason::unsealed;
    if (end == first) return refusal;
    if (is_conflict) {
        // The suffix goes only for what a quorum preferred to it: a no-op of a term above all of
        // it, whose certificate names this chain. Half of the way there would leave this node
        // with a head below the one that it acknowledged, fit to elect a leader without it.
        const Term ours = journal_.last().term;
        const auto entitles = [ours](const Entry& entry) {
            return entry.kind == EntryKind::no_op && entry.id.term > ours;
        };
        const auto begin = append.entries.begin();
        if (std::none_of(begin + static_cast<std::ptrdiff_t>(first),
                         begin + static_cast<std::ptrdiff_t>(end),
                         entitles)) {
            refusal.reason = Refusal::Reason::partial;
            return refusal;
        }
        truncate_journal_after(before);
    }
    for (std::size_t i = first; i < end; ++i)
        append_of_another(append.entries[i]);
    taken_ = journal_.last().index;
    if (end == append.entries.size()) return std::nullopt;
    refusal.guess = journal_.last();
    refusal.last = journal_.last();
    return refusal;
}

// This journal has another entry at that place, and keeps it whatever the leader says.
bool Core::contradicts_a_promise(NodeId from, const Entry& theirs) {
    const Index index = theirs.id.index;
    const bool is_same_term = journal_.at(index).id.term == theirs.id.term;
    if (index <= cosigned_) {
        accuse(Evidence::Kind::below_cosigned, from, &theirs);
    } else if (index <= committed_ || index <= sealed_) {
        accuse(Evidence::Kind::below_commit, from, &theirs);
    } else if (is_same_term || index <= taken_) {
        accuse(Evidence::Kind::two_entries, from, &theirs);
    } else {
        return false;
    }
    return true;
}

void Core::accuse(Evidence::Kind kind, NodeId from, const Entry* theirs) {
    Evidence evidence{.kind = kind, .from = from, .term = vote_.term, .ours = {}, .theirs = {}};
    if (theirs != nullptr) {
        evidence.theirs = *theirs;
        if (journal_.has(theirs->id.index)) evidence.ours = journal_.at(theirs->id.index);
    }
    effects_.evidence.push_back(std::move(evidence));
}

// Whether the entries from `first` on could follow the one before them in anybody's journal, and
// a no-op of this term is this leader's.
bool Core::are_sound(const Append& append, std::size_t first) const {
    const Index before = append.entries[first].id.index - 1;
    Configuration active = journal_.configuration_at(before);
    Base previous{*journal_.id_at(before), *journal_.chain_at(before)};
    for (std::size_t i = first; i < append.entries.size(); ++i) {
        const Entry& entry = append.entries[i];
        const EntryContext context{.network = settings_.network,
                                   .epoch = settings_.epoch,
                                   .previous = previous,
                                   .configuration = &active};
        if (entry.id.term > vote_.term || !check_entry(entry, context)) return false;
        if (entry.kind == EntryKind::no_op && entry.id.term == vote_.term &&
            leader_ != decode_certificate(*entry.payload)->ballot.candidate) {
            return false;
        }
        if (entry.kind == EntryKind::configuration) active = *decode_configuration(*entry.payload);
        previous = {entry.id, entry.chain};
    }
    return true;
}

// How many entries from `first` on may be taken: a block needs the seal of the block before it.
std::size_t Core::count_sealed(const Append& append, std::size_t first) const {
    const Index sealed = std::max(sealed_, append.sealed);
    Index block = journal_.block_at_or_before(append.entries[first].id.index - 1);
    std::size_t count = 0;
    for (std::size_t i = first; i < append.entries.size(); ++i, ++count) {
        const Entry& entry = append.entries[i];
        if (entry.kind != EntryKind::block) continue;
        if (block > sealed) break;
        block = entry.id.index;
    }
    return count;
}

void Core::refused_for_clock(NodeId leader, Index block) {
    const Invariants before(*this);
    send(leader,
         Refusal{.reason = Refusal::Reason::clock,
                 .previous = block,
                 .guess = journal_.last(),
                 .last = journal_.last()});
    before.check(*this);
}

}  // namespace chancery::raft
