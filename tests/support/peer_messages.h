// Messages between nodes, one of each kind and with every part filled.
#pragma once

#include <string>
#include <vector>

#include "crypto/hash/sha256.h"
#include "rpc/peer_message.h"
#include "tests/support/filled_hash.h"

namespace chancery::test {

inline std::shared_ptr<const Bytes> shared_bytes_of(std::string_view text) {
    const ByteView bytes = bytes_of(text);
    return std::make_shared<const Bytes>(bytes.begin(), bytes.end());
}

inline raft::SignedVote some_vote(raft::NodeId voter) {
    raft::SignedVote vote;
    vote.ballot.network = filled(0xa1);
    vote.ballot.epoch = 2;
    vote.ballot.term = 7;
    vote.ballot.candidate = 3;
    vote.ballot.head = {6, 41};
    vote.ballot.chain = filled(0xc3);
    vote.voter = voter;
    vote.signature.fill(static_cast<std::uint8_t>(voter));
    return vote;
}

inline raft::Certificate some_certificate(raft::NodeId voters) {
    raft::Certificate certificate;
    certificate.ballot = some_vote(1).ballot;
    for (raft::NodeId voter = 1; voter <= voters; ++voter)
        certificate.votes[voter] = some_vote(voter).signature;
    return certificate;
}

inline raft::Entry some_entry(raft::Index index, raft::EntryKind kind, std::string_view payload) {
    raft::Entry entry;
    entry.id = {7, index};
    entry.kind = kind;
    entry.payload = shared_bytes_of(payload);
    entry.chain = filled(static_cast<std::uint8_t>(index));
    return entry;
}

inline std::vector<raft::Entry> some_entries() {
    return {some_entry(42, raft::EntryKind::no_op, "a certificate"),
            some_entry(43, raft::EntryKind::block, std::string(300, 'b')),
            some_entry(44, raft::EntryKind::configuration, "")};
}

inline std::vector<rpc::Seal> some_seals() {
    return {rpc::Seal{41, "registry.example/test\n1\nroot\n"}, rpc::Seal{43, "\u00fc"}};
}

inline std::vector<raft::Body> every_raft_body() {
    const raft::EntryId head{6, 41};
    return {raft::PreVoteRequest{8, head},
            raft::PreVoteReply{8, true},
            raft::PreVoteReply{8, false},
            raft::VoteRequest{head, filled(0xc3)},
            raft::VoteReply{some_vote(2)},
            raft::VoteReply{std::nullopt},
            raft::Append{head, filled(0xc3), some_entries(), 41, some_certificate(4)},
            raft::Append{},
            raft::Heartbeat{head, filled(0xc3), 99, some_certificate(64)},
            raft::Heartbeat{},
            raft::HeartbeatReply{99, 43, 1'767'225'600'000},
            raft::Ack{43, filled(0xc4), raft::Claim{12, 345, filled(0xe5)}, 41},
            raft::Refusal{raft::Refusal::Reason::stale, 0, {}, {}},
            raft::Refusal{raft::Refusal::Reason::conflict, 42, {5, 40}, {7, 44}}};
}

inline std::vector<rpc::PeerBody> every_other_body() {
    rpc::Memory memory;
    memory.number = 5;
    rpc::Memory full = memory;
    full.acknowledged = rpc::Memory::Acknowledged{7, 43, filled(0xc4)};
    full.vote = raft::Vote{7, 0};
    full.cosigned = rpc::Memory::Cosigned{12, 43, filled(0xc4), 345, filled(0xe5)};
    rpc::Memory half = memory;
    half.vote = raft::Vote{0, std::nullopt};
    return {rpc::Cosignature{43, 345, {"uni-a/cosigner", {1, 2, 3, 4}, Bytes(72, 9)}},
            rpc::Seal{43, "registry.example/test\n345\nroot\n"},
            rpc::MemoryRequest{5},
            memory,
            full,
            half,
            rpc::JournalRequest{40, filled(0xc0)},
            rpc::JournalEntries{40, some_entries(), some_seals()},
            rpc::JournalEntries{},
            rpc::ForwardedBatch{6, shared_bytes_of("a batch in its bulk form")},
            rpc::ForwardRefusal{6, Error{Errc::invalid, "batch without entries"}},
            rpc::ForwardRefusal{6, Error{Errc::unavailable, ""}},
            rpc::Content{shared_bytes_of("content")},
            rpc::Content{shared_bytes_of("")},
            rpc::ContentRequest{filled(0xd4)}};
}

inline rpc::PeerMessage from_node(raft::NodeId sender, rpc::PeerBody body) {
    rpc::PeerMessage message;
    message.network = filled(0xa1);
    message.epoch = 2;
    message.sender = sender;
    message.term = 7;
    message.body = std::move(body);
    return message;
}

inline std::vector<rpc::PeerMessage> every_message() {
    std::vector<rpc::PeerMessage> messages;
    for (const raft::Body& body : every_raft_body()) {
        messages.push_back(from_node(3, rpc::RaftMessage{body, {}}));
        messages.push_back(from_node(3, rpc::RaftMessage{body, some_seals()}));
    }
    for (const rpc::PeerBody& body : every_other_body())
        messages.push_back(from_node(3, body));
    return messages;
}

}  // namespace chancery::test
