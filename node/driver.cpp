#include "node/driver.h"

#include <chrono>
#include <future>
#include <mutex>

#include <boost/asio/post.hpp>

#include "node/peer_gate.h"
#include "node/proofs.h"
#include "storage/crash_point.h"

namespace chancery::node {
namespace {

namespace asio = boost::asio;
using storage::crash_point;
using storage::CrashPoint;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds tick_period{100};
constexpr std::uint64_t ticks_per_housekeeping = 10;
constexpr std::uint64_t older_bytes_max = 2ULL * 1024 * 1024;
constexpr std::size_t inbox_bytes_max = std::size_t{128} * 1024 * 1024;

double seconds_since(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

}  // namespace

Driver::Driver(Lent lent, Limits limits, std::unique_ptr<Replica> replica, DriverEvents events)
    : lent_(std::move(lent)),
      limits_(limits),
      events_(std::move(events)),
      replica_(std::move(replica)),
      restored_block_(replica_->status().last_block),
      evidence_(
          {*lent_.data.disk, lent_.data.genesis, lent_.diary, lent_.metrics, events_.contradicted}),
      older_(*lent_.data.disk) {}

Driver::~Driver() { stop(); }

// Runs `act` on the replica's thread and follows what it leads to.
template <typename Act>
void Driver::on_replica(Act act) {
    asio::post(replica_thread_, [this, act = std::move(act)]() mutable {
        if (is_halted_) return;
        act(*replica_);
        follow_through();
    });
}

// The disk has the entry before the block in it is judged.
void Driver::follow_through() {
    follow(replica_->take_effects());
    while (!is_halted_ && replica_->has_work()) {
        replica_->work();
        follow(replica_->take_effects());
    }
}

void Driver::start() {
    on_replica([this](Replica& replica) {
        replica.start(lent_.clock.now_ms());
        schedule_tick();
    });
}

void Driver::submit(PooledBatch batch) {
    on_replica([this, batch = std::move(batch)](Replica& replica) mutable {
        const Ticket ticket = batch.ticket;
        Result<void> taken = Error{Errc::unavailable, "this node is stopping"};
        if (!is_stopping_) taken = replica.submit(std::move(batch), lent_.clock.now_ms());
        if (taken) return;
        events_.answered({refusal_of(ticket, taken.error())});
    });
}

void Driver::receive(raft::NodeId from, rpc::PeerMessage message) {
    const auto checked = check_signatures(message, lent_.node_keys);
    if (!checked) {
        lent_.diary.warning("bad_signature",
                            {{"from", std::to_string(from)}, {"why", checked.error().detail}});
        return;
    }
    const std::size_t weight = weight_of(message);
    if (inbox_bytes_.fetch_add(weight) + weight > inbox_bytes_max) {
        inbox_bytes_ -= weight;
        return;
    }
    on_replica([this, from, weight, message = std::move(message)](Replica& replica) {
        inbox_bytes_ -= weight;
        replica.receive(from, message, lent_.clock.now_ms());
    });
}

void Driver::connected(raft::NodeId peer) {
    on_replica([peer](Replica& replica) { replica.connected(peer); });
}

void Driver::contact(raft::NodeId peer) {
    on_replica([peer](Replica& replica) { replica.contact(peer); });
}

void Driver::follow(ReplicaEffects effects) {
    if (!effects.evidence.empty()) keep_evidence(std::move(effects.evidence));
    if (effects.halt) return halt(*effects.halt);
    for (rpc::PeerEnvelope& envelope : effects.send) {
        if (lent_.links != nullptr) lent_.links->send(std::move(envelope));
    }
    for (const Event& event : effects.events)
        tell(event);
    if (effects.publish) publish(*effects.publish);
    if (is_halted_) return;
    if (!effects.answers.empty()) {
        crash_point(CrashPoint::answer_ready);
        events_.answered(std::move(effects.answers));
    }
    if (effects.turn) write_turn(std::move(*effects.turn));
    if (effects.store) write_block(std::move(*effects.store));
    if (effects.store_checkpoint) write_checkpoint(std::move(*effects.store_checkpoint));
    for (const ReplicaEffects::OlderWanted& wanted : effects.older)
        read_older(wanted);
    for (storage::StoredContent& content : effects.store_contents)
        write_content(std::move(content));
    const std::scoped_lock lock(view_mutex_);
    const raft::Status status = replica_->status();
    view_ = {status,
             replica_->why_no_writes(),
             replica_->why_not_whole(),
             status.sealed < restored_block_};
}

void Driver::write_turn(ReplicaEffects::JournalTurn turn) {
    asio::post(journal_thread_, [this, turn = std::move(turn)] {
        const auto begin = Steady::now();
        const auto written = storage::write_turn(lent_.data.journal, lent_.data.fence, turn.turn);
        lent_.metrics.journal_turn(seconds_since(begin), lent_.data.journal.sync_count());
        const bool is_guard = turn.turn.cosigned.has_value();
        if (turn.turn.sealed) crash_point(CrashPoint::seal_kept);
        on_replica([this, written, is_guard, number = turn.number](Replica& replica) {
            if (!written) return halt(written.error());
            if (is_guard) crash_point(CrashPoint::cosignature_guarded);
            replica.journal_done(number, lent_.clock.now_ms());
            if (is_guard) crash_point(CrashPoint::cosignature_made);
        });
    });
}

void Driver::write_block(storage::SealedBlock block) {
    asio::post(store_thread_, [this, block = std::move(block)] {
        const auto written = lent_.data.ledger->write(block);
        crash_point(CrashPoint::block_stored);
        const Stored stored{block.block->after.height, block.id.index};
        on_replica([this, written, stored](Replica& replica) {
            if (!written) return halt(written.error());
            stored_.push_back(stored);
            replica.store_done(stored.height, lent_.clock.now_ms());
        });
    });
}

void Driver::write_checkpoint(std::string note) {
    asio::post(store_thread_, [this, note = std::move(note)] {
        const auto written = lent_.data.ledger->write_checkpoint(note);
        if (written) return;
        on_replica([this, error = written.error()](Replica&) { halt(error); });
    });
}

void Driver::write_content(storage::StoredContent content) {
    asio::post(store_thread_, [this, content = std::move(content)] {
        const auto written = lent_.data.ledger->write_content(content);
        if (written) return;
        on_replica([this, error = written.error()](Replica&) { halt(error); });
    });
}

// Only what is there matters: a member that cannot be helped from here asks another.
void Driver::read_older(const ReplicaEffects::OlderWanted& wanted) {
    asio::post(reader_thread_, [this, wanted] {
        auto piece = older_.read(wanted.after, older_bytes_max);
        if (!piece) {
            lent_.diary.warning("catch_up_refused",
                                {{"peer", std::to_string(wanted.peer)},
                                 {"after", std::to_string(wanted.after)},
                                 {"why", piece.error().detail}});
            return;
        }
        on_replica([wanted, piece = std::move(*piece)](Replica& replica) {
            replica.older_read(wanted, piece);
        });
    });
}

// As it is now, for the store's thread: sealed heads stay as they are.
OwnLog Driver::own_log() const {
    const registry::State& state = replica_->state();
    const std::uint64_t stored = state.frontier.leaf_count();
    return {state.members,
            replica_->notes(),
            [this, stored](std::uint64_t from,
                           std::uint64_t size) -> Result<credential::ForkEvidence::Beginning> {
                if (size > stored) return Error{Errc::unavailable, "not sealed here yet"};
                return beginning_of(from, size, lent_.tiles);
            }};
}

void Driver::keep_evidence(std::vector<Contradiction> evidence) {
    asio::post(store_thread_, [this, evidence = std::move(evidence), own = own_log()] {
        for (const Contradiction& contradiction : evidence)
            evidence_.look(contradiction, own);
    });
}

void Driver::publish(const ReplicaEffects::Publication& publication) {
    auto published =
        node::publish(publication.state, publication.note, *lent_.data.ledger, lent_.tiles);
    if (!published) return halt(published.error());
    // A block's time is its leader's clock when it was proposed; another's clock says nothing here.
    const bool is_new = published_ && published_->state.height < publication.state.height;
    const std::uint64_t now = lent_.clock.now_ms();
    if (is_new && replica_->status().role == raft::Role::leader && now >= publication.state.time) {
        const std::uint64_t taken_ms = now - publication.state.time;
        lent_.metrics.block_sealed(static_cast<double>(taken_ms) / 1000);
    }
    published_ = std::move(*published);
    lent_.metrics.published({publication.state.height,
                             published_->size(),
                             published_->sealed_s,
                             published_->cosigners});
    crash_point(CrashPoint::checkpoint_published);
    events_.published(published_);
}

void Driver::tell(const Event& event) {
    Diary::Facts facts;
    for (const auto& [name, value] : event.facts)
        facts.emplace_back(name, value);
    lent_.diary.write(event.is_alarm ? Level::error : Level::info, event.name, facts);
}

void Driver::halt(const Error& error) {
    if (std::exchange(is_halted_, true)) return;
    lent_.diary.error("halted",
                      {{"code", std::string(name_of(error.code))}, {"why", error.detail}});
    {
        const std::scoped_lock lock(view_mutex_);
        view_.why_no_writes = "this node has stopped: " + error.detail;
    }
    events_.halted(error);
}

void Driver::schedule_tick() {
    timer_.expires_after(tick_period);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled || is_stopping_ || is_halted_) return;
        tick();
        schedule_tick();
    });
}

