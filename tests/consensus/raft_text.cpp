#include "tests/consensus/raft_text.h"

#include <array>

namespace chancery::raft {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string list(const std::vector<NodeId>& nodes) {
    std::string text;
    for (const NodeId node : nodes)
        text += (text.empty() ? "" : ",") + number(node);
    return text;
}

std::string list(const Certificate& certificate) {
    std::vector<NodeId> voters;
    for (const auto& [voter, signature] : certificate.votes)
        voters.push_back(voter);
    return list(voters);
}

std::string with(const std::optional<Certificate>& certificate) {
    return certificate ? " with votes of " + list(*certificate) : "";
}

std::string describe(const PreVoteRequest& m) {
    return "wanted " + number(m.wanted) + " head " + text_of(m.head);
}
std::string describe(const PreVoteReply& m) {
    return "wanted " + number(m.wanted) + (m.granted ? " granted" : " refused");
}
std::string describe(const VoteRequest& m) { return "head " + text_of(m.head); }
std::string describe(const VoteReply& m) {
    if (!m.vote) return "refused";
    return "for " + number(m.vote->ballot.candidate) + " head " + text_of(m.vote->ballot.head);
}
std::string describe(const Append& m) {
    std::string text = "after " + text_of(m.previous) + ":";
    for (const Entry& entry : m.entries)
        text += " [" + text_of(entry) + "]";
    if (m.sealed > 0) text += " sealed " + number(m.sealed);
    return text + with(m.certificate);
}
std::string describe(const Heartbeat& m) {
    return "head " + text_of(m.head) + " beat " + number(m.beat) + with(m.certificate);
}
std::string describe(const HeartbeatReply& m) {
    return "beat " + number(m.beat) + " taken " + number(m.taken);
}
std::string describe(const Ack& m) {
    return "index " + number(m.index) + " height " + number(m.claim.height) + " sealed " +
           number(m.sealed);
}
std::string describe(const Refusal& m) {
    constexpr std::array<const char*, 7> reasons{
        "?", "stale", "mismatch", "partial", "unsealed", "clock", "conflict"};
    return std::string(reasons.at(static_cast<std::size_t>(m.reason))) + " after " +
           number(m.previous) + " guess " + text_of(m.guess) + " last " + text_of(m.last);
}

}  // namespace

std::string text_of(EntryId id) { return number(id.term) + "/" + number(id.index); }

std::string text_of(const Entry& entry) {
    switch (entry.kind) {
        case EntryKind::no_op:
            return text_of(entry.id) + " no-op by " +
                   number(decode_certificate(*entry.payload)->ballot.candidate);
        case EntryKind::configuration:
            return text_of(entry.id) + " " + text_of(*decode_configuration(*entry.payload));
        case EntryKind::block:
            break;
    }
    const std::string_view text = chancery::text_of(*entry.payload);
    const bool is_long = text.size() > 20;
    return text_of(entry.id) + " \"" + std::string(text.substr(0, 20)) + (is_long ? "…" : "") +
           "\"";
}

std::string text_of(const Vote& vote) {
    const std::string candidate = vote.candidate ? number(*vote.candidate) : "nobody";
    return "term " + number(vote.term) + " for " + candidate;
}

std::string text_of(const Message& message) {
    const std::string body = std::visit([](const auto& m) { return describe(m); }, message.body);
    return name_of(message.body) + " term " + number(message.term) + " " + body;
}

std::string text_of(const Evidence& evidence) {
    std::string text = std::string("evidence against ") + number(evidence.from) + ": " +
                       std::string(name_of(evidence.kind));
    if (evidence.ours) text += ", ours " + text_of(*evidence.ours);
    if (evidence.theirs) text += ", theirs " + text_of(*evidence.theirs);
    return text;
}

std::string text_of(const RoleChange& change) {
    const std::string leader = change.leader ? " of leader " + number(*change.leader) : "";
    return name_of(change.role) + leader + " in term " + number(change.term);
}

std::string text_of(const Configuration& configuration) {
    std::string text =
        "voters " + list(configuration.voters) + " quorum " + number(configuration.quorum);
    if (configuration.is_joint()) {
        text += " outgoing " + list(configuration.voters_outgoing) + " quorum " +
                number(configuration.quorum_outgoing);
    }
    if (!configuration.learners.empty()) text += " learners " + list(configuration.learners);
    return text;
}

std::string text_of(const Status& status) {
    std::string text = name_of(status.role) + " term " + number(status.term);
    if (status.leader) text += " leader " + number(*status.leader);
    text += " last " + text_of(status.last) + " taken " + number(status.taken) + " durable " +
            number(status.durable) + " committed " + number(status.committed) + " sealed " +
            number(status.sealed) + " cosigned " + number(status.cosigned);
    for (const PeerStatus& peer : status.peers) {
        text += " | " + number(peer.node) + (peer.is_probing ? " probing" : "") + " match " +
                number(peer.match) + " next " + number(peer.next);
        if (peer.needs_older) text += " needs older";
    }
    return text;
}

std::string name_of(Role role) {
    constexpr std::array<const char*, 4> names{"follower", "pre-candidate", "candidate", "leader"};
    return names.at(static_cast<std::size_t>(role));
}

std::string name_of(const Body& body) {
    constexpr std::array<const char*, 9> names{"PreVoteRequest",
                                               "PreVoteReply",
                                               "VoteRequest",
                                               "VoteReply",
                                               "Append",
                                               "Heartbeat",
                                               "HeartbeatReply",
                                               "Ack",
                                               "Refusal"};
    return names.at(body.index());
}

std::string name_of(Agreement agreement) {
    constexpr std::array<const char*, 4> names{"undecided", "agreed", "outvoted", "impossible"};
    return names.at(static_cast<std::size_t>(agreement));
}

}  // namespace chancery::raft
