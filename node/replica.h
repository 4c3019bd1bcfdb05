// One node's part in the network: Raft's core, the registry and the sealer put together.
//
//     submit → pool → (follower: forward) → judge → propose → journal → ack → commit → guard →
//     cosign → seal → store → publish → answer
//
// A plain state machine without sockets, threads or a clock: events come in by name, what the
// world must do comes out as effects, and work given to a disk comes back as an event with its
// number. The daemon and the simulator are two short loops around it. One strand.
//
// While a block is unsealed the next one fills in the pool: no timers, and one block in dispute at
// most. A seal needs nobody's trust, so whoever lags takes blocks with their seals from anyone.
// Source: PROTOCOL.md, Tree, checkpoints, seals, and Inside a network; ARCHITECTURE.md, Life of a
// batch.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "consensus/raft/core.h"
#include "consensus/registry/registry.h"
#include "node/content_shelf.h"
#include "node/contradictions.h"
#include "node/network_clock.h"
#include "node/pool.h"
#include "node/seal_shelf.h"
#include "node/sealer.h"
#include "node/start_check.h"
#include "storage/journal_reader.h"
#include "storage/ledger_store.h"

namespace chancery::node {

// "follower", "candidate" (also before the vote proper), "leader".
std::string_view role_name(raft::Role role);

struct SubmissionId;  // node/submission.h

// What became of a submission.
struct TicketAnswer {
    Ticket ticket = 0;
    bool is_repeat = false;
    // Sealed, at `sealed_size`: one of them.
    std::optional<registry::BatchRecord> record;
    std::optional<registry::ActRecord> act;
    std::uint64_t sealed_size = 0;
    std::optional<Error> refusal;
};

inline TicketAnswer refusal_of(Ticket ticket, Error refusal) {
    TicketAnswer answer;
    answer.ticket = ticket;
    answer.refusal = std::move(refusal);
    return answer;
}

// One line for the diary.
struct Event {
    bool is_alarm = false;
    std::string name;
    std::vector<std::pair<std::string, std::string>> facts;
};

struct ReplicaEffects {
    struct JournalTurn {
        std::uint64_t number = 0;
        storage::Turn turn;
    };
    // Entries that only the journal's files hold, for a peer that lags.
    struct OlderWanted {
        raft::NodeId peer = 0;
        raft::Index after = 0;
        bool is_recovering = false;  // It asked for them itself.
    };
    struct Publication {
        registry::State state;
        SealedNote note;
    };
    std::vector<rpc::PeerEnvelope> send;                 // First: the others' disks work meanwhile.
    std::optional<JournalTurn> turn;                     // Then journal_done(number).
    std::vector<OlderWanted> older;                      // Each then older_read().
    std::optional<storage::SealedBlock> store;           // Then store_done(height).
    std::optional<std::string> store_checkpoint;         // Of the same head; no answer awaited.
    std::vector<storage::StoredContent> store_contents;  // That came late; no answer awaited.
    std::optional<Publication> publish;
    std::vector<TicketAnswer> answers;
    std::vector<Event> events;
    std::vector<Contradiction> evidence;
    std::optional<Error> halt;  // Stop the process: io, corrupt, or an integrity alarm.
};

class Replica {
public:
    struct Settings {
        std::uint64_t pool_bytes_max = 64ULL * 1024 * 1024;
        std::uint64_t block_bytes_soft_max = 1024ULL * 1024;
        std::uint64_t forward_bytes_max = 8ULL * 1024 * 1024;  // On their way to the leader.
        std::uint64_t refresh_age_s = 30;
        std::uint64_t empty_block_age_ms = 3'600'000;
        std::uint64_t election_grace_ms = 3'000;  // Without a leader, batches still wait so long.
        std::uint64_t forward_again_ms = 2'000;   // Unsealed by then: perhaps lost.
        std::uint64_t spread_age_ms = 5'000;      // Unsealed by then: all members are told.
        std::uint64_t patience_ms = 10'000;       // Unsealed by then: no stickiness any more.
        SealShelf::Limits shelf;
    };
    struct Identity {
        ledger::MemberNumber member = 0;
        Hash network_id{};
        keys::Ed25519Key node_key;  // Signs votes.
        Sealer::Identity sealer;
        std::uint64_t life = 0;  // Another number in each life of the process.
    };
    struct Restored {
        registry::State state;  // Sealed.
        Sealer::Restored sealer;
        raft::Core core;
        std::vector<rpc::Seal> seals;  // Of the journal's blocks, as far as they are known; rising.
        std::vector<std::string> expected;  // Seals of blocks that are not sealed here yet.
    };

