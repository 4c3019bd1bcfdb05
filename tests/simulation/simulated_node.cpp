#include "tests/simulation/simulated_node.h"

#include "tests/support/test_network.h"

namespace chancery::simulation {
namespace {

storage::Journal::Options journal_options() { return {256UL * 1024, 1024UL * 1024}; }

}  // namespace

SimulatedNode::SimulatedNode(const ledger::Genesis& genesis, ledger::MemberNumber member)
    : genesis_(genesis),
      member_(member),
      network_id_(ledger::network_id(genesis)),
      store_(genesis) {
    const auto made = storage::Journal::create(disk_, {network_id_, member_, 1}, journal_options());
    CHECK(made);
}

Result<void> SimulatedNode::boot(ledger::TimeMs now_ms, std::uint64_t seed) {
    CHECK(!is_up());
    auto opened = storage::Journal::open(disk_, {network_id_, member_, 1}, journal_options());
    if (!opened) return opened.error();
    journal_.emplace(std::move(opened->journal));
    const storage::Recovered& recovered = opened->recovered;
    platter_ = {};
    platter_.base = recovered.base;
    if (recovered.vote.term > 0) platter_.vote = recovered.vote;
    for (const raft::Entry& entry : recovered.entries)
        platter_.entries.emplace(entry.id.index, entry);
    platter_.cosigned = recovered.cosigned;
    auto ledger = node::recover_ledger(recovered, store_);
    if (!ledger) return ledger.error();
    const std::string slug = test::slug_of(member_);
    auto replica = node::restore_replica(
        {genesis_, recovered, *ledger, store_},
        {},
        {member_,
         network_id_,
         test::ed25519_key(slug, "node"),
         {member_, test::ed25519_key(slug, "cosigner"), test::ed25519_key("log", "log")},
         seed},
        seed);
    if (!replica) return replica.error();
    replica_ = std::move(*replica);
    ++life_;
    replica_->start(now_ms);
    return {};
}

void SimulatedNode::crash(std::uint64_t seed) {
    CHECK(is_up());
    ++life_;
    replica_.reset();
    journal_.reset();
    disk_.crash(seed);
    store_.lose_unflushed();
}

Result<void> SimulatedNode::write(const storage::Turn& turn) {
    const auto written = journal_->write(turn);
    if (written && turn.must_sync) platter_.write(turn);
    return written;
}

}  // namespace chancery::simulation
