#include "consensus/raft/certificate.h"

#include <set>
#include <string>

#include "consensus/raft/quorum.h"

namespace chancery::raft {
namespace {

constexpr std::uint8_t certificate_version = 1;

void write_after_network(Writer& out, const Ballot& ballot) {
    out.u32(ballot.epoch).u64(ballot.term).u32(ballot.candidate);
    out.u64(ballot.head.term).u64(ballot.head.index).bytes(ballot.chain);
}

Ballot read_ballot(Reader& in) {
    Ballot ballot;
    ballot.network = in.array<32>();
    ballot.epoch = in.u32();
    ballot.term = in.u64();
    ballot.candidate = in.u32();
    ballot.head.term = in.u64();
    ballot.head.index = in.u64();
    ballot.chain = in.array<32>();
    return ballot;
}

}  // namespace

Bytes vote_message(const Ballot& ballot) {
    Writer out;
    out.text("chancery/peer/v1").u8(0).bytes(ballot.network).text("vote").u8(0);
    write_after_network(out, ballot);
    return out.take();
}

Bytes encode_certificate(const Certificate& certificate) {
    CHECK(!certificate.votes.empty() && certificate.votes.size() <= nodes_max);
    Writer out;
    out.u8(certificate_version).bytes(certificate.ballot.network);
    write_after_network(out, certificate.ballot);
    out.u16(static_cast<std::uint16_t>(certificate.votes.size()));
    for (const auto& [voter, signature] : certificate.votes)
        out.u32(voter).bytes(signature);
    return out.take();
}

Result<Certificate> decode_certificate(ByteView payload) {
    Reader in(payload);
    if (const std::uint8_t version = in.u8(); version != certificate_version) {
        return Error{Errc::invalid, "certificate format " + std::to_string(version) + ", want 1"};
    }
    Certificate certificate;
    certificate.ballot = read_ballot(in);
    const std::size_t count = in.u16();
    if (count == 0 || count > nodes_max) {
        return Error{Errc::invalid,
                     "certificate of " + std::to_string(count) + " votes, want 1 to 64"};
    }
    for (std::size_t i = 0; i < count; ++i) {
        const NodeId voter = in.u32();
        const auto signature = in.array<64>();
        if (!certificate.votes.empty() && voter <= certificate.votes.rbegin()->first) {
            return Error{Errc::invalid, "certificate: voters not strictly ascending"};
        }
        certificate.votes.emplace(voter, signature);
    }
    if (!in.finished()) return Error{Errc::invalid, "certificate of a wrong length"};
    return certificate;
}

bool has_quorum(const Certificate& certificate, const Configuration& configuration) {
    std::set<NodeId> voters;
    for (const auto& [voter, signature] : certificate.votes)
        voters.insert(voter);
    return is_quorum(configuration, voters);
}

Result<void> verify_vote(const SignedVote& vote, const NodeKeys& keys) {
    const auto key = keys.find(vote.voter);
    if (key == keys.end()) {
        return Error{Errc::forbidden,
                     "vote of node " + std::to_string(vote.voter) + ": no key known"};
    }
    if (!key->second.verifies(vote_message(vote.ballot), vote.signature)) {
        return Error{Errc::forbidden,
                     "vote of node " + std::to_string(vote.voter) + ": bad signature"};
    }
    return {};
}

Result<void> verify_votes(const Certificate& certificate, const NodeKeys& keys) {
    for (const auto& [voter, signature] : certificate.votes) {
        const SignedVote vote{certificate.ballot, voter, signature};
        if (auto verified = verify_vote(vote, keys); !verified) return verified;
    }
    return {};
}

}  // namespace chancery::raft
