// Batches and acts that this node was given, by its clients or by its peers, until they are sealed,
// refused or expired.
//
// Who leads takes them into blocks from the front; who follows keeps its clients' and hands them to
// whoever leads, to each new leader again. What a peer forwarded stays only while this node leads:
// its own node keeps it.
// Source: PROTOCOL.md, Inside a network.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "consensus/raft/types.h"
#include "consensus/registry/block.h"
#include "crypto/ledger/entry.h"
#include "storage/ledger_store.h"

namespace chancery::node {

using Ticket = std::uint64_t;  // Of a submission; never 0.

// What the ledger takes once: a batch by its member and nonce, an act by its member and sequence.
struct SubmissionKey {
    registry::ItemType type = registry::ItemType::batch;
    ledger::MemberNumber member = 0;
    ledger::Nonce name{};  // Of an act: the sequence, at the end.
    auto operator<=>(const SubmissionKey&) const = default;
};
SubmissionKey batch_key(ledger::MemberNumber member, const ledger::Nonce& nonce);
SubmissionKey act_key(ledger::MemberNumber member, std::uint64_t sequence);

struct PooledBatch {
    Ticket ticket = 0;                  // Of this node, or of the peer it comes from.
    std::shared_ptr<const Bytes> bulk;  // Or an act, ledger::act_submission().
    std::vector<storage::StoredContent> contents;
    raft::NodeId origin = 0;  // The peer that forwarded it; 0: a client of this node.
};

class Pool {
public:
    using Place = std::uint64_t;  // Rising in the order in which batches came.
    struct Kept {
        PooledBatch batch;
        SubmissionKey key;
        Hash message{};  // That was signed, once judged: another of the same key is not this batch.
        ledger::TimeMs expires = 0;
        ledger::TimeMs since_ms = 0;
        ledger::TimeMs forwarded_ms = 0;  // 0: not on its way to the leader of now.
        bool is_in_block = false;         // Of the block that is not sealed yet.
        ledger::TimeMs spread_ms = 0;     // When all members were told of it last; 0: never.
    };

    explicit Pool(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

    // Errc::unavailable if there is no room for it.
    Result<void> check_room(const PooledBatch& batch) const;
    // What the same peer forwarded already is not taken twice: false.
    bool add(Kept kept);

    bool is_empty() const { return waiting_.empty(); }  // But for what is in the block.
    std::uint64_t bytes() const { return bytes_; }
    std::size_t count() const { return kept_.size(); }

    // The first that is in no block. CHECKs that there is one; valid until the pool changes.
    std::pair<Place, const Kept*> front() const;
    void put_into_block(Place place, const Hash& message);
    // As if nobody had judged it yet.
    void forget_judgement(Place place) { kept_.at(place).message = {}; }
    // The block was replaced: what was in it waits again.
    void return_block();
    PooledBatch take(Place place);

    // A client's batch, by this node's ticket.
    std::optional<Place> find(Ticket ticket) const;
    const Kept& at(Place place) const { return kept_.at(place); }

    // Everything of this key, removed.
    std::vector<Kept> take_all(const SubmissionKey& key);
    // Batches that expired before `now_ms`, removed; those in the block stay.
    std::vector<Kept> take_expired(ledger::TimeMs now_ms);
    // Clients' batches that nobody has judged yet, removed; those in the block are judged.
    std::vector<Kept> take_unjudged();
    // Those that peers forwarded and that are in no block: this node does not lead any more.
    void drop_forwarded();

    // The next of the clients' batches to be handed to the leader, unless `bytes_max` are on their
    // way already; marked as on its way.
    const Kept* next_to_forward(ledger::TimeMs now_ms, std::uint64_t bytes_max);
    // Another leader, or a new link to it: all are to be handed over again.
    void forget_forwarding();
    // What has been on its way since before `since_ms` was perhaps lost.
    void forget_forwarding_before(ledger::TimeMs since_ms);

    // The next of the clients' batches that came before `since_ms` and that all members were not
    // told of since then, for want of room perhaps; marked as told.
    const Kept* next_to_spread(ledger::TimeMs since_ms, ledger::TimeMs now_ms);

    // When the oldest came; nullopt if there is none.
    std::optional<ledger::TimeMs> oldest_ms() const;

private:
    // Those in no block of which it is true, removed.
    template <typename Claim>
    std::vector<Kept> take_waiting(Claim claim);
    Kept remove(Place place);

    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
    std::uint64_t forwarded_bytes_ = 0;
    Place last_ = 0;
    std::map<Place, Kept> kept_;
    std::set<Place> waiting_;     // In no block.
    std::set<Place> to_forward_;  // Clients', in no block, not on their way.
    std::set<Place> on_their_way_;
    std::multimap<SubmissionKey, Place> by_key_;
    std::map<std::pair<raft::NodeId, Ticket>, Place> by_ticket_;
};

}  // namespace chancery::node
