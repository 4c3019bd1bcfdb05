#include "consensus/raft/message.h"

namespace chancery::raft {
namespace {

Result<void> verify_append(const Append& append, const NodeKeys& keys) {
    if (append.certificate) {
        if (auto verified = verify_votes(*append.certificate, keys); !verified) return verified;
    }
    for (const Entry& entry : append.entries) {
        if (entry.kind != EntryKind::no_op) continue;
        if (!entry.payload) return Error{Errc::invalid, "no-op without a payload"};
        const Result<Certificate> certificate = decode_certificate(*entry.payload);
        if (!certificate) return certificate.error();
        if (append.certificate == *certificate) continue;
        if (auto verified = verify_votes(*certificate, keys); !verified) return verified;
    }
    return {};
}

}  // namespace

Result<void> verify_signatures(const Message& message, const NodeKeys& keys) {
    if (const auto* append = std::get_if<Append>(&message.body)) {
        return verify_append(*append, keys);
    }
    if (const auto* heartbeat = std::get_if<Heartbeat>(&message.body)) {
        if (heartbeat->certificate) return verify_votes(*heartbeat->certificate, keys);
    }
    if (const auto* reply = std::get_if<VoteReply>(&message.body)) {
        if (reply->vote) return verify_vote(*reply->vote, keys);
    }
    return {};
}

}  // namespace chancery::raft
