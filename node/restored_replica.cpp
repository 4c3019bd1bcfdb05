#include "node/restored_replica.h"

namespace chancery::node {
namespace {

raft::Configuration configuration_of(const ledger::Genesis& genesis) {
    raft::Configuration configuration;
    for (std::size_t i = 0; i < genesis.members.size(); ++i) {
        configuration.voters.push_back(static_cast<raft::NodeId>(i + 1));
    }
    configuration.quorum = genesis.quorum;
    return configuration;
}

Result<raft::Core> restore_core(const ReplicaOrigin& origin,
                                const Replica::Identity& identity,
                                std::uint64_t election_seed) {
    const merkle::TreeHead head = origin.ledger.state.head();
    raft::Restored restored;
    restored.base = origin.journal.base;
    restored.base_configuration = configuration_of(origin.genesis);
    restored.entries = origin.journal.entries;
    restored.vote = origin.journal.vote;
    restored.sealed = origin.ledger.sealed;
    restored.claim = {origin.ledger.state.height, head.size, head.root};
    restored.cosigned = origin.journal.cosigned ? origin.journal.cosigned->index : 0;
    raft::Settings settings;
    settings.self = identity.member;
    settings.network = identity.network_id;
    return raft::Core::start(settings, restored, election_seed);
}

}  // namespace

Result<std::unique_ptr<Replica>> restore_replica(const ReplicaOrigin& origin,
                                                 const Replica::Settings& settings,
                                                 Replica::Identity identity,
                                                 std::uint64_t election_seed) {
    auto core = restore_core(origin, identity, election_seed);
    if (!core) return core.error();
    const RecoveredLedger& ledger = origin.ledger;
    std::vector<rpc::Seal> seals;
    for (const storage::SealedRecord& sealed : origin.journal.seals)
        seals.push_back({sealed.index, sealed.checkpoint});
    std::vector<std::string> expected;
    for (const storage::ExpectedSeal& seal : origin.journal.expected)
        expected.push_back(seal.checkpoint);
    Sealer::Restored sealer{origin.journal.cosigned,
                            ledger.checkpoint,
                            ledger.state.height,
                            ledger.sealed,
                            core->journal().chain_at(ledger.sealed).value_or(Hash{}),
                            ledger.state.members};
    return std::make_unique<Replica>(settings,
                                     std::move(identity),
                                     Replica::Restored{ledger.state,
                                                       std::move(sealer),
                                                       std::move(*core),
                                                       std::move(seals),
                                                       std::move(expected)},
                                     origin.store);
}

raft::NodeKeys node_keys_of(const ledger::Genesis& genesis) {
    raft::NodeKeys keys;
    for (std::size_t i = 0; i < genesis.members.size(); ++i)
        keys.emplace(static_cast<raft::NodeId>(i + 1), genesis.members[i].node_key);
    return keys;
}

}  // namespace chancery::node