    // `store` is read only, must outlive the replica, and shows each block from store_done() on.
    Replica(const Settings& settings,
            Identity identity,
            Restored restored,
            const storage::LedgerStore& store);

    // Call first, once: seals size 0 on a new network.
    void start(ledger::TimeMs now_ms);

    void tick(ledger::TimeMs now_ms);  // Every 100 ms.
    // `from` is who the link's certificate says; votes and certificates were checked by
    // check_signatures().
    void receive(raft::NodeId from, const rpc::PeerMessage& message, ledger::TimeMs now_ms);
    void connected(raft::NodeId peer);
    void contact(raft::NodeId peer);
    // Errc::unavailable if the pool is full or writes are not accepted now.
    Result<void> submit(PooledBatch batch, ledger::TimeMs now_ms);
    void journal_done(std::uint64_t done, ledger::TimeMs now_ms);
    void store_done(std::uint64_t height, ledger::TimeMs now_ms);
    // `piece` is empty if the journal's files do not reach back so far.
    void older_read(const ReplicaEffects::OlderWanted& wanted, const storage::JournalPiece& piece);
    void disk_low(bool is_low) { is_disk_low_ = is_low; }

    // A block waits to be judged: call work() once the effects so far are on their way, so that
    // the disk writes it meanwhile.
    bool has_work() const;
    void work();

    ReplicaEffects take_effects();

    // This node's own side of a fork: Sealer::notes().
    std::vector<std::string> notes() const { return sealer_.notes(); }

    raft::Status status() const { return core_.status(); }
    const raft::Core& core() const { return core_; }
    const registry::State& state() const { return state_; }
    std::uint64_t pooled_bytes() const { return pool_.bytes(); }
    // Why no write is accepted now; empty if they are.
    std::string why_no_writes() const;
    // Why it may not vote or cosign yet; empty if it may.
    std::string why_not_whole() const { return start_check_.text(); }

private:
    // The one block between taken and published.
    struct Pending {
        raft::EntryId id;
        Hash chain{};
        std::shared_ptr<const registry::AppliedBlock> block;
        std::uint64_t payload_bytes = 0;
        std::vector<storage::StoredContent> contents;
        ledger::TimeMs begun_ms = 0;
        std::optional<std::string> seal;
        bool is_overruled = false;       // Its size is sealed with another root.
        std::set<raft::NodeId> holders;  // Then: who was seen to have this very entry.
        bool is_seal_asked = false;      // Its record and the block are on their way to the disk.
        bool is_seal_written = false;
        bool is_stored = false;
    };
    // What waits for a journal turn.
    struct Awaited {
        std::uint64_t number = 0;
        std::vector<std::uint64_t> core_writes;
        std::optional<raft::Index> guard;
        bool has_seal = false;
        std::optional<SealedNote> note;  // Over the head that is stored: shown once written.
    };

    // replica.cpp: events, and what follows from each.
    void set_now(ledger::TimeMs now_ms);
    void settle();
    void follow();
    void follow_core();
    void take_core_effects(raft::Effects asked);
    void follow_sealer();
    void drop_replaced();
    void look_at_start();
    void sign_vote(const raft::Ballot& ballot);
    void emit_turn();
    void note_event(std::string name, std::vector<std::pair<std::string, std::string>> facts);
    void halt(Error error);
    bool is_led() const;
    bool is_whole() const { return start_check_.phase() == StartCheck::Phase::done; }

    // replica_blocks.cpp: from the pool to the world.
    void apply(const raft::Entry& entry);
    void begin_sealing();
    void adopt_expected();
    void doubt(const VerifiedSeal& seal);
    void agree_when_ready();
    bool may_propose() const;
    void propose_when_possible();
    void judge_pool(registry::BlockBuilder& builder, registry::BlockWriter& writer);
    // False: the block is full, or the disk cannot answer.
    bool judge(Pool::Place place, registry::BlockBuilder& builder, registry::BlockWriter& writer);
    void write_note(const std::string& checkpoint);
    void make_up_for_lost_seal();
    void show_note(const SealedNote& note);
    void write_expected();
    void store_when_ready();
    void publish_when_ready();
    void answer_sealed(const registry::AppliedBlock& block);
    void answer_sealed(const SubmissionKey& key, const TicketAnswer& sealed, const Hash& message);
    TicketAnswer repeated_answer(Ticket ticket,
                                 const registry::BlockBuilder::Outcome& outcome) const;

