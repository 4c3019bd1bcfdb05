// The journal's and the fence's bytes, as a program made them that knows only what their headers
// say.
#include "tests/support/format_vectors.h"

#include "storage/fence.h"
#include "storage/journal_format.h"
#include "tests/support/memory_disk.h"

namespace chancery {
namespace {

using storage::RecordType;
using test::bytes_at;
using test::format_cases;
using test::hash_at;
using test::number_at;
using test::text_at;

std::shared_ptr<const Bytes> shared_at(const json::Value& object, std::string_view name) {
    return std::make_shared<const Bytes>(bytes_at(object, name));
}

Bytes in_blocks(Bytes bytes) {
    bytes.resize(storage::rounded_to_blocks(bytes.size()));
    return bytes;
}

storage::JournalIdentity identity_of(const json::Value& holder) {
    return {hash_at(holder, "network"),
            number_at<raft::NodeId>(holder, "node"),
            number_at<std::uint32_t>(holder, "epoch")};
}

raft::Vote vote_of(const json::Value& record) {
    return {number_at(record, "term"), test::optional_at<raft::NodeId>(record, "candidate")};
}

raft::Entry entry_of(const json::Value& record) {
    raft::Entry entry;
    entry.id = {number_at(record, "term"), number_at(record, "index")};
    entry.kind = static_cast<raft::EntryKind>(number_at(record, "kind"));
    entry.payload = shared_at(record, "bytes");
    entry.chain = hash_at(record, "chain");
    return entry;
}

storage::CosignedRecord cosigned_of(const json::Value& record) {
    return {number_at(record, "height"),
            number_at(record, "index"),
            hash_at(record, "chain"),
            text_at(record, "origin"),
            number_at(record, "size"),
            hash_at(record, "root")};
}

storage::SealedRecord sealed_of(const json::Value& record) {
    return {number_at(record, "height"),
            number_at(record, "index"),
            number_at(record, "size"),
            hash_at(record, "root"),
            text_at(record, "checkpoint")};
}

storage::ExpectedSeal expected_of(const json::Value& record) {
    return {number_at(record, "size"), text_at(record, "checkpoint")};
}

storage::JournalBase base_of(const json::Value& record) {
    storage::JournalBase base;
    base.at.id = {number_at(record, "term"), number_at(record, "index")};
    base.at.chain = hash_at(record, "chain");
    base.height = number_at(record, "height");
    const bool is_configured = !record.find("configuration")->is_null();
    if (is_configured) base.configuration = shared_at(record, "configuration");
    return base;
}

RecordType type_of(const json::Value& record) {
    return static_cast<RecordType>(number_at(record, "type"));
}

void add(const json::Value& record, storage::TurnWriter& writer) {
    switch (type_of(record)) {
        case RecordType::vote:
            return writer.add(vote_of(record));
        case RecordType::entry:
            return writer.add(entry_of(record));
        case RecordType::content:
            return writer.add(
                storage::ContentRecord{hash_at(record, "hash"), shared_at(record, "bytes")});
        case RecordType::cosigned:
            return writer.add(cosigned_of(record));
        case RecordType::sealed:
            return writer.add(sealed_of(record));
        case RecordType::base:
            return writer.add(base_of(record));
        case RecordType::expected:
            return writer.add(expected_of(record));
        case RecordType::marker:
            return writer.add_marker();
    }
    ADD_FAILURE() << "a record of type " << text_at(record, "type");
}

// What the payload reads as is what the case says.
void expect_reads(const json::Value& record, ByteView payload) {
    switch (type_of(record)) {
        case RecordType::vote:
            EXPECT_EQ(storage::parse_vote(payload).value(), vote_of(record));
            break;
        case RecordType::entry:
            EXPECT_EQ(storage::parse_entry(payload).value(), entry_of(record));
            break;
        case RecordType::content:
            EXPECT_EQ(storage::parse_content(payload)->hash, hash_at(record, "hash"));
            EXPECT_EQ(*storage::parse_content(payload)->bytes, bytes_at(record, "bytes"));
            break;
        case RecordType::cosigned:
            EXPECT_EQ(storage::parse_cosigned(payload).value(), cosigned_of(record));
            break;
        case RecordType::sealed:
            EXPECT_EQ(storage::parse_sealed(payload).value(), sealed_of(record));
            break;
        case RecordType::base: {
            const storage::JournalBase got = storage::parse_base(payload).value();
            const storage::JournalBase want = base_of(record);
            EXPECT_EQ(got.at, want.at);
            EXPECT_EQ(got.height, want.height);
            ASSERT_EQ(got.configuration == nullptr, want.configuration == nullptr);
            if (want.configuration) {
                EXPECT_EQ(*got.configuration, *want.configuration);
            }
            break;
        }
        case RecordType::expected:
            EXPECT_EQ(storage::parse_expected(payload).value(), expected_of(record));
            break;
        case RecordType::marker:
            EXPECT_TRUE(payload.empty());
            break;
    }
}

storage::SegmentHeader header_of(const json::Value& segment) {
    return {number_at<std::uint32_t>(segment, "number"),
            number_at(segment, "bytes_of_file"),
            identity_of(segment),
            number_at(segment, "previous_end"),
            hash_at(segment, "previous_chain")};
}

const json::Value& segment_named(const std::string& name) {
    for (const json::Value& segment : format_cases("segment"))
        if (text_at(segment, "name") == name) return segment;
    ADD_FAILURE() << "no segment named " << name;
    return format_cases("segment").front();
}

// A segment that holds this turn alone.
Bytes segment_with(const json::Value& turn) {
    Bytes file = storage::encode(header_of(segment_named(text_at(turn, "segment"))));
    const Bytes bytes = in_blocks(bytes_at(turn, "bytes"));
    file.insert(file.end(), bytes.begin(), bytes.end());
    return file;
}

TEST(FormatVectors, SegmentHeadersAreTheBytesOfTheirFormat) {
    for (const json::Value& segment : format_cases("segment")) {
        SCOPED_TRACE(text_at(segment, "name"));
        const Bytes block = storage::encode(header_of(segment));
        const Bytes front = bytes_at(segment, "bytes");
        EXPECT_EQ(to_hex(block), to_hex(in_blocks(front)));
        const auto parsed = storage::parse_segment_header(block);
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(*parsed, header_of(segment));
        for (std::size_t length = 0; length < front.size(); ++length)
            EXPECT_FALSE(storage::parse_segment_header(ByteView(block).first(length))) << length;
    }
}

TEST(FormatVectors, TurnsAreTheBytesOfTheirFormat) {
    for (const json::Value& turn : format_cases("turn")) {
        SCOPED_TRACE(text_at(turn, "name"));
        const storage::SegmentHeader header = header_of(segment_named(text_at(turn, "segment")));
        const Bytes block = storage::encode(header);
        const storage::SegmentScan empty(block, header.number);
        storage::TurnWriter writer(
            {.place = storage::place_of(header.number, number_at(turn, "offset")),
             .durable_upto = number_at(turn, "durable_upto"),
             .chain = storage::chain_start(block),
             .segment_crc = empty.segment_crc()});
        for (const json::Value& record : test::array_at(turn, "records"))
            add(record, writer);
        const storage::TurnWriter::Finished finished = writer.finish();
        EXPECT_EQ(to_hex(finished.bytes), to_hex(in_blocks(bytes_at(turn, "bytes"))));
        EXPECT_EQ(to_hex(finished.chain), text_at(turn, "chain"));
    }
}

TEST(FormatVectors, TurnsReadBackAsWhatTheyHold) {
    for (const json::Value& turn : format_cases("turn")) {
        SCOPED_TRACE(text_at(turn, "name"));
        const Bytes file = segment_with(turn);
        const auto number =
            number_at<std::uint32_t>(segment_named(text_at(turn, "segment")), "number");
        const auto scanned = storage::SegmentScan(file, number).next();
        ASSERT_TRUE(scanned && *scanned);
        EXPECT_EQ((*scanned)->durable_upto, number_at(turn, "durable_upto"));
        EXPECT_EQ(to_hex((*scanned)->chain), text_at(turn, "chain"));
        const json::Array& records = test::array_at(turn, "records");
        ASSERT_EQ((*scanned)->records.size(), records.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            const storage::ScannedRecord& record = (*scanned)->records[i];
            EXPECT_EQ(record.type, type_of(records[i]));
            EXPECT_EQ(to_hex(record.payload), text_at(records[i], "payload"));
            expect_reads(records[i], record.payload);
        }
    }
}

// What a crash may leave: the turn's beginning, and zeros or nothing after it.
TEST(FormatVectors, ATurnThatEndsEarlyIsNone) {
    for (const json::Value& turn : format_cases("turn")) {
        SCOPED_TRACE(text_at(turn, "name"));
        const Bytes file = segment_with(turn);
        const auto number =
            number_at<std::uint32_t>(segment_named(text_at(turn, "segment")), "number");
        const std::size_t end = storage::block_bytes + bytes_at(turn, "bytes").size();
        for (std::size_t length = storage::block_bytes; length < end; ++length) {
            Bytes torn(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
            const auto cut = storage::SegmentScan(torn, number).next();
            EXPECT_TRUE(cut && !*cut) << length;
            torn.resize(file.size());
            if (torn == file) continue;  // Its last bytes are zeros.
            const auto zeroed = storage::SegmentScan(torn, number).next();
            EXPECT_TRUE(zeroed && !*zeroed) << length;
        }
    }
}

storage::FenceRecord fence_of(const json::Value& fence) {
    storage::FenceRecord record;
    record.identity = identity_of(fence);
    record.vote = vote_of(fence);
    record.end = {number_at(fence, "place"), hash_at(fence, "chain")};
    const json::Value* cosigned = fence.find("cosigned");
    CHECK(cosigned != nullptr);
    if (!cosigned->is_null()) record.cosigned = cosigned_of(*cosigned);
    return record;
}

TEST(FormatVectors, FencesAreTheBytesOfTheirFormat) {
    for (const json::Value& fence : format_cases("fence")) {
        SCOPED_TRACE(text_at(fence, "name"));
        test::MemoryDisk disk;
        ASSERT_TRUE(storage::Fence::create(disk, fence_of(fence)));
        const std::string slot = to_hex(in_blocks(bytes_at(fence, "bytes")));
        EXPECT_EQ(to_hex(disk.bytes(storage::fence_path)), slot + slot);
        const auto opened = storage::Fence::open(disk, identity_of(fence));
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(opened->record(), fence_of(fence));
    }
}

TEST(FormatVectors, AFenceThatEndsEarlyIsRefused) {
    for (const json::Value& fence : format_cases("fence")) {
        SCOPED_TRACE(text_at(fence, "name"));
        const Bytes whole = bytes_at(fence, "bytes");
        for (std::size_t length = 0; length < whole.size(); ++length) {
            Bytes slot(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            slot.resize(storage::block_bytes);
            if (slot == in_blocks(whole)) continue;  // Its last bytes are zeros.
            test::MemoryDisk disk;
            ASSERT_TRUE(storage::Fence::create(disk, fence_of(fence)));
            Bytes& file = disk.bytes(storage::fence_path);
            std::ranges::copy(slot, file.begin());
            std::ranges::copy(slot, file.begin() + storage::block_bytes);
            const auto opened = storage::Fence::open(disk, identity_of(fence));
            ASSERT_FALSE(opened) << length;
            EXPECT_EQ(opened.error().code, Errc::corrupt) << length;
        }
    }
}

}  // namespace
}  // namespace chancery
