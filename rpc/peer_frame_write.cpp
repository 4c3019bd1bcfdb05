#include <algorithm>
#include <string>

#include "consensus/raft/certificate.h"
#include "rpc/peer.pb.h"
#include "rpc/peer_frame.h"
#include "rpc/peer_frame_wire.h"

namespace chancery::rpc {
namespace {

std::string text_from(ByteView bytes) { return std::string(text_of(bytes)); }

// The leader certificate of one vote.
std::string encode_vote(const raft::SignedVote& vote) {
    return text_from(raft::encode_certificate({vote.ballot, {{vote.voter, vote.signature}}}));
}

// Never in the middle of a character.
std::string cut(const std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

// What is none of the first three the receiver can only try again.
std::uint32_t code_of(Errc code) {
    if (code == Errc::invalid) return 1;
    if (code == Errc::forbidden) return 2;
    if (code == Errc::conflict) return 3;
    return 4;
}

void write(const Seal& seal, wire::Seal& out) {
    CHECK(seal.checkpoint.size() <= note::note_bytes_max);
    out.set_index(seal.index);
    out.set_checkpoint(seal.checkpoint);
}

template <typename Out>
void write_seals(const std::vector<Seal>& seals, Out& out) {
    CHECK(seals.size() <= peer_entries_max);
    for (const Seal& seal : seals)
        write(seal, *out.add_seals());
}

template <typename Out>
void write_entries(const std::vector<raft::Entry>& entries, Out& out) {
    CHECK(entries.size() <= peer_entries_max);
    for (const raft::Entry& entry : entries) {
        CHECK(entry.payload != nullptr && entry.payload->size() <= peer_payload_bytes_max);
        wire::Entry& written = *out.add_entries();
        written.set_term(entry.id.term);
        written.set_index(entry.id.index);
        written.set_kind(static_cast<std::uint32_t>(entry.kind));
        written.set_payload(text_from(*entry.payload));
        written.set_chain(text_from(entry.chain));
    }
}

void write(const raft::PreVoteRequest& body, wire::PreVoteRequest& out) {
    out.set_wanted(body.wanted);
    out.set_head_term(body.head.term);
    out.set_head_index(body.head.index);
}

void write(const raft::PreVoteReply& body, wire::PreVoteReply& out) {
    out.set_wanted(body.wanted);
    out.set_granted(body.granted);
}

void write(const raft::VoteRequest& body, wire::VoteRequest& out) {
    out.set_head_term(body.head.term);
    out.set_head_index(body.head.index);
    out.set_chain(text_from(body.chain));
}

void write(const raft::VoteReply& body, wire::VoteReply& out) {
    if (body.vote) out.set_vote(encode_vote(*body.vote));
}

void write(const raft::Append& body, wire::Append& out) {
    out.set_previous_term(body.previous.term);
    out.set_previous_index(body.previous.index);
    out.set_previous_chain(text_from(body.previous_chain));
    write_entries(body.entries, out);
    out.set_sealed(body.sealed);
    if (body.certificate)
        out.set_certificate(text_from(raft::encode_certificate(*body.certificate)));
}

void write(const raft::Heartbeat& body, wire::Heartbeat& out) {
    out.set_head_term(body.head.term);
    out.set_head_index(body.head.index);
    out.set_chain(text_from(body.chain));
    out.set_beat(body.beat);
    if (body.certificate)
        out.set_certificate(text_from(raft::encode_certificate(*body.certificate)));
}

void write(const raft::HeartbeatReply& body, wire::HeartbeatReply& out) {
    out.set_beat(body.beat);
    out.set_taken(body.taken);
    out.set_clock_ms(body.clock_ms);
}

void write(const raft::Ack& body, wire::Ack& out) {
    out.set_index(body.index);
    out.set_chain(text_from(body.chain));
    out.set_claim_height(body.claim.height);
    out.set_claim_size(body.claim.size);
    out.set_claim_root(text_from(body.claim.root));
    out.set_sealed(body.sealed);
}

void write(const raft::Refusal& body, wire::Refusal& out) {
    out.set_reason(static_cast<std::uint32_t>(body.reason));
    out.set_previous(body.previous);
    out.set_guess_term(body.guess.term);
    out.set_guess_index(body.guess.index);
    out.set_last_term(body.last.term);
    out.set_last_index(body.last.index);
}

// Which field of the oneof a body stands in.
struct RaftField {
    wire::Raft& out;

    void operator()(const raft::PreVoteRequest& body) {
        write(body, *out.mutable_pre_vote_request());
    }
    void operator()(const raft::PreVoteReply& body) { write(body, *out.mutable_pre_vote_reply()); }
    void operator()(const raft::VoteRequest& body) { write(body, *out.mutable_vote_request()); }
    void operator()(const raft::VoteReply& body) { write(body, *out.mutable_vote_reply()); }
    void operator()(const raft::Append& body) { write(body, *out.mutable_append()); }
    void operator()(const raft::Heartbeat& body) { write(body, *out.mutable_heartbeat()); }
    void operator()(const raft::HeartbeatReply& body) {
        write(body, *out.mutable_heartbeat_reply());
    }
    void operator()(const raft::Ack& body) { write(body, *out.mutable_ack()); }
    void operator()(const raft::Refusal& body) { write(body, *out.mutable_refusal()); }
};

void write(const RaftMessage& body, wire::Raft& out) {
    std::visit(RaftField{out}, body.body);
    write_seals(body.seals, out);
}

void write(const Cosignature& body, wire::Cosignature& out) {
    out.set_index(body.index);
    out.set_size(body.size);
    out.set_key_name(body.line.name);
    out.set_key_id(text_from(body.line.id));
    out.set_signature(text_from(body.line.signature));
}

void write(const Memory& body, wire::Memory& out) {
    out.set_number(body.number);
    if (body.acknowledged) {
        wire::Memory_Acknowledged& written = *out.mutable_acknowledged();
        written.set_term(body.acknowledged->term);
        written.set_index(body.acknowledged->index);
        written.set_chain(text_from(body.acknowledged->chain));
    }
    if (body.vote) {
        out.mutable_vote()->set_term(body.vote->term);
        if (body.vote->candidate) out.mutable_vote()->set_candidate(*body.vote->candidate);
    }
    if (body.cosigned) {
        wire::Memory_Cosigned& written = *out.mutable_cosigned();
        written.set_height(body.cosigned->height);
        written.set_index(body.cosigned->index);
        written.set_chain(text_from(body.cosigned->chain));
        written.set_size(body.cosigned->size);
        written.set_root(text_from(body.cosigned->root));
    }
}

struct FrameField {
    wire::Frame& out;

    void operator()(const RaftMessage& body) { write(body, *out.mutable_raft()); }
    void operator()(const Cosignature& body) { write(body, *out.mutable_cosignature()); }
    void operator()(const Seal& body) { write(body, *out.mutable_seal()); }
    void operator()(const MemoryRequest& body) {
        out.mutable_memory_request()->set_number(body.number);
    }
    void operator()(const Memory& body) { write(body, *out.mutable_memory()); }
    void operator()(const JournalRequest& body) {
        out.mutable_journal_request()->set_after(body.after);
        out.mutable_journal_request()->set_chain(text_from(body.chain));
    }
    void operator()(const JournalEntries& body) {
        out.mutable_journal_entries()->set_after(body.after);
        write_entries(body.entries, *out.mutable_journal_entries());
        write_seals(body.seals, *out.mutable_journal_entries());
    }
    void operator()(const ForwardedBatch& body) {
        CHECK(body.bulk != nullptr);
        out.mutable_forwarded_batch()->set_ticket(body.ticket);
        out.mutable_forwarded_batch()->set_bulk(text_from(*body.bulk));
    }
    void operator()(const ForwardRefusal& body) {
        out.mutable_forward_refusal()->set_ticket(body.ticket);
        out.mutable_forward_refusal()->set_code(code_of(body.refusal.code));
        out.mutable_forward_refusal()->set_detail(cut(body.refusal.detail, peer_detail_bytes_max));
    }
    void operator()(const Content& body) {
        CHECK(body.bytes != nullptr && body.bytes->size() <= peer_content_bytes_max);
        out.mutable_content()->set_bytes(text_from(*body.bytes));
    }
    void operator()(const ContentRequest& body) {
        out.mutable_content_request()->set_hash(text_from(body.hash));
    }
};

}  // namespace

wire::Frame to_wire(const PeerMessage& message) {
    wire::Frame frame;
    frame.set_version(peer_frame_version);
    frame.set_network(text_from(message.network));
    frame.set_epoch(message.epoch);
    frame.set_sender(message.sender);
    frame.set_term(message.term);
    std::visit(FrameField{frame}, message.body);
    return frame;
}

}  // namespace chancery::rpc
