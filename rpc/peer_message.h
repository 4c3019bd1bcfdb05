// What the nodes of one network say to one another: the core's messages with what travels beside
// them, cosignatures, what each remembers of the others, batches on their way to the leader.
//
// Plain values. The bytes are rpc/peer_frame's; who said it is the link's word (its TLS
// certificate), never the frame's alone. Nothing in here was verified when it arrives: votes,
// certificates, cosignatures and seals are checked by whoever acts on them.
// Source: PROTOCOL.md, Inside a network.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "consensus/raft/message.h"
#include "crypto/note/signed_note.h"

namespace chancery::rpc {

// Of one frame; a frame beyond any of these is refused, and the link with it.
inline constexpr std::size_t peer_frame_bytes_max = std::size_t{5} * 1024 * 1024;
// Of one journal entry: what came in a frame also fits one that goes, with seals and certificate.
inline constexpr std::size_t peer_payload_bytes_max = std::size_t{9} * 512 * 1024;
inline constexpr std::size_t peer_entries_max = 1'024;  // Journal entries, and seals.
inline constexpr std::size_t peer_detail_bytes_max = 512;
inline constexpr std::size_t peer_content_bytes_max = std::size_t{64} * 1024;

// The seal of the block at `index` of the sender's journal; index 0: of size 0.
struct Seal {
    raft::Index index = 0;
    std::string checkpoint;  // The signed note.
    bool operator==(const Seal&) const = default;
};

struct RaftMessage {
    raft::Body body;
    // Beside an Append: of the blocks in it and of the one before them, as far as the sender has
    // them; rising by index.
    std::vector<Seal> seals;
    bool operator==(const RaftMessage&) const = default;
};

// One member's cosignature over the head after the block at `index`.
struct Cosignature {
    raft::Index index = 0;
    std::uint64_t size = 0;
    note::SignatureLine line;
    bool operator==(const Cosignature&) const = default;
};

// "What is the newest that you hold from me?" A started node's first words; `number` is repeated in
// the answer.
struct MemoryRequest {
    std::uint64_t number = 0;
    bool operator==(const MemoryRequest&) const = default;
};

// The newest acknowledgement, vote and cosignature that the sender holds from the receiver.
struct Memory {
    struct Acknowledged {
        raft::Term term = 0;
        raft::Index index = 0;
        Hash chain{};
        bool operator==(const Acknowledged&) const = default;
    };
    struct Cosigned {
        std::uint64_t height = 0;
        raft::Index index = 0;
        Hash chain{};
        std::uint64_t size = 0;
        Hash root{};
        bool operator==(const Cosigned&) const = default;
    };
    std::uint64_t number = 0;
    std::optional<Acknowledged> acknowledged;
    std::optional<raft::Vote> vote;
    std::optional<Cosigned> cosigned;
    bool operator==(const Memory&) const = default;
};

// Journal entries for a node that lost its own or hears no leader: those after `after`, whose chain
// is `chain`.
struct JournalRequest {
    raft::Index after = 0;
    Hash chain{};
    bool operator==(const JournalRequest&) const = default;
};

struct JournalEntries {
    raft::Index after = 0;  // As in the request.
    std::vector<raft::Entry> entries;
    std::vector<Seal> seals;  // Of those that are blocks, as far as the sender has them.
    bool operator==(const JournalEntries&) const = default;
};

// A batch that the sender was given; it keeps it until it sees it sealed.
struct ForwardedBatch {
    std::uint64_t ticket = 0;  // The sender's.
    std::shared_ptr<const Bytes> bulk;
    bool operator==(const ForwardedBatch& other) const {
        return ticket == other.ticket && *bulk == *other.bulk;
    }
};

// The receiver's batch was not taken; sealed ones are never answered, their block says it.
struct ForwardRefusal {
    std::uint64_t ticket = 0;
    Error refusal;  // Errc::invalid, forbidden, conflict or unavailable.
    bool operator==(const ForwardRefusal&) const = default;
};

// Content of a publication, ahead of the batch or block that names it, or asked for.
struct Content {
    std::shared_ptr<const Bytes> bytes;
    bool operator==(const Content& other) const { return *bytes == *other.bytes; }
};

struct ContentRequest {
    Hash hash{};
    bool operator==(const ContentRequest&) const = default;
};

using PeerBody = std::variant<RaftMessage,
                              Cosignature,
                              Seal,
                              MemoryRequest,
                              Memory,
                              JournalRequest,
                              JournalEntries,
                              ForwardedBatch,
                              ForwardRefusal,
                              Content,
                              ContentRequest>;

struct PeerMessage {
    Hash network{};
    std::uint32_t epoch = 1;
    raft::NodeId sender = 0;
    raft::Term term = 0;  // The sender's.
    PeerBody body;
    bool operator==(const PeerMessage&) const = default;
};

struct PeerEnvelope {
    raft::NodeId to = 0;
    PeerMessage message;
    bool operator==(const PeerEnvelope&) const = default;
};

}  // namespace chancery::rpc