    // replica_batches.cpp: clients' and peers' batches.
    void take_in(PooledBatch batch, const SubmissionId& id);
    // An act that comes early waits for what this node lacks, unless it `is_refused_by_leader`.
    std::optional<TicketAnswer> judge_alone(Pool::Kept& kept,
                                            ledger::TimeMs time,
                                            bool is_refused_by_leader = false);
    bool is_store_ahead() const;
    void settle_unjudged();
    void settle_kept(Pool::Kept kept);
    void forward_batches();
    void send_batch(raft::NodeId to, const PooledBatch& batch);
    void watch_batches();

    // replica_fetching.cpp: blocks from whoever has them.
    void fetch_blocks();
    bool wants_blocks_of(raft::NodeId peer) const;
    void ask_for_blocks(raft::NodeId peer);
    void follow_on(std::vector<raft::Entry> entries);
    const std::string* seal_of(raft::Index index) const;  // Null: none, or not known.
    void look_at_branch(raft::NodeId from, const std::vector<raft::Entry>& entries);
    void on(raft::NodeId from, raft::Term term, const rpc::JournalRequest& request);
    void on(raft::NodeId from, raft::Term term, const rpc::JournalEntries& answer);

    // replica_peers.cpp: what peers say.
    void send(raft::NodeId to, rpc::PeerBody body);
    void send_to_all(const rpc::PeerBody& body);
    void send_core_message(raft::Envelope envelope);
    void catch_up_peers();
    void heard_of_journal(raft::NodeId from, const raft::Body& body);
    void repeat_state();
    void ask_peers();
    void heard_votes(const raft::Body& body, raft::NodeId from);
    void take_seals(const std::vector<rpc::Seal>& seals);
    void take_seal(const rpc::Seal& seal);
    raft::Index vouched_to(raft::Index previous, const std::vector<raft::Entry>& entries) const;
    void look_at_seals(raft::NodeId from, const std::vector<rpc::Seal>& seals);
    bool is_foreign(const rpc::Seal& seal) const;
    void look_at_line(const SealerEffects::StrangeLine& strange);
    std::optional<raft::Index> cut_future(raft::Append& append) const;
    void on(raft::NodeId from, raft::Term term, const rpc::RaftMessage& message);
    void on(raft::NodeId from, raft::Term term, const rpc::Cosignature& cosignature);
    void on(raft::NodeId from, raft::Term term, const rpc::Seal& seal);
    void on(raft::NodeId from, raft::Term term, const rpc::MemoryRequest& request);
    void on(raft::NodeId from, raft::Term term, const rpc::Memory& memory);
    void on(raft::NodeId from, raft::Term term, const rpc::ForwardedBatch& forwarded);
    void on(raft::NodeId from, raft::Term term, const rpc::ForwardRefusal& refusal);
    void on(raft::NodeId from, raft::Term term, const rpc::Content& content);
    void on(raft::NodeId from, raft::Term term, const rpc::ContentRequest& request);

    Settings settings_;
    Identity identity_;
    const storage::LedgerStore& store_;
    registry::State state_;
    registry::SignatureMemory signatures_;
    raft::Index sealed_index_ = 0;  // Of state_'s last block.
    raft::Core core_;
    Sealer sealer_;
    StartCheck start_check_;
    SealShelf shelf_;
    ContentShelf contents_;
    Contradictions contradictions_;
    NetworkClock clock_;
    Pool pool_;
    std::map<raft::NodeId, raft::Vote> votes_;  // The newest of each that was seen signed.
    std::deque<raft::Entry> to_apply_;          // Taken, one after another once its turn comes.
    std::optional<Pending> pending_;
    storage::Turn next_turn_;
    Awaited next_awaited_;
    bool has_next_turn_ = false;
    std::optional<Awaited> in_flight_;
    std::uint64_t turns_ = 0;
    std::uint64_t ticks_ = 0;
    ledger::TimeMs now_ms_ = 0;
    std::optional<raft::NodeId> leader_;  // As of the last event.
    ledger::TimeMs led_ms_ = 0;           // When there was a leader, or it spoke, last.
    std::size_t asked_peers_ = 0;
    std::size_t fetches_ = 0;
    // Of peers that lag further than memory reaches: where to go on, and what was sent last.
    struct CatchUp {
        raft::Index after = 0;
        raft::Index sent_to = 0;
        Hash sent_chain{};
        ledger::TimeMs asked_ms = 0;  // 0: nothing is on its way.
    };
    std::map<raft::NodeId, CatchUp> catch_ups_;
    bool is_stale_told_ = false;
    bool is_clock_told_ = false;
    bool is_disk_low_ = false;
    bool is_halted_ = false;
    ReplicaEffects effects_;
};

}  // namespace chancery::node
