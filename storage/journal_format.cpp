#include "storage/journal_format.h"

#include <algorithm>
#include <string_view>

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"
#include "storage/checksum.h"

namespace chancery::storage {
namespace {

constexpr std::string_view segment_magic{"CHANJNL\0", 8};
constexpr std::string_view record_magic = "CREC";
constexpr std::size_t fixed_bytes_max = 96;  // Of any record's payload before its tail.

void put_u32(Bytes& bytes, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * (3 - i)));
}

void put(Bytes& bytes, std::size_t offset, ByteView value) {
    std::ranges::copy(value, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

ByteView view_of(const std::shared_ptr<const Bytes>& bytes) {
    return bytes ? ByteView(*bytes) : ByteView();
}

std::shared_ptr<const Bytes> shared(ByteView bytes) {
    return std::make_shared<const Bytes>(bytes.begin(), bytes.end());
}

}  // namespace

Bytes encode(const SegmentHeader& header) {
    Writer out;
    out.text(segment_magic).u32(journal_format).u32(header.number).u64(header.bytes);
    out.bytes(header.identity.network).u32(header.identity.node).u32(header.identity.epoch);
    out.u64(header.previous_end).bytes(header.previous_chain);
    out.u32(crc_of(out.written()));
    Bytes block = out.take();
    CHECK(block.size() <= block_bytes);
    block.resize(block_bytes);
    return block;
}

Result<SegmentHeader> parse_segment_header(ByteView block) {
    Reader in(block);
    if (text_of(in.bytes(segment_magic.size())) != segment_magic) {
        return corrupt("does not begin as a journal segment does");
    }
    // Before the checksum: what a newer format is made of, only that format knows.
    const std::uint32_t format = in.u32();
    if (format > journal_format && format < 0x1'0000) {
        return corrupt("journal format " + std::to_string(format) + ", this program knows " +
                       std::to_string(journal_format) + " and left it unchanged");
    }
    SegmentHeader header;
    header.number = in.u32();
    header.bytes = in.u64();
    header.identity.network = in.array<32>();
    header.identity.node = in.u32();
    header.identity.epoch = in.u32();
    header.previous_end = in.u64();
    header.previous_chain = in.array<32>();
    const std::size_t covered = block.size() - in.rest().size();
    const std::uint32_t crc = in.u32();
    if (in.ran_short() || crc != crc_of(block.first(covered)) || format != journal_format) {
        return corrupt("the segment's header fails its check");
    }
    // Unused bytes are zero, so that no bit of a segment goes unchecked.
    if (std::ranges::any_of(in.rest(), [](std::uint8_t byte) { return byte != 0; })) {
        return corrupt("the segment's header is not followed by zeros");
    }
    return header;
}

Hash record_chain(const Hash& previous, ByteView head) {
    Writer out;
    out.bytes(previous).bytes(head);
    return sha256(out.written());
}

Hash chain_start(ByteView header_block) { return sha256(header_block); }

std::optional<RecordHeader> parse_record_header(ByteView bytes, std::uint32_t segment_crc) {
    if (bytes.size() < record_header_bytes) return std::nullopt;
    Reader in(bytes.first(record_header_bytes));
    if (text_of(in.bytes(record_magic.size())) != record_magic) return std::nullopt;
    RecordHeader header;
    header.type = in.u8();
    const std::uint8_t last = in.u8();
    const std::uint16_t unused = in.u16();
    header.length = in.u32();
    header.payload_crc = in.u32();
    header.place = in.u64();
    header.durable_upto = in.u64();
    header.chain = in.array<32>();
    const std::uint32_t crc = crc_of(bytes.first(record_header_bytes - 4), segment_crc);
    if (in.u32() != crc) return std::nullopt;
    if (last > 1 || unused != 0) return std::nullopt;
    header.is_last = last == 1;
    return header;
}

void TurnWriter::add(RecordType type, ByteView fixed, ByteView rest) {
    CHECK(fixed.size() + rest.size() < segment_bytes_max);
    begins_.push_back(bytes_.size());
    Writer head;
    head.text(record_magic).u8(static_cast<std::uint8_t>(type)).u8(0).u16(0);
    head.u32(static_cast<std::uint32_t>(fixed.size() + rest.size()));
    bytes_.insert(bytes_.end(), head.written().begin(), head.written().end());
    bytes_.resize(begins_.back() + record_header_bytes);
    bytes_.insert(bytes_.end(), fixed.begin(), fixed.end());
    bytes_.insert(bytes_.end(), rest.begin(), rest.end());
}

void TurnWriter::add(const raft::Vote& vote) {
    Writer out;
    out.u64(vote.term).u8(vote.candidate ? 1 : 0).u32(vote.candidate.value_or(0));
    add(RecordType::vote, out.written(), {});
}

void TurnWriter::add(const raft::Entry& entry) {
    Writer out;
    out.u64(entry.id.term).u64(entry.id.index).u8(static_cast<std::uint8_t>(entry.kind));
    out.bytes(entry.chain);
    add(RecordType::entry, out.written(), view_of(entry.payload));
}

void TurnWriter::add(const ContentRecord& content) {
    add(RecordType::content, content.hash, view_of(content.bytes));
}

void TurnWriter::add(const CosignedRecord& cosigned) {
    Writer out;
    out.u64(cosigned.height).u64(cosigned.index).bytes(cosigned.chain);
    out.u64(cosigned.size).bytes(cosigned.root);
    add(RecordType::cosigned, out.written(), bytes_of(cosigned.origin));
}

void TurnWriter::add(const SealedRecord& sealed) {
    Writer out;
    out.u64(sealed.height).u64(sealed.index).u64(sealed.size).bytes(sealed.root);
    add(RecordType::sealed, out.written(), bytes_of(sealed.checkpoint));
}

void TurnWriter::add(const ExpectedSeal& expected) {
    Writer out;
    out.u64(expected.size);
    add(RecordType::expected, out.written(), bytes_of(expected.checkpoint));
}

void TurnWriter::add(const JournalBase& base) {
    Writer out;
    out.u64(base.height).u64(base.at.id.term).u64(base.at.id.index).bytes(base.at.chain);
    out.u8(base.configuration ? 1 : 0);
    add(RecordType::base, out.written(), view_of(base.configuration));
}

void TurnWriter::add(const Carried& carried) {
    add(carried.base);
    if (carried.vote) add(*carried.vote);
    if (carried.cosigned) add(*carried.cosigned);
    if (carried.sealed) add(*carried.sealed);
    for (const ExpectedSeal& expected : carried.expected)
        add(expected);
}

void TurnWriter::add_marker() { add(RecordType::marker, {}, {}); }

TurnWriter::Finished TurnWriter::finish() {
    CHECK(!begins_.empty());
    Hash chain = start_.chain;
    for (std::size_t i = 0; i < begins_.size(); ++i) {
        const std::size_t begin = begins_[i];
        const bool is_last = i + 1 == begins_.size();
        const std::size_t end = is_last ? bytes_.size() : begins_[i + 1];
        const std::size_t payload = begin + record_header_bytes;
        if (is_last) bytes_[begin + 5] = 1;
        put_u32(bytes_, begin + 12, crc_of(ByteView(bytes_).subspan(payload, end - payload)));
        Writer places;
        places.u64(start_.place + begin).u64(start_.durable_upto);
        put(bytes_, begin + 16, places.written());
        chain = record_chain(chain, ByteView(bytes_).subspan(begin, record_head_bytes));
        put(bytes_, begin + record_head_bytes, chain);
        const ByteView covered = ByteView(bytes_).subspan(begin, record_header_bytes - 4);
        put_u32(bytes_, begin + record_header_bytes - 4, crc_of(covered, start_.segment_crc));
    }
    bytes_.resize(rounded_to_blocks(bytes_.size()));
    return {std::move(bytes_), chain};
}

std::uint64_t turn_bytes_max(const Turn& turn) {
    constexpr std::uint64_t each = record_header_bytes + fixed_bytes_max;
    std::uint64_t total = turn.vote ? each : 0;
    for (const ContentRecord& content : turn.contents)
        total += each + view_of(content.bytes).size();
    for (const raft::Entry& entry : turn.entries)
        total += each + view_of(entry.payload).size();
    for (const ExpectedSeal& expected : turn.expected)
        total += each + expected.checkpoint.size();
    if (turn.cosigned) total += each + turn.cosigned->origin.size();
    if (turn.sealed) total += each + turn.sealed->checkpoint.size();
    return rounded_to_blocks(total);
}

Result<raft::Vote> parse_vote(ByteView payload) {
    Reader in(payload);
    raft::Vote vote;
    vote.term = in.u64();
    const std::uint8_t named = in.u8();
    const raft::NodeId candidate = in.u32();
    if (!in.finished() || named > 1) return corrupt("a vote record of another form");
    if (named == 1) vote.candidate = candidate;
    return vote;
}

Result<raft::Entry> parse_entry(ByteView payload) {
    Reader in(payload);
    raft::Entry entry;
    entry.id.term = in.u64();
    entry.id.index = in.u64();
    const std::uint8_t kind = in.u8();
    entry.chain = in.array<32>();
    if (in.ran_short()) return corrupt("an entry record that ends early");
    if (kind < 1 || kind > 3) return corrupt("an entry of kind " + std::to_string(kind));
    entry.kind = static_cast<raft::EntryKind>(kind);
    entry.payload = shared(in.rest());
    return entry;
}

Result<ContentRecord> parse_content(ByteView payload) {
    Reader in(payload);
    ContentRecord content;
    content.hash = in.array<32>();
    if (in.ran_short()) return corrupt("a content record that ends early");
    content.bytes = shared(in.rest());
    return content;
}

Result<CosignedRecord> parse_cosigned(ByteView payload) {
    Reader in(payload);
    CosignedRecord cosigned;
    cosigned.height = in.u64();
    cosigned.index = in.u64();
    cosigned.chain = in.array<32>();
    cosigned.size = in.u64();
    cosigned.root = in.array<32>();
    if (in.ran_short()) return corrupt("a cosigned record that ends early");
    cosigned.origin = text_of(in.rest());
    return cosigned;
}

Result<SealedRecord> parse_sealed(ByteView payload) {
    Reader in(payload);
    SealedRecord sealed;
    sealed.height = in.u64();
    sealed.index = in.u64();
    sealed.size = in.u64();
    sealed.root = in.array<32>();
    if (in.ran_short()) return corrupt("a sealed record that ends early");
    sealed.checkpoint = text_of(in.rest());
    return sealed;
}

Result<ExpectedSeal> parse_expected(ByteView payload) {
    Reader in(payload);
    ExpectedSeal expected;
    expected.size = in.u64();
    if (in.ran_short()) return corrupt("an expected record that ends early");
    expected.checkpoint = text_of(in.rest());
    return expected;
}

Result<JournalBase> parse_base(ByteView payload) {
    Reader in(payload);
    JournalBase base;
    base.height = in.u64();
    base.at.id.term = in.u64();
    base.at.id.index = in.u64();
    base.at.chain = in.array<32>();
    const std::uint8_t configured = in.u8();
    if (in.ran_short() || configured > 1 || (configured == 0 && !in.rest().empty())) {
        return corrupt("a base record of another form");
    }
    if (configured == 1) base.configuration = shared(in.rest());
    return base;
}

}  // namespace chancery::storage
