#include "tests/simulation/simulated_node.h"

#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

// Small segments: changes of them are frequent.
storage::Journal::Options journal_options() { return {64UL * 1024, 1024UL * 1024}; }

constexpr std::uint64_t operations_of_a_turn = 3;
constexpr std::uint64_t older_bytes_max = 1'000;  // A few blocks: laggards come back for more.

}  // namespace

SimulatedNode::SimulatedNode(const ledger::Genesis& genesis, ledger::MemberNumber member)
    : genesis_(genesis), member_(member), network_id_(ledger::network_id(genesis)) {
    lose_database();
    const auto made =
        storage::Journal::create(*disk_, {network_id_, member_, 1}, journal_options());
    CHECK(made);
}

Result<void> SimulatedNode::boot(ledger::TimeMs now_ms,
                                 std::uint64_t number,
                                 const node::Replica::Settings& settings) {
    CHECK(!is_up());
    auto opened = storage::Journal::open(*disk_, {network_id_, member_, 1}, journal_options());
    if (!opened) return opened.error();
    journal_.emplace(std::move(opened->journal));
    const storage::Recovered& recovered = opened->recovered;
    platter_ = {};
    platter_.base = recovered.base;
    if (recovered.vote.term > 0) platter_.vote = recovered.vote;
    for (const raft::Entry& entry : recovered.entries)
        platter_.entries.emplace(entry.id.index, entry);
    platter_.cosigned = recovered.cosigned;
    platter_.sealed = platter_.unsynced = recovered.sealed;
    for (const storage::ExpectedSeal& seal : recovered.expected)
        platter_.expected.insert(seal.size);
    auto ledger = node::recover_ledger(recovered, *store_);
    if (!ledger) return ledger.error();
    const std::string slug = test::slug_of(member_);
    auto replica = node::restore_replica(
        {genesis_, recovered, *ledger, *store_},
        settings,
        {member_,
         network_id_,
         test::ed25519_key(slug, "node"),
         {member_, test::ed25519_key(slug, "cosigner"), test::ed25519_key("log", "log")},
         number},
        number);
    if (!replica) return replica.error();
    replica_ = std::move(*replica);
    ++life_;
    replica_->start(now_ms);
    return {};
}

void SimulatedNode::die(Death death, std::uint64_t seed) {
    CHECK(is_up());
    ++life_;
    if (death == Death::torn_turn && turn_) {
        disk_->halt_at(disk_->operation_count() + seed % operations_of_a_turn);
        static_cast<void>(journal_->write(turn_->turn));  // Nobody is there to hear how it went.
    }
    replica_.reset();
    journal_.reset();
    turn_.reset();
    if (death == Death::kill) {
        disk_->kill();
    } else {
        disk_->crash(seed);
    }
    store_->lose_unflushed();
}

Result<std::uint64_t> SimulatedNode::finish_turn() {
    const auto written = journal_->write(turn_->turn);
    if (!written) return written.error();
    platter_.write(turn_->turn);
    const std::uint64_t number = turn_->number;
    turn_.reset();
    return number;
}

Result<storage::JournalPiece> SimulatedNode::read_older(raft::Index after) {
    return storage::JournalReader(*disk_).read(after, older_bytes_max);
}

void SimulatedNode::restore_image() {
    CHECK(!is_up() && has_image());
    disk_ = image_->copy();
    lose_database();
}

void SimulatedNode::lose_database() {
    CHECK(!is_up());
    store_ = std::make_unique<storage::MemoryLedgerStore>(genesis_);
}

}  // namespace chancery::simulation
