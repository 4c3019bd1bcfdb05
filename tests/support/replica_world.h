// A network of one in a bottle: the real replica, sealer, journal and registry over a disk and a
// ledger store in memory, on one thread, with a clock that stands still unless told.
//
// Work that the replica gives away (a journal turn, a block to store) waits here until the test
// lets it happen, so that the world can end between any two steps.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "node/restored_replica.h"
#include "storage/memory_ledger_store.h"
#include "tests/support/memory_disk.h"
#include "tests/support/test_network.h"

namespace chancery::test {

class ReplicaWorld {
public:
    explicit ReplicaWorld(const node::Replica::Settings& settings = {})
        : settings_(settings), genesis_(test_genesis(1)), store_(genesis_) {
        const auto made = storage::Journal::create(disk_, identity(), options());
        EXPECT_TRUE(made) << made.error().detail;
    }

    // A life begins: opens what the disk holds.
    void boot() {
        auto opened = storage::Journal::open(disk_, identity(), options());
        ASSERT_TRUE(opened) << opened.error().detail;
        journal_.emplace(std::move(opened->journal));
        const storage::Recovered recovered = std::move(opened->recovered);
        auto ledger = node::recover_ledger(recovered, store_);
        ASSERT_TRUE(ledger) << ledger.error().detail;
        auto replica =
            node::restore_replica({genesis_, recovered, *ledger, store_},
                                  settings_,
                                  {1,
                                   network_id(),
                                   ed25519_key("uni-a", "node"),
                                   {1, ed25519_key("uni-a", "cosigner"), ed25519_key("log", "log")},
                                   1},
                                  1);
        ASSERT_TRUE(replica) << replica.error().detail;
        replica_ = std::move(*replica);
        shown_before_boot_ = shown_.size();
        if (!ledger->checkpoint.empty()) shown_.push_back(ledger->checkpoint);
        replica_->start(now_ms);
        gather();
    }

    // The process ends; what was not synced goes with it.
    void crash(std::uint64_t seed) {
        replica_.reset();
        journal_.reset();
        turn_.reset();
        block_.reset();
        disk_.crash(seed);
        store_.lose_unflushed();
    }

    // Lets the oldest waiting work happen; false if none waits.
    bool step() {
        if (turn_) {
            const auto turn = *std::exchange(turn_, std::nullopt);
            const auto written = journal_->write(turn.turn);
            EXPECT_TRUE(written) << written.error().detail;
            ++steps_;
            replica_->journal_done(turn.number, now_ms);
        } else if (block_) {
            const auto block = *std::exchange(block_, std::nullopt);
            const auto stored = store_.write(block);
            EXPECT_TRUE(stored) << stored.error().detail;
            ++steps_;
            replica_->store_done(block.block->after.height, now_ms);
        } else {
            return false;
        }
        gather();
        return true;
    }

    void run() {
        while (step()) {
        }
    }

    // Ticks until the node leads and all is quiet.
    void settle() {
        run();
        const auto leads = [this] { return replica_->status().role == raft::Role::leader; };
        for (int ticks = 0; ticks < 100 && !(leads() && replica_->why_no_writes().empty());
             ++ticks) {
            tick(0);
            run();
        }
        EXPECT_TRUE(leads());
        EXPECT_EQ(replica_->why_no_writes(), "");
    }

    void tick(ledger::TimeMs passed_ms) {
        replica_->tick(now_ms += passed_ms);
        gather();
    }

    void submit(node::Ticket ticket, const Bytes& bulk) {
        const auto taken =
            replica_->submit({ticket, std::make_shared<const Bytes>(bulk), {}}, now_ms);
        if (!taken) {
            node::TicketAnswer answer;
            answer.ticket = ticket;
            answer.refusal = taken.error();
            answers[ticket] = answer;
        }
        gather();
    }

    node::Replica& replica() { return *replica_; }
    storage::MemoryLedgerStore& store() { return store_; }
    MemoryDisk& disk() { return disk_; }
    Hash network_id() const { return ledger::network_id(genesis_); }
    const ledger::Genesis& genesis() const { return genesis_; }
    // Every checkpoint ever shown, over all lives, oldest first.
    const std::vector<std::string>& shown() const { return shown_; }
    // How many of them came before the life that is.
    std::size_t shown_before_boot() const { return shown_before_boot_; }
    std::uint64_t steps() const { return steps_; }

    std::map<node::Ticket, node::TicketAnswer> answers;
    std::optional<Error> halted;
    ledger::TimeMs now_ms = 1'767'225'600'000;

private:
    storage::JournalIdentity identity() const { return {network_id(), 1, 1}; }
    static storage::Journal::Options options() { return {256 * 1024, 1024 * 1024}; }

    void gather() {
        take(replica_->take_effects());
        while (!halted && replica_->has_work()) {
            replica_->work();
            take(replica_->take_effects());
        }
    }

    void take(node::ReplicaEffects effects) {
        EXPECT_TRUE(effects.send.empty());  // Nobody else is there.
        if (effects.turn) turn_ = std::move(effects.turn);
        if (effects.store) block_ = std::move(effects.store);
        if (effects.store_checkpoint) {
            EXPECT_TRUE(store_.write_checkpoint(*effects.store_checkpoint));
        }
        if (effects.publish) shown_.push_back(effects.publish->note.checkpoint);
        for (const node::TicketAnswer& answer : effects.answers)
            answers[answer.ticket] = answer;
        if (effects.halt) halted = effects.halt;
    }

    node::Replica::Settings settings_;
    ledger::Genesis genesis_;
    MemoryDisk disk_;
    storage::MemoryLedgerStore store_;
    std::optional<storage::Journal> journal_;
    std::unique_ptr<node::Replica> replica_;
    std::optional<node::ReplicaEffects::JournalTurn> turn_;
    std::optional<storage::SealedBlock> block_;
    std::vector<std::string> shown_;
    std::size_t shown_before_boot_ = 0;
    std::uint64_t steps_ = 0;
};

}  // namespace chancery::test
