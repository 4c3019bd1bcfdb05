// Blocks from whoever has them. A seal is a quorum's word, whoever hands it on: so a node that
// missed one, or hears no leader, or lost what it had, asks the others one after another.
//
// Why it matters. A member alone in a higher term is not heard by the leader of the others (one
// voice may be a liar's) and can take nothing from it; it reads, and answers its clients, all the
// same.
#include <algorithm>
#include <iterator>
#include <utility>

#include "consensus/registry/block.h"
#include "node/replica.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t ticks_per_fetch = 5;
constexpr std::uint64_t entries_bytes_max = 1024ULL * 1024;

bool is_block(const raft::Entry& entry) { return entry.kind == raft::EntryKind::block; }

}  // namespace

// Of those who show more than this node has, one after another: to be ahead may be a lie.
void Replica::fetch_blocks() {
    if (core_.hears_leader() && ticks_ % ticks_per_fetch != 0) return;
    std::vector<raft::NodeId> ahead;
    for (const raft::NodeId node : core_.configuration().members()) {
        if (node != identity_.member && wants_blocks_of(node)) ahead.push_back(node);
    }
    if (!ahead.empty()) ask_for_blocks(ahead[++fetches_ % ahead.size()]);
}

bool Replica::wants_blocks_of(raft::NodeId peer) const {
    const raft::Index shown = core_.sealed_shown_by(peer);
    if (!pending_) return !core_.hears_leader() && shown > sealed_index_;
    return !pending_->seal && (pending_->is_overruled || shown >= pending_->id.index);
}

void Replica::ask_for_blocks(raft::NodeId peer) {
    send(peer, rpc::JournalRequest{sealed_index_, *core_.journal().chain_at(sealed_index_)});
}

const std::string* Replica::seal_of(raft::Index index) const {
    const bool is_pending = pending_ && pending_->id.index == index && pending_->seal;
    return is_pending ? &*pending_->seal : shelf_.find(index);
}

void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::JournalRequest& request) {
    const raft::Journal& journal = core_.journal();
    if (request.after < journal.base().id.index) {
        effects_.older.push_back({from, request.after, true});
        return;
    }
    if (!journal.agrees(request.after, request.chain) || !journal.has(request.after + 1)) return;
    rpc::JournalEntries answer;
    answer.after = request.after;
    std::uint64_t bytes = 0;
    const raft::Index before = journal.block_at_or_before(request.after);
    bool is_sealed = before <= sealed_index_;
    if (const std::string* const seal = seal_of(before)) {
        answer.seals.push_back({before, *seal});
        is_sealed = true;
    }
    for (raft::Index i = request.after + 1; journal.has(i); ++i) {
        const raft::Entry& entry = journal.at(i);
        bytes += entry.payload->size();
        const bool is_full =
            bytes > entries_bytes_max || answer.entries.size() >= rpc::peer_entries_max;
        if (is_full && !answer.entries.empty()) break;
        if (is_block(entry) && !std::exchange(is_sealed, false)) break;  // Wants a seal before it.
        answer.entries.push_back(entry);
        if (const std::string* const seal = seal_of(i)) {
            answer.seals.push_back({i, *seal});
            is_sealed = true;
        }
    }
    send(from, std::move(answer));
}

// What both have is passed over; then the answer goes on where this journal ends, or parts from it.
void Replica::on(raft::NodeId from, raft::Term /*term*/, const rpc::JournalEntries& answer) {
    if (start_check_.phase() == StartCheck::Phase::asking) return;
    take_seals(answer.seals);
    look_at_seals(from, answer.seals);
    const raft::Journal& journal = core_.journal();
    const auto news = std::ranges::find_if(answer.entries, [&](const raft::Entry& entry) {
        return !journal.agrees(entry.id.index, entry.chain);
    });
    const raft::Index shared =
        news == answer.entries.begin() ? answer.after : std::prev(news)->id.index;
    if (pending_ && answer.after < pending_->id.index && pending_->id.index <= shared) {
        pending_->holders.insert(from);
        adopt_expected();
    }
    if (news == answer.entries.end()) return;
    if (journal.has(news->id.index)) {
        look_at_branch(from, {news, answer.entries.end()});
    } else {
        follow_on({news, answer.entries.end()});
    }
}

// A journal that lost what it had takes back what others have, with an unsealed block at its end;
// else only what is sealed counts while no leader says what does.
void Replica::follow_on(std::vector<raft::Entry> entries) {
    if (is_whole() && core_.hears_leader()) return;
    const raft::Index last = core_.status().last.index;
    const raft::Index vouched = vouched_to(last, entries);
    auto end = std::ranges::upper_bound(
        entries, vouched, {}, [](const raft::Entry& entry) { return entry.id.index; });
    if (!is_whole()) {
        if (core_.journal().block_at_or_before(last) <= vouched) {
            end = std::find_if(end, entries.end(), is_block);
            if (end != entries.end()) ++end;
        }
        end = std::find_if(end, entries.end(), is_block);
    }
    entries.erase(end, entries.end());
    if (entries.empty()) return;
    const auto refilled = core_.refill(entries);
    if (!refilled) note_event("refill_refused", {{"why", refilled.error().detail}});
}

// Entries that this journal has others in the place of. They are taken if their first block leads
// to a head that a quorum sealed: then nobody ever committed what stands here, whatever term both
// are of.
void Replica::look_at_branch(raft::NodeId from, const std::vector<raft::Entry>& entries) {
    const raft::Index first = entries.front().id.index;
    const bool is_next = pending_ ? first <= pending_->id.index : to_apply_.empty();
    if (!is_next || (pending_ && pending_->seal)) return;
    const auto block = std::ranges::find_if(entries, is_block);
    if (block == entries.end() || !block->payload) return;
    const auto applied = registry::apply_block(state_, store_, *block->payload);
    if (!applied) return halt(applied.error());
    const merkle::TreeHead head = applied->after.head();
    const VerifiedSeal* const seal = shelf_.expected_of_size(head.size);
    if (seal == nullptr || seal->parsed.checkpoint.head != head) return;
    // What follows the block waits for its own seal.
    const auto end = std::find_if(block + 1, entries.end(), is_block);
    const auto overruled = core_.overrule({entries.begin(), end});
    note_event(overruled ? "overruling" : "overrule_refused",
               {{"after", std::to_string(first - 1)},
                {"from", std::to_string(from)},
                {"why", overruled ? std::string() : overruled.error().detail}});
}

}  // namespace chancery::node
