// Members that lie, and what the honest ones find against them.
#include <algorithm>

#include "crypto/merkle/node_hash.h"
#include "tests/simulation/simulated_network.h"
#include "tests/support/test_network.h"

namespace chancery::simulation {

void SimulatedNetwork::choose_liars() {
    CHECK(plan_.liars <= (plan_.nodes - 1) / 3);
    while (liars_.size() < plan_.liars) {
        const auto number = static_cast<raft::NodeId>(random_.between(1, plan_.nodes));
        if (is_liar(number)) continue;
        std::set<test::Lie> lies = plan_.lies;
        Random apart(plan_.seed ^ number);  // So that seeds keep the runs that they had.
        for (const test::LieName& each : test::lie_names) {
            Random& dice = each.lie == test::Lie::other_past ? apart : random_;
            if (plan_.lies.empty() && dice.chance(250'000)) lies.insert(each.lie);
        }
        const std::string slug = test::slug_of(number);
        const test::Liar::Self self{number,
                                    plan_.nodes,
                                    network_id_,
                                    genesis_.origin,
                                    slug,
                                    test::ed25519_key(slug, "node"),
                                    test::ed25519_key(slug, "cosigner")};
        liars_.emplace(number, test::Liar(self, std::move(lies), random_.next()));
    }
    std::set<raft::NodeId> numbers;
    for (const auto& [number, liar] : liars_) {
        numbers.insert(number);
        std::string line = "node " + std::to_string(number) + " lies:";
        for (const test::LieName& each : test::lie_names) {
            if (liar.tells(each.lie)) line += " " + std::string(each.name);
        }
        tell(line);
    }
    judge_.distrust(numbers, genesis_);
}

bool SimulatedNetwork::tells(test::Lie lie) const {
    return std::ranges::any_of(liars_, [lie](const auto& each) { return each.second.tells(lie); });
}

// Entries of one term that only a seal could overrule may stand against one another for ever, if
// the liar is gone before it helped to seal one of them.
bool SimulatedNetwork::is_healing_promised() const {
    return !tells(test::Lie::other_entries) && !tells(test::Lie::other_history) &&
           !tells(test::Lie::other_past);
}

void SimulatedNetwork::lie(const rpc::PeerEnvelope& envelope) {
    test::Liar& liar = liars_.at(envelope.message.sender);
    std::vector<rpc::PeerMessage> said = liar.lie(envelope.to, envelope.message);
    if (said.size() != 1 || said.front() != envelope.message) ++report_.lies;
    for (rpc::PeerMessage& message : said)
        transmit({envelope.to, std::move(message)});
}

void SimulatedNetwork::liar_hears(const rpc::PeerEnvelope& envelope) {
    test::Liar& liar = liars_.at(envelope.to);
    for (rpc::PeerMessage& message : liar.hear(envelope.message.sender, envelope.message)) {
        ++report_.lies;
        transmit({envelope.message.sender, std::move(message)});
    }
}

void SimulatedNetwork::keep_evidence(raft::NodeId number,
                                     const std::vector<node::Contradiction>& evidence) {
    if (is_liar(number)) return;
    for (const node::Contradiction& each : evidence) {
        if (const auto* const votes = std::get_if<node::TwoVotes>(&each)) {
            const raft::NodeId voter = votes->first.voter;
            const bool may_have = is_liar(voter) || rolled_back_.contains(voter);
            if (!may_have) judge_.accuse("an honest node voted twice");
        }
        const auto* const refused = std::get_if<raft::Evidence>(&each);
        if (refused != nullptr && liars_.empty()) {
            judge_.accuse(at("node", number) + " has evidence against " +
                          at("node", refused->from) + ": " +
                          std::string(raft::name_of(refused->kind)));
        }
        const auto* const foreign = std::get_if<node::ForeignNote>(&each);
        if (foreign != nullptr) {
            look_at_forks(number, finders_[number].heard(foreign->note, own_log(number)));
        }
    }
    look_at_forks(number, finders_[number].look_again(own_log(number)));
}

void SimulatedNetwork::look_at_forks(raft::NodeId number,
                                     const std::vector<node::FoundFork>& forks) {
    for (const node::FoundFork& fork : forks) {
        ++report_.forks;
        for (const credential::GuiltyKey& key : fork.guilty) {
            tell("node " + std::to_string(number) + " proves a fork of " + key.slug);
            if (!is_liar(key.member)) judge_.accuse("evidence against " + key.slug);
        }
    }
}

node::OwnLog SimulatedNetwork::own_log(raft::NodeId number) {
    const registry::State& state = node(number).replica().state();
    const std::uint64_t stored = state.frontier.leaf_count();
    return {
        state.members,
        node(number).replica().notes(),
        [this, number, stored](std::uint64_t from,
                               std::uint64_t size) -> Result<credential::ForkEvidence::Beginning> {
            if (size > stored) return Error{Errc::unavailable, "not sealed here yet"};
            std::vector<Hash> leaves;
            while (leaves.size() < size) {
                const auto entry = node(number).store().entry(leaves.size());
                if (!entry) return entry.error();
                leaves.push_back(merkle::leaf_hash(*entry));
            }
            const auto root_of = [&leaves](merkle::Range range) {
                return merkle::root_of(
                    std::span(leaves).subspan(static_cast<std::size_t>(range.begin),
                                              static_cast<std::size_t>(range.end - range.begin)));
            };
            credential::ForkEvidence::Beginning beginning{root_of({0, from}), {}};
            for (const merkle::Range& range : merkle::consistency_ranges(from, size))
                beginning.path.push_back(root_of(range));
            return beginning;
        }};
}

}  // namespace chancery::simulation
