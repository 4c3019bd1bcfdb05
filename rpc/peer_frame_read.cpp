#include <algorithm>
#include <string>
#include <utility>

#include "consensus/raft/certificate.h"
#include "rpc/peer.pb.h"
#include "rpc/peer_frame_wire.h"

namespace chancery::rpc {
namespace {

// Reads on after something wrong, which is told at the end: the first of all.
class WireReader {
public:
    PeerMessage message(wire::Frame& frame);

    const std::optional<Error>& wrong() const { return wrong_; }

private:
    void refuse(std::string why) {
        if (!wrong_) wrong_ = invalid(std::move(why));
    }

    void limit(std::size_t got, std::size_t most, const char* what) {
        if (got <= most) return;
        refuse(what + (" of " + std::to_string(got)) + ", at most " + std::to_string(most));
    }

    template <std::size_t count>
    std::array<std::uint8_t, count> fixed(const std::string& bytes, const char* what) {
        std::array<std::uint8_t, count> value{};
        if (bytes.size() == count) {
            std::ranges::copy(bytes_of(bytes), value.begin());
        } else {
            refuse(what + (" of " + std::to_string(bytes.size())) + " bytes, want " +
                   std::to_string(count));
        }
        return value;
    }

    Hash hash(const std::string& bytes, const char* what) { return fixed<32>(bytes, what); }

    // Known numbers are 1 to `last`.
    template <typename Enum>
    Enum known(std::uint32_t number, Enum last, const char* what) {
        const auto most = static_cast<std::uint32_t>(last);
        if (number >= 1 && number <= most) return static_cast<Enum>(number);
        refuse("unknown " + (what + (" " + std::to_string(number))) + ", want 1 to " +
               std::to_string(most));
        return last;
    }

    std::optional<raft::Certificate> certificate(const std::string& bytes);
    std::optional<raft::SignedVote> vote(const std::string& bytes);
    Seal seal(wire::Seal& given);
    template <typename Seals>
    std::vector<Seal> seals(Seals& given);
    template <typename Entries>
    std::vector<raft::Entry> entries(Entries& given);
    raft::Body raft_body(wire::Raft& given);
    raft::Append append(wire::Append& body);
    raft::Heartbeat heartbeat(const wire::Heartbeat& body);
    raft::Ack ack(const wire::Ack& body);
    raft::Refusal refusal(const wire::Refusal& body);
    Cosignature cosignature(wire::Cosignature& body);
    Memory memory(const wire::Memory& body);
    JournalEntries journal_entries(wire::JournalEntries& body);
    ForwardRefusal forward_refusal(wire::ForwardRefusal& body);
    PeerBody body(wire::Frame& frame);

