#include "tests/consensus/raft_oracle.h"

#include <algorithm>

#include "consensus/raft/quorum.h"
#include "tests/consensus/raft_text.h"

namespace chancery::raft {

void Platter::write(const Write& write) {
    if (write.vote) vote = *write.vote;
    for (const Entry& entry : write.entries) {
        const std::size_t before = static_cast<std::size_t>(entry.id.index - base.id.index - 1);
        CHECK(before <= entries.size());
        entries.resize(before);
        entries.push_back(entry);
    }
}

bool Platter::holds(Index index, const Hash& chain) const {
    if (index == base.id.index) return chain == base.chain;
    if (index < base.id.index || index > base.id.index + entries.size()) return false;
    return entries[static_cast<std::size_t>(index - base.id.index - 1)].chain == chain;
}

std::uint64_t Platter::height_at(Index index) const {
    return static_cast<std::uint64_t>(std::ranges::count_if(entries, [index](const Entry& entry) {
        return entry.kind == EntryKind::block && entry.id.index <= index;
    }));
}

void Oracle::violated(const std::string& what) { violations_.push_back("VIOLATION " + what); }

void Oracle::saw_leader(NodeId node, const Core& core) {
    const auto [leader, is_first] = leaders_.emplace(core.term(), node);
    if (!is_first && leader->second != node) {
        violated("election safety: " + std::to_string(leader->second) + " and " +
                 std::to_string(node) + " lead term " + std::to_string(core.term()));
    }
    for (const auto& [index, entry] : committed_) {
        if (entry.id.term < core.term() && index > core.journal().base().id.index &&
            !core.journal().agrees(index, entry.chain)) {
            violated("leader completeness: " + std::to_string(node) + " lacks " + text_of(entry));
        }
    }
}

void Oracle::saw_message(NodeId from, const Message& message, const Platter& disk) {
    const std::string who = std::to_string(from) + " sends " + text_of(message);
    if (disk.vote.term < message.term) violated("term not durable: " + who);
    if (const auto* ack = std::get_if<Ack>(&message.body)) {
        if (!disk.holds(ack->index, ack->chain)) violated("entry not durable: " + who);
        if (ack->index >= disk.sealed && ack->claim.height != disk.height_at(ack->index)) {
            violated("claim of another block: " + who);
        }
        Index& highest = acked_[{message.term, from}];
        highest = std::max(highest, ack->index);
    }
    if (const auto* reply = std::get_if<VoteReply>(&message.body); reply && reply->vote) {
        const Ballot& ballot = reply->vote->ballot;
        if (disk.vote.term == ballot.term && disk.vote.candidate != ballot.candidate) {
            violated("vote not durable: " + who);
        }
        const auto [first, is_first] = ballots_.emplace(std::pair(from, ballot.term), ballot);
        if (!is_first && first->second != ballot) violated("second vote: " + who);
    }
}

void Oracle::saw_commit(NodeId node,
                        const Core& core,
                        const std::vector<Entry>& entries,
                        const std::map<NodeId, const Platter*>& disks) {
    for (const Entry& entry : entries) {
        const auto [known, is_first] = committed_.emplace(entry.id.index, entry);
        if (known->second.chain != entry.chain) {
            violated("state machine safety: " + std::to_string(node) + " commits " +
                     text_of(entry) + ", known " + text_of(known->second));
        }
        if (!is_first) continue;
        std::set<NodeId> holders;
        for (const auto& [id, disk] : disks) {
            if (disk->holds(entry.id.index, entry.chain)) holders.insert(id);
        }
        const bool is_held = is_quorum(core.configuration(), holders);
        if (!is_held) violated("committed, not durable at a quorum: " + text_of(entry));
    }
    // Counting happens in the term of the entry that is counted, never by an older one.
    const EntryId last = entries.back().id;
    std::map<NodeId, Index> reached;
    for (const auto& [key, index] : acked_) {
        if (key.first == last.term) reached[key.second] = index;
    }
    const bool is_counted = quorum_index(core.configuration(), reached) >= last.index ||
                            core.status().sealed >= last.index || disks.size() == 1;
    if (!is_counted) violated("committed without acknowledgements of its term: " + text_of(last));
}

void Oracle::saw_journals(const std::map<NodeId, const Core*>& cores) {
    for (const auto& [a, core] : cores) {
        for (const auto& [b, other] : cores) {
            if (a >= b) continue;
            const Journal& left = core->journal();
            const Journal& right = other->journal();
            bool agrees_below = true;
            const Index end = std::min(left.last().index, right.last().index);
            for (Index i = std::max(left.base().id.index, right.base().id.index); i <= end; ++i) {
                const bool agrees = right.agrees(i, *left.chain_at(i));
                if (agrees && !agrees_below) violated("chain agrees above a difference");
                if (!agrees && left.id_at(i) == right.id_at(i)) {
                    violated("log matching: " + std::to_string(a) + " and " + std::to_string(b) +
                             " differ at " + text_of(*left.id_at(i)));
                }
                agrees_below = agrees;
            }
        }
        Journal fresh = core->journal();
        fresh.truncate_after(fresh.last().index);  // Derives everything again.
        if (fresh != core->journal()) violated("configuration is not that of the journal");
    }
}

}  // namespace chancery::raft
