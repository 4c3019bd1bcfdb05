#include "node/peer_gate.h"

#include "consensus/raft/message.h"

namespace chancery::node {
namespace {

constexpr std::size_t message_bytes = 256;

raft::Message core_message(const rpc::PeerMessage& message, raft::Body body) {
    return {message.network, message.epoch, message.term, std::move(body)};
}

std::size_t weight_of(const std::vector<raft::Entry>& entries,
                      const std::vector<rpc::Seal>& seals) {
    std::size_t bytes = message_bytes;
    for (const raft::Entry& entry : entries)
        bytes += message_bytes + entry.payload->size();
    for (const rpc::Seal& seal : seals)
        bytes += message_bytes + seal.checkpoint.size();
    return bytes;
}

}  // namespace

Result<void> check_signatures(const rpc::PeerMessage& message, const raft::NodeKeys& keys) {
    if (const auto* const raft = std::get_if<rpc::RaftMessage>(&message.body)) {
        return raft::verify_signatures(core_message(message, raft->body), keys);
    }
    const auto* const journal = std::get_if<rpc::JournalEntries>(&message.body);
    if (journal == nullptr) return {};
    raft::Append append;
    append.entries = journal->entries;
    return raft::verify_signatures(core_message(message, std::move(append)), keys);
}

std::size_t weight_of(const rpc::PeerMessage& message) {
    if (const auto* const raft = std::get_if<rpc::RaftMessage>(&message.body)) {
        const auto* const append = std::get_if<raft::Append>(&raft->body);
        if (append != nullptr) return weight_of(append->entries, raft->seals);
    }
    if (const auto* const journal = std::get_if<rpc::JournalEntries>(&message.body)) {
        return weight_of(journal->entries, journal->seals);
    }
    if (const auto* const forwarded = std::get_if<rpc::ForwardedBatch>(&message.body)) {
        return message_bytes + forwarded->bulk->size();
    }
    if (const auto* const content = std::get_if<rpc::Content>(&message.body)) {
        return message_bytes + content->bytes->size();
    }
    return message_bytes;
}

}  // namespace chancery::node