void Driver::tick() {
    replica_->tick(lent_.clock.now_ms());
    if (++ticks_ % ticks_per_housekeeping == 0) housekeep();
    follow_through();
    const raft::Status status = replica_->status();
    lent_.metrics.term(status.term, status.role == raft::Role::leader);
}

// Once a second: the fence, the space left; once in flush_seconds: the database's flush, then the
// journal that it made superfluous.
void Driver::housekeep() {
    const auto free = lent_.data.disk->free_bytes();
    if (!free) return halt(free.error());
    lent_.metrics.disk_free(*free);
    replica_->disk_low(*free < limits_.disk_free_min);
    asio::post(journal_thread_, [this] {
        const auto kept = keep_fence();
        if (!kept) on_replica([this, error = kept.error()](Replica&) { halt(error); });
    });
    if (evidence_.is_waiting()) {
        asio::post(store_thread_, [this, own = own_log()] { evidence_.look_again(own); });
    }
    if (ticks_ / ticks_per_housekeeping % limits_.flush_seconds != 0) return;
    asio::post(store_thread_, [this] {
        const auto flushed = lent_.data.ledger->flush();
        crash_point(CrashPoint::database_flushed);
        on_replica([this, flushed](Replica&) {
            if (!flushed) return halt(flushed.error());
            cut_journal(*flushed);
        });
    });
}

