#include "consensus/raft/quorum.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace chancery::raft {
namespace {

std::size_t count_in(const std::vector<NodeId>& voters, const std::set<NodeId>& nodes) {
    return static_cast<std::size_t>(
        std::ranges::count_if(voters, [&](NodeId voter) { return nodes.contains(voter); }));
}

Index index_of_half(const std::vector<NodeId>& voters,
                    std::uint32_t quorum,
                    const std::map<NodeId, Index>& reached) {
    if (quorum == 0 || quorum > voters.size()) return 0;
    std::vector<Index> indices;
    for (const NodeId voter : voters) {
        const auto found = reached.find(voter);
        indices.push_back(found == reached.end() ? 0 : found->second);
    }
    std::ranges::sort(indices, std::greater<>{});
    return indices[quorum - 1];
}

Tally tally_of_half(const std::vector<NodeId>& voters,
                    std::uint32_t quorum,
                    const std::set<NodeId>& granted,
                    const std::set<NodeId>& refused) {
    if (count_in(voters, granted) >= quorum) return Tally::won;
    if (voters.size() - count_in(voters, refused) < quorum) return Tally::lost;
    return Tally::undecided;
}

}  // namespace

bool is_quorum(const Configuration& configuration, const std::set<NodeId>& nodes) {
    const Configuration& c = configuration;
    if (c.voters.empty() || count_in(c.voters, nodes) < c.quorum) return false;
    return !c.is_joint() || count_in(c.voters_outgoing, nodes) >= c.quorum_outgoing;
}

Index quorum_index(const Configuration& configuration, const std::map<NodeId, Index>& reached) {
    const Configuration& c = configuration;
    const Index incoming = index_of_half(c.voters, c.quorum, reached);
    if (!c.is_joint()) return incoming;
    return std::min(incoming, index_of_half(c.voters_outgoing, c.quorum_outgoing, reached));
}

Tally tally(const Configuration& configuration,
            const std::set<NodeId>& granted,
            const std::set<NodeId>& refused) {
    const Configuration& c = configuration;
    if (c.voters.empty()) return Tally::lost;
    const Tally incoming = tally_of_half(c.voters, c.quorum, granted, refused);
    if (!c.is_joint()) return incoming;
    const Tally outgoing = tally_of_half(c.voters_outgoing, c.quorum_outgoing, granted, refused);
    if (incoming == Tally::lost || outgoing == Tally::lost) return Tally::lost;
    return incoming == Tally::won ? outgoing : Tally::undecided;
}

bool includes_honest(const Configuration& configuration, const std::set<NodeId>& nodes) {
    return count_in(configuration.voters, nodes) > liars_max(configuration.voters.size());
}

}  // namespace chancery::raft