    std::optional<Error> wrong_;
};

std::shared_ptr<const Bytes> shared_bytes(const std::string& bytes) {
    const ByteView view = bytes_of(bytes);
    return std::make_shared<const Bytes>(view.begin(), view.end());
}

std::optional<raft::Certificate> WireReader::certificate(const std::string& bytes) {
    if (bytes.empty()) return std::nullopt;
    auto certificate = raft::decode_certificate(bytes_of(bytes));
    if (certificate) return std::move(*certificate);
    refuse(certificate.error().detail);
    return std::nullopt;
}

std::optional<raft::SignedVote> WireReader::vote(const std::string& bytes) {
    const auto of_one = certificate(bytes);
    if (!of_one) return std::nullopt;
    if (of_one->votes.size() != 1) {
        refuse("vote of " + std::to_string(of_one->votes.size()) + " voters, want 1");
        return std::nullopt;
    }
    const auto only = of_one->votes.begin();
    return raft::SignedVote{of_one->ballot, only->first, only->second};
}

Seal WireReader::seal(wire::Seal& given) {
    limit(given.checkpoint().size(), note::note_bytes_max, "bytes of a checkpoint");
    Seal seal;
    seal.index = given.index();
    seal.checkpoint = std::move(*given.mutable_checkpoint());
    return seal;
}

template <typename Seals>
std::vector<Seal> WireReader::seals(Seals& given) {
    limit(static_cast<std::size_t>(given.size()), peer_entries_max, "seals");
    std::vector<Seal> seals;
    for (wire::Seal& one : given)
        seals.push_back(seal(one));
    return seals;
}

template <typename Entries>
std::vector<raft::Entry> WireReader::entries(Entries& given) {
    limit(static_cast<std::size_t>(given.size()), peer_entries_max, "entries");
    std::vector<raft::Entry> entries;
    for (const wire::Entry& one : given) {
        limit(one.payload().size(), peer_payload_bytes_max, "payload");
        raft::Entry entry;
        entry.id = {one.term(), one.index()};
        entry.kind = known(one.kind(), raft::EntryKind::configuration, "entry kind");
        entry.payload = shared_bytes(one.payload());
        entry.chain = hash(one.chain(), "chain of an entry");
        entries.push_back(std::move(entry));
    }
    return entries;
}

raft::Append WireReader::append(wire::Append& body) {
    raft::Append append;
    append.previous = {body.previous_term(), body.previous_index()};
    append.previous_chain = hash(body.previous_chain(), "previous chain");
    append.entries = entries(*body.mutable_entries());
    append.sealed = body.sealed();
    append.certificate = certificate(body.certificate());
    return append;
}

raft::Heartbeat WireReader::heartbeat(const wire::Heartbeat& body) {
    raft::Heartbeat heartbeat;
    heartbeat.head = {body.head_term(), body.head_index()};
    heartbeat.chain = hash(body.chain(), "chain of a heartbeat");
    heartbeat.beat = body.beat();
    heartbeat.certificate = certificate(body.certificate());
    return heartbeat;
}

raft::Ack WireReader::ack(const wire::Ack& body) {
    raft::Ack ack;
    ack.index = body.index();
    ack.chain = hash(body.chain(), "chain of an ack");
    ack.claim.height = body.claim_height();
    ack.claim.size = body.claim_size();
    ack.claim.root = hash(body.claim_root(), "root of a claim");
    ack.sealed = body.sealed();
    return ack;
}

raft::Refusal WireReader::refusal(const wire::Refusal& body) {
    raft::Refusal refusal;
    refusal.reason = known(body.reason(), raft::Refusal::Reason::conflict, "refusal reason");
    refusal.previous = body.previous();
    refusal.guess = {body.guess_term(), body.guess_index()};
    refusal.last = {body.last_term(), body.last_index()};
    return refusal;
}

raft::Body WireReader::raft_body(wire::Raft& given) {
    switch (given.body_case()) {
        case wire::Raft::kPreVoteRequest: {
            const auto& body = given.pre_vote_request();
            return raft::PreVoteRequest{body.wanted(), {body.head_term(), body.head_index()}};
        }
        case wire::Raft::kPreVoteReply: {
            const auto& body = given.pre_vote_reply();
            return raft::PreVoteReply{body.wanted(), body.granted()};
        }
        case wire::Raft::kVoteRequest: {
            const auto& body = given.vote_request();
            return raft::VoteRequest{{body.head_term(), body.head_index()},
                                     hash(body.chain(), "chain of a head")};
        }
        case wire::Raft::kVoteReply:
            return raft::VoteReply{vote(given.vote_reply().vote())};
        case wire::Raft::kAppend:
            return append(*given.mutable_append());
        case wire::Raft::kHeartbeat:
            return heartbeat(given.heartbeat());
        case wire::Raft::kHeartbeatReply: {
            const auto& body = given.heartbeat_reply();
            return raft::HeartbeatReply{body.beat(), body.taken(), body.clock_ms()};
        }
        case wire::Raft::kAck:
            return ack(given.ack());
        case wire::Raft::kRefusal:
            return refusal(given.refusal());
        case wire::Raft::BODY_NOT_SET:
            break;
    }
    refuse("without a Raft message");
    return {};
}

// The line as a note would hold it.
Cosignature WireReader::cosignature(wire::Cosignature& body) {
    constexpr std::size_t frame_bytes = 6;  // Em dash, two spaces, line end.
    Cosignature cosignature;
    cosignature.index = body.index();
    cosignature.size = body.size();
    cosignature.line.name = std::move(*body.mutable_key_name());
    cosignature.line.id = fixed<4>(body.key_id(), "key id");
    const ByteView signature = bytes_of(body.signature());
    cosignature.line.signature.assign(signature.begin(), signature.end());
    const std::string& name = cosignature.line.name;
    const std::size_t base64_bytes = (cosignature.line.id.size() + signature.size() + 2) / 3 * 4;
    if (signature.empty()) refuse("cosignature without a signature");
    limit(frame_bytes + name.size() + base64_bytes, note::note_bytes_max, "signature line");
    if (!note::is_key_name(name)) refuse("cosignature with an impossible key name");
    return cosignature;
}

Memory WireReader::memory(const wire::Memory& body) {
    Memory memory;
    memory.number = body.number();
    if (body.has_acknowledged()) {
        const auto& given = body.acknowledged();
        memory.acknowledged = Memory::Acknowledged{
            given.term(), given.index(), hash(given.chain(), "chain of what was acknowledged")};
    }
    if (body.has_vote()) {
        memory.vote = raft::Vote{body.vote().term(), std::nullopt};
        if (body.vote().has_candidate()) memory.vote->candidate = body.vote().candidate();
    }
    if (body.has_cosigned()) {
        const auto& given = body.cosigned();
        Memory::Cosigned cosigned;
        cosigned.height = given.height();
        cosigned.index = given.index();
        cosigned.chain = hash(given.chain(), "chain of what was cosigned");
        cosigned.size = given.size();
        cosigned.root = hash(given.root(), "root of what was cosigned");
        memory.cosigned = cosigned;
    }
    return memory;
}

JournalEntries WireReader::journal_entries(wire::JournalEntries& body) {
    JournalEntries answer;
    answer.after = body.after();
    answer.entries = entries(*body.mutable_entries());
    answer.seals = seals(*body.mutable_seals());
    return answer;
}

ForwardRefusal WireReader::forward_refusal(wire::ForwardRefusal& body) {
    constexpr std::array codes = {
        Errc::invalid, Errc::forbidden, Errc::conflict, Errc::unavailable};
    ForwardRefusal refusal;
    refusal.ticket = body.ticket();
    if (body.code() >= 1 && body.code() <= codes.size()) {
        refusal.refusal.code = codes.at(body.code() - 1);
    } else {
        refuse("unknown refusal code " + std::to_string(body.code()) + ", want 1 to 4");
    }
    limit(body.detail().size(), peer_detail_bytes_max, "detail");
    refusal.refusal.detail = std::move(*body.mutable_detail());
    return refusal;
}

PeerBody WireReader::body(wire::Frame& frame) {
    switch (frame.body_case()) {
        case wire::Frame::kRaft: {
            RaftMessage message;
            message.body = raft_body(*frame.mutable_raft());
            message.seals = seals(*frame.mutable_raft()->mutable_seals());
            return message;
        }
        case wire::Frame::kCosignature:
            return cosignature(*frame.mutable_cosignature());
        case wire::Frame::kSeal:
            return seal(*frame.mutable_seal());
        case wire::Frame::kMemoryRequest:
            return MemoryRequest{frame.memory_request().number()};
        case wire::Frame::kMemory:
            return memory(frame.memory());
        case wire::Frame::kJournalRequest:
            return JournalRequest{frame.journal_request().after(),
                                  hash(frame.journal_request().chain(), "chain of a request")};
        case wire::Frame::kJournalEntries:
            return journal_entries(*frame.mutable_journal_entries());
        case wire::Frame::kForwardedBatch:
            return ForwardedBatch{frame.forwarded_batch().ticket(),
                                  shared_bytes(frame.forwarded_batch().bulk())};
        case wire::Frame::kForwardRefusal:
            return forward_refusal(*frame.mutable_forward_refusal());
        case wire::Frame::kContent:
            limit(frame.content().bytes().size(), peer_content_bytes_max, "content");
            return Content{shared_bytes(frame.content().bytes())};
        case wire::Frame::kContentRequest:
            return ContentRequest{hash(frame.content_request().hash(), "hash of content")};
        case wire::Frame::BODY_NOT_SET:
            break;
    }
    refuse("without a body");
    return {};
}

PeerMessage WireReader::message(wire::Frame& frame) {
    PeerMessage message;
    message.network = hash(frame.network(), "network id");
    message.epoch = frame.epoch();
    message.sender = frame.sender();
    message.term = frame.term();
    message.body = body(frame);
    return message;
}

}  // namespace

Result<PeerMessage> from_wire(wire::Frame frame) {
    WireReader reader;
    PeerMessage message = reader.message(frame);
    if (reader.wrong()) return *reader.wrong();
    return message;
}

}  // namespace chancery::rpc