Result<void> Driver::keep_fence() {
    const auto marked = lent_.data.journal.write_idle_marker();
    if (!marked) return marked.error();
    return lent_.data.fence.write(storage::fence_record(lent_.data.journal));
}

// What the database has for good, the journal need not keep.
void Driver::cut_journal(std::uint64_t flushed_height) {
    std::optional<Stored> newest;
    while (!stored_.empty() && stored_.front().height <= flushed_height) {
        newest = stored_.front();
        stored_.pop_front();
    }
    if (!newest) return;
    asio::post(journal_thread_, [this, cut = *newest] {
        const auto done = lent_.data.journal.cut(cut.index, cut.height);
        if (!done) on_replica([this, error = done.error()](Replica&) { halt(error); });
    });
}

void Driver::stop() {
    if (std::exchange(is_joined_, true)) return;
    // Whatever was pooled before this is answered by its block, or is refused after it.
    std::promise<void> quiet;
    asio::post(replica_thread_, [this, &quiet] {
        is_stopping_ = true;
        timer_.cancel();
        quiet.set_value();
    });
    quiet.get_future().wait();
    journal_thread_.join();
    store_thread_.join();
    reader_thread_.join();
    replica_thread_.stop();
    replica_thread_.join();
}

ReplicaView Driver::view() const {
    const std::scoped_lock lock(view_mutex_);
    ReplicaView view = view_;
    view.evidence_files = evidence_.count();
    return view;
}

}  // namespace chancery::node
