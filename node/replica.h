// One node's part in the network: Raft's core, the registry and the sealer put together.
//
//     submit → pool → judge → propose → journal → ack → commit → guard → cosign → seal → store →
//     publish → answer
//
// A plain state machine without sockets, threads or a clock: events come in by name, what the
// world must do comes out as effects, and work given to a disk comes back as an event with its
// number. The daemon and the simulator are two short loops around it. One strand.
//
// While a block is unsealed the next one fills in the pool: no timers, and one block in dispute at
// most. Source: PROTOCOL.md, Tree, checkpoints, seals; ARCHITECTURE.md, Life of a batch.
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
#include "node/sealer.h"
#include "storage/journal.h"
#include "storage/ledger_store.h"

namespace chancery::node {

using Ticket = std::uint64_t;  // Of a submission; never 0.

// "follower", "candidate" (also before the vote proper), "leader".
std::string_view role_name(raft::Role role);

struct PooledBatch {
    Ticket ticket = 0;
    Bytes bulk;
    std::vector<storage::StoredContent> contents;
};

// What became of a submission.
struct TicketAnswer {
    Ticket ticket = 0;
    bool is_repeat = false;
    std::optional<registry::BatchRecord> record;  // Sealed, at `sealed_size`.
    std::uint64_t sealed_size = 0;
    std::optional<Error> refusal;
};

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
    struct Publication {
        registry::State state;
        std::string checkpoint;
    };
    std::optional<JournalTurn> turn;              // Then journal_done(number).
    std::optional<storage::SealedBlock> store;    // Then store_done(height).
    std::optional<std::string> store_checkpoint;  // Of the same head; no answer awaited.
    std::optional<Publication> publish;
    std::vector<raft::Envelope> send;
    std::vector<TicketAnswer> answers;
    std::vector<Event> events;
    std::optional<Error> halt;  // Stop the process: io, corrupt, or an integrity alarm.
};

class Replica {
public:
    struct Settings {
        std::uint64_t pool_bytes_max = 64ULL * 1024 * 1024;
        std::uint64_t block_bytes_soft_max = 1024ULL * 1024;
        std::uint64_t refresh_age_s = 30;
        std::uint64_t empty_block_age_ms = 3'600'000;
    };
    struct Identity {
        ledger::MemberNumber member = 0;
        Hash network_id{};
        keys::Ed25519Key node_key;  // Signs votes.
        Sealer::Identity sealer;
    };
    struct Restored {
        registry::State state;  // Sealed.
        Sealer::Restored sealer;
        raft::Core core;
    };

    // `view` reads the sealed ledger, must outlive the replica, and shows each block from
    // store_done() on.
    Replica(const Settings& settings,
            Identity identity,
            Restored restored,
            const registry::LedgerView& view);

    // Call first, once: seals size 0 on a new network.
    void start(ledger::TimeMs now_ms);

    void tick(ledger::TimeMs now_ms);  // Every 100 ms.
    void receive(raft::NodeId from, const raft::Message& message);
    // Errc::unavailable if the pool is full or writes are not accepted now.
    Result<void> submit(PooledBatch batch, ledger::TimeMs now_ms);
    void journal_done(std::uint64_t done, ledger::TimeMs now_ms);
    void store_done(std::uint64_t height, ledger::TimeMs now_ms);
    void disk_low(bool is_low) { is_disk_low_ = is_low; }

    ReplicaEffects take_effects();

    raft::Status status() const { return core_.status(); }
    // Why no write is accepted now; empty if they are.
    std::string why_no_writes() const;

private:
    // The one block between proposed and published.
    struct Pending {
        raft::EntryId id;
        Hash chain{};
        std::shared_ptr<const registry::AppliedBlock> block;
        std::vector<std::pair<Ticket, registry::BatchRecord>> tickets;
        std::set<Ticket> repeats;
        std::vector<storage::StoredContent> contents;
        ledger::TimeMs proposed_ms = 0;
        bool is_committed = false;
        bool is_seal_written = false;
        bool is_stored = false;
    };
    // What waits for a journal turn.
    struct Awaited {
        std::uint64_t number = 0;
        std::vector<std::uint64_t> core_writes;
        bool has_guard = false;
        bool has_seal = false;
        std::optional<std::string> note;  // Over the head that is stored: shown once written.
    };

    void settle();
    void follow();
    void follow_core();
    void follow_sealer();
    void apply_proposed(const raft::Entry& entry);
    void begin_sealing();
    void agree_when_ready();
    void propose_when_possible();
    bool may_propose() const;
    void sign_vote(const raft::Ballot& ballot);
    void take_core_effects(raft::Effects asked);
    void judge_pool(registry::BlockBuilder& builder,
                    registry::BlockWriter& writer,
                    Pending& pending);
    // False: the block is full (the batch is back in the pool), or the disk cannot answer.
    bool judge(PooledBatch& batch,
               registry::BlockBuilder& builder,
               registry::BlockWriter& writer,
               Pending& pending);
    void show_note(const std::string& checkpoint);
    void publish_when_ready();
    void emit_turn();
    void note_event(std::string name, std::vector<std::pair<std::string, std::string>> facts);
    void halt(Error error);

    Settings settings_;
    Identity identity_;
    const registry::LedgerView& view_;
    registry::State state_;
    raft::Index sealed_index_ = 0;  // Of state_'s last block.
    raft::Core core_;
    Sealer sealer_;
    std::deque<PooledBatch> pool_;
    std::uint64_t pool_bytes_ = 0;
    std::optional<Pending> pending_;
    storage::Turn next_turn_;
    Awaited next_awaited_;
    bool has_next_turn_ = false;
    std::optional<Awaited> in_flight_;
    std::uint64_t turns_ = 0;
    ledger::TimeMs now_ms_ = 0;
    bool is_disk_low_ = false;
    bool is_halted_ = false;
    ReplicaEffects effects_;
};

}  // namespace chancery::node
