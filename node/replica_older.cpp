// Peers that lag further than memory reaches: piece after piece out of the journal's files, each
// with its seals, until the core can go on by itself.
#include <utility>

#include "node/replica.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t piece_patience_ms = 2'000;

}  // namespace

// A refusal says where the peer's journal may agree with this one; an acknowledgement, that it took
// what it was sent.
void Replica::heard_of_journal(raft::NodeId from, const raft::Body& body) {
    if (core_.role() != raft::Role::leader) return;
    const auto found = catch_ups_.find(from);
    if (const auto* const refusal = std::get_if<raft::Refusal>(&body)) {
        const bool parts = refusal->reason == raft::Refusal::Reason::mismatch;
        const bool is_cut = refusal->guess.index < core_.journal().base().id.index;
        if (parts && is_cut) catch_ups_[from] = {refusal->guess.index, 0, {}, 0};
        return;
    }
    const auto* const ack = std::get_if<raft::Ack>(&body);
    if (ack == nullptr || found == catch_ups_.end() || found->second.sent_to == 0) return;
    CatchUp& catch_up = found->second;
    if (ack->index != catch_up.sent_to || ack->chain != catch_up.sent_chain) return;
    catch_up = {ack->index, 0, {}, 0};
    catch_up_peers();
}

void Replica::catch_up_peers() {
    if (core_.role() != raft::Role::leader) return;
    // Whoever was up to date when it fell silent is sent nothing that it could refuse.
    for (const raft::PeerStatus& peer : core_.status().peers) {
        if (peer.needs_older) catch_ups_.try_emplace(peer.node, CatchUp{peer.next - 1, 0, {}, 0});
    }
    std::erase_if(catch_ups_, [this](const auto& each) {
        return core_.journal().id_at(each.second.after).has_value();
    });
    for (auto& [peer, catch_up] : catch_ups_) {
        if (catch_up.asked_ms + piece_patience_ms > now_ms_ && catch_up.asked_ms != 0) continue;
        catch_up.asked_ms = now_ms_;
        effects_.older.push_back({peer, catch_up.after, false});
    }
}

void Replica::older_read(const ReplicaEffects::OlderWanted& wanted,
                         const storage::JournalPiece& piece) {
    if (is_halted_ || piece.entries.empty()) return;
    std::vector<rpc::Seal> seals;
    for (const storage::SealedRecord& sealed : piece.seals)
        seals.push_back({sealed.index, sealed.checkpoint});
    if (wanted.is_recovering) {
        return send(wanted.peer, rpc::JournalEntries{wanted.after, piece.entries, seals});
    }
    const auto found = catch_ups_.find(wanted.peer);
    if (found == catch_ups_.end() || found->second.after != wanted.after) return;
    auto append = core_.older_append(wanted.peer, piece.previous, piece.entries);
    if (!append) return;
    found->second.sent_to = piece.entries.back().id.index;
    found->second.sent_chain = piece.entries.back().chain;
    send(wanted.peer, rpc::RaftMessage{std::move(*append), std::move(seals)});
}

}  // namespace chancery::node
