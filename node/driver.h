// The loop around a replica: gives its effects to the disk and the network and brings the answers
// back as events.
//
// Three threads: the replica's (its strand), the journal's (which waits for the disk) and the
// store's. Whoever is told of results is told on the replica's thread.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/clock.h"
#include "node/diary.h"
#include "node/evidence_keeper.h"
#include "node/metrics.h"
#include "node/published.h"
#include "node/replica.h"
#include "node/tile_cache.h"
#include "rpc/peer_links.h"
#include "storage/data_directory.h"

namespace chancery::node {

// Called on the replica's thread, one after another.
struct DriverEvents {
    std::function<void(std::shared_ptr<const Published>)> published;
    std::function<void(std::vector<TicketAnswer>)> answered;
    std::function<void(Error)> halted;   // Once; nothing follows.
    std::function<void()> contradicted;  // Evidence was found. On the store's thread.
};

// What the rest of the node may know of the replica at any moment.
struct ReplicaView {
    raft::Status raft;
    std::string why_no_writes;
    std::string why_not_whole;  // It may not vote or cosign yet; empty if it may.
    // A block that an earlier run left unsealed, or whose seal it lost, is not sealed again yet.
    bool is_resealing = false;
    std::size_t evidence_files = 0;  // Of EvidenceKeeper.
};

class Driver {
public:
    // What is lent must outlive the driver.
    struct Lent {
        storage::DataDirectory& data;
        const Clock& clock;
        Diary& diary;
        Metrics& metrics;
        TileCache& tiles;                 // Of data.ledger.
        rpc::PeerLinks* links = nullptr;  // Null: a network of one.
        raft::NodeKeys node_keys;         // Of all members' nodes.
    };
    struct Limits {
        std::uint64_t disk_free_min = 0;
        std::uint64_t flush_seconds = 60;
    };
    Driver(Lent lent, Limits limits, std::unique_ptr<Replica> replica, DriverEvents events);
    ~Driver();  // As stop().
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    void start();

    // Safe on any thread. Refusals come as answers too.
    void submit(PooledBatch batch);

    // What the links tell; safe on any thread. A message with a bad signature is dropped, with a
    // line in the diary; so is what comes while the replica has more to do than it can hold.
    void receive(raft::NodeId from, rpc::PeerMessage message);
    void connected(raft::NodeId peer);
    void contact(raft::NodeId peer);

    // Ends the block under way, makes everything durable, joins the threads. Idempotent.
    void stop();

    // Newest known; safe on any thread.
    ReplicaView view() const;

private:
    template <typename Act>
    void on_replica(Act act);
    void follow_through();
    void follow(ReplicaEffects effects);
    void write_turn(ReplicaEffects::JournalTurn turn);
    void write_block(storage::SealedBlock block);
    void write_checkpoint(std::string note);
    void write_content(storage::StoredContent content);
    void read_older(const ReplicaEffects::OlderWanted& wanted);
    OwnLog own_log() const;
    void keep_evidence(std::vector<Contradiction> evidence);
    void publish(const ReplicaEffects::Publication& publication);
    void tell(const Event& event);
    void halt(const Error& error);
    void schedule_tick();
    void tick();
    void housekeep();
    Result<void> keep_fence();
    void cut_journal(std::uint64_t flushed_height);

    Lent lent_;
    Limits limits_;
    DriverEvents events_;
    std::unique_ptr<Replica> replica_;
    raft::Index restored_block_ = 0;  // The newest that an earlier run left in the journal.
    struct Stored {
        std::uint64_t height = 0;
        raft::Index index = 0;
    };
    EvidenceKeeper evidence_;
    std::deque<Stored>
        stored_;  // Written, and not yet known to be flushed; of the replica's thread.
    std::uint64_t ticks_ = 0;
    bool is_stopping_ = false;  // Of the replica's thread.
    bool is_halted_ = false;    // Of the replica's thread.
    bool is_joined_ = false;
    std::atomic<std::size_t> inbox_bytes_ = 0;
    std::shared_ptr<const Published> published_;
    mutable std::mutex view_mutex_;  // The one lock: a status page may ask on any thread.
    ReplicaView view_;
    boost::asio::thread_pool replica_thread_{1};
    boost::asio::thread_pool journal_thread_{1};
    boost::asio::thread_pool store_thread_{1};
    storage::JournalReader older_;  // Of the reader's thread.
    boost::asio::thread_pool reader_thread_{1};
    boost::asio::steady_timer timer_{replica_thread_};
};

}  // namespace chancery::node
