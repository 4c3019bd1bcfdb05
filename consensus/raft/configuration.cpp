#include "consensus/raft/configuration.h"

#include <algorithm>
#include <string>

namespace chancery::raft {
namespace {

constexpr std::uint8_t configuration_version = 1;

bool contains(const std::vector<NodeId>& sorted, NodeId node) {
    return std::ranges::binary_search(sorted, node);
}

Result<void> check_list(const std::vector<NodeId>& nodes, const char* name) {
    if (nodes.size() > nodes_max) {
        return Error{Errc::invalid,
                     std::string(name) + ": " + std::to_string(nodes.size()) +
                         " nodes, want at most " + std::to_string(nodes_max)};
    }
    if (std::ranges::adjacent_find(nodes, std::greater_equal<>{}) != nodes.end()) {
        return Error{Errc::invalid, std::string(name) + ": not strictly ascending"};
    }
    return {};
}

Result<void> check_quorum(std::uint32_t quorum, std::size_t voter_count) {
    if (quorum < quorum_min(voter_count) || quorum > voter_count) {
        return Error{Errc::invalid,
                     "quorum " + std::to_string(quorum) + " of " + std::to_string(voter_count) +
                         ", want " + std::to_string(quorum_min(voter_count)) + " to " +
                         std::to_string(voter_count)};
    }
    return {};
}

void write_list(Writer& out, const std::vector<NodeId>& nodes) {
    out.u16(static_cast<std::uint16_t>(nodes.size()));
    for (const NodeId node : nodes)
        out.u32(node);
}

std::vector<NodeId> read_list(Reader& in) {
    const std::size_t count = std::min<std::size_t>(in.u16(), nodes_max + 1);
    std::vector<NodeId> nodes;
    for (std::size_t i = 0; i < count; ++i)
        nodes.push_back(in.u32());
    return nodes;
}

}  // namespace

std::uint32_t liars_max(std::size_t voter_count) {
    return voter_count == 0 ? 0 : static_cast<std::uint32_t>((voter_count - 1) / 3);
}

std::uint32_t quorum_min(std::size_t voter_count) {
    if (voter_count == 0) return 0;
    return static_cast<std::uint32_t>((voter_count + liars_max(voter_count) + 2) / 2);
}

bool Configuration::is_voter(NodeId node) const {
    return contains(voters, node) || contains(voters_outgoing, node);
}

bool Configuration::is_member(NodeId node) const {
    return is_voter(node) || contains(learners, node);
}

std::vector<NodeId> Configuration::members() const {
    std::vector<NodeId> all = voters;
    all.insert(all.end(), voters_outgoing.begin(), voters_outgoing.end());
    all.insert(all.end(), learners.begin(), learners.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

Configuration simple_configuration(std::vector<NodeId> voters) {
    std::ranges::sort(voters);
    Configuration configuration;
    configuration.quorum = quorum_min(voters.size());
    configuration.voters = std::move(voters);
    return configuration;
}

Result<void> check_configuration(const Configuration& configuration) {
    const Configuration& c = configuration;
    if (c.voters.empty()) return Error{Errc::invalid, "configuration without voters"};
    if (auto ok = check_list(c.voters, "voters"); !ok) return ok;
    if (auto ok = check_list(c.voters_outgoing, "outgoing voters"); !ok) return ok;
    if (auto ok = check_list(c.learners, "learners"); !ok) return ok;
    if (auto ok = check_quorum(c.quorum, c.voters.size()); !ok) return ok;
    if (auto ok = check_quorum(c.quorum_outgoing, c.voters_outgoing.size()); !ok) return ok;
    for (const NodeId learner : c.learners) {
        if (contains(c.voters, learner)) {
            return Error{Errc::invalid, "node " + std::to_string(learner) + " learns and votes"};
        }
    }
    return {};
}

Result<void> check_successor(const Configuration& current, const Configuration& next) {
    if (auto ok = check_configuration(next); !ok) return ok;
    const bool keeps_voters = next.voters == current.voters && next.quorum == current.quorum;
    if (current.is_joint()) {
        if (!next.is_joint() && keeps_voters) return {};
        return Error{Errc::invalid, "a joint configuration ends in its incoming half only"};
    }
    if (!next.is_joint()) {
        if (keeps_voters) return {};
        return Error{Errc::invalid, "other voters or quorum without a joint configuration"};
    }
    if (next.voters_outgoing == current.voters && next.quorum_outgoing == current.quorum) return {};
    return Error{Errc::invalid, "the outgoing half is not the present configuration"};
}

Bytes encode_configuration(const Configuration& configuration) {
    Writer out;
    out.u8(configuration_version).u32(configuration.quorum).u32(configuration.quorum_outgoing);
    write_list(out, configuration.voters);
    write_list(out, configuration.voters_outgoing);
    write_list(out, configuration.learners);
    return out.take();
}

Result<Configuration> decode_configuration(ByteView payload) {
    Reader in(payload);
    if (const std::uint8_t version = in.u8(); version != configuration_version) {
        return Error{Errc::invalid, "configuration format " + std::to_string(version) + ", want 1"};
    }
    Configuration configuration;
    configuration.quorum = in.u32();
    configuration.quorum_outgoing = in.u32();
    configuration.voters = read_list(in);
    configuration.voters_outgoing = read_list(in);
    configuration.learners = read_list(in);
    if (!in.finished()) return Error{Errc::invalid, "configuration of a wrong length"};
    if (auto ok = check_configuration(configuration); !ok) return ok.error();
    return configuration;
}

}  // namespace chancery::raft
