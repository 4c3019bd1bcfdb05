// What one core tells another. The frame around it (lengths, compression, seals, cosignatures) is
// the driver's; network, epoch and the sender's term stand in every message.
//
// Source: Raft thesis figure 3.1, §9.6 (pre-vote); PROTOCOL.md, Journal.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "consensus/raft/certificate.h"
#include "consensus/raft/types.h"

namespace chancery::raft {

// Would you vote for me in `wanted`? Changes nothing at either end.
struct PreVoteRequest {
    Term wanted = 0;  // The sender's own term plus one.
    EntryId head;
    bool operator==(const PreVoteRequest&) const = default;
};

struct PreVoteReply {
    Term wanted = 0;  // Repeats the question.
    bool granted = false;
    bool operator==(const PreVoteReply&) const = default;
};

// Sign this ballot for (the message's term, the sender, this head).
struct VoteRequest {
    EntryId head;
    Hash chain{};
    bool operator==(const VoteRequest&) const = default;
};

struct VoteReply {
    std::optional<SignedVote> vote;  // None: refused.
    bool operator==(const VoteReply&) const = default;
};

// Entries that follow `previous` on the leader's journal, without a gap.
struct Append {
    EntryId previous;
    Hash previous_chain{};
    std::vector<Entry> entries;
    // The newest block of the leader's journal whose seal goes with this message: the driver puts
    // that seal beside the message, and the receiving driver lowers this to what it verified.
    Index sealed = 0;
    // Until the receiver has acknowledged the no-op of this term.
    std::optional<Certificate> certificate;
    bool operator==(const Append&) const = default;
};

struct Heartbeat {
    EntryId head;  // The leader's last entry; no claim that the receiver has it.
    Hash chain{};
    std::uint64_t beat = 0;                  // Counted by this leader.
    std::optional<Certificate> certificate;  // As in Append.
    bool operator==(const Heartbeat&) const = default;
};

struct HeartbeatReply {
    std::uint64_t beat = 0;  // Repeats the heartbeat's.
    Index taken = 0;         // How far the sender's journal agrees with this leader's; not durable.
    std::uint64_t clock_ms = 0;  // The driver writes it before sending; the core looks away.
    bool operator==(const HeartbeatReply&) const = default;
};

// In the message's term, the sender's journal is durable and applied up to here, on this chain.
// Goes to all members: each counts for itself.
struct Ack {
    Index index = 0;
    Hash chain{};
    Claim claim;       // Of the newest block at or before `index`.
    Index sealed = 0;  // The newest block that the sender knows to be sealed.
    bool operator==(const Ack&) const = default;
};

// Why an append, or a part of it, was not taken.
struct Refusal {
    enum class Reason : std::uint8_t {
        stale = 1,     // The receiver's term is higher: the message's term says which.
        mismatch = 2,  // The journals part before `previous`, or the receiver's ends before it.
        partial = 3,  // They part, and the append does not reach a no-op that may replace the rest.
        unsealed = 4,  // A block without the seal of the one before.
        clock = 5,     // A block from the future, by the receiver's clock.
        conflict = 6,  // Contradicts what is committed, cosigned, or was sent in the same term.
    };
    Reason reason = Reason::stale;
    Index previous = 0;  // `previous` of the append; the block for `clock`.
    EntryId guess;       // Mismatch: where the journals may agree, by term and index.
    EntryId last;        // The refusing journal's last entry.
    bool operator==(const Refusal&) const = default;
};

using Body = std::variant<PreVoteRequest,
                          PreVoteReply,
                          VoteRequest,
                          VoteReply,
                          Append,
                          Heartbeat,
                          HeartbeatReply,
                          Ack,
                          Refusal>;

struct Message {
    Hash network{};
    std::uint32_t epoch = 1;
    Term term = 0;  // The sender's, durable when this leaves.
    Body body;
    bool operator==(const Message&) const = default;
};

struct Envelope {
    NodeId to = 0;
    Message message;
    bool operator==(const Envelope&) const = default;
};

// Every signature that a message carries: a vote, a certificate, those inside no-ops. The driver
// calls it before Core::receive, which trusts it; Errc::forbidden or Errc::invalid.
Result<void> verify_signatures(const Message& message, const NodeKeys& keys);

}  // namespace chancery::raft
