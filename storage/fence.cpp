#include "storage/fence.h"

#include <algorithm>
#include <string_view>

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"
#include "storage/crash_point.h"

namespace chancery::storage {
namespace {

constexpr std::string_view magic = "CHANFENC";
constexpr std::uint32_t fence_format = 1;
constexpr std::size_t slot_bytes = 4096;
constexpr std::size_t origin_bytes_max = 1024;

Error corrupt_fence(const std::string& detail) { return corrupt_at(fence_path, detail); }

struct Slot {
    std::uint64_t sequence = 0;
    FenceRecord record;
};

Bytes encode(const Slot& slot) {
    const FenceRecord& record = slot.record;
    const CosignedRecord cosigned = record.cosigned.value_or(CosignedRecord{});
    CHECK(cosigned.origin.size() <= origin_bytes_max);
    Writer out;
    out.text(magic).u32(fence_format).u64(slot.sequence);
    out.bytes(record.identity.network).u32(record.identity.node).u32(record.identity.epoch);
    out.u64(record.vote.term).u8(record.vote.candidate ? 1 : 0);
    out.u32(record.vote.candidate.value_or(0));
    out.u64(record.end.place).bytes(record.end.chain);
    out.u8(record.cosigned ? 1 : 0).u64(cosigned.height).u64(cosigned.index);
    out.bytes(cosigned.chain).u64(cosigned.size).bytes(cosigned.root);
    out.u16(static_cast<std::uint16_t>(cosigned.origin.size())).text(cosigned.origin);
    out.bytes(sha256(out.written()));
    Bytes bytes = out.take();
    bytes.resize(slot_bytes);
    return bytes;
}

// nullopt if the slot is not whole. Errc::corrupt for a newer format.
Result<std::optional<Slot>> parse(ByteView bytes) {
    Reader in(bytes);
    const std::string_view begin = text_of(in.bytes(magic.size()));
    const std::uint32_t format = in.u32();
    Slot slot;
    slot.sequence = in.u64();
    FenceRecord& record = slot.record;
    record.identity.network = in.array<32>();
    record.identity.node = in.u32();
    record.identity.epoch = in.u32();
    record.vote.term = in.u64();
    const std::uint8_t named = in.u8();
    const raft::NodeId candidate = in.u32();
    record.end.place = in.u64();
    record.end.chain = in.array<32>();
    const std::uint8_t has_cosigned = in.u8();
    CosignedRecord cosigned;
    cosigned.height = in.u64();
    cosigned.index = in.u64();
    cosigned.chain = in.array<32>();
    cosigned.size = in.u64();
    cosigned.root = in.array<32>();
    cosigned.origin = text_of(in.bytes(in.u16()));
    const std::size_t covered = bytes.size() - in.rest().size();
    const Hash hash = in.array<32>();
    const bool is_padded =
        std::ranges::all_of(in.rest(), [](std::uint8_t byte) { return byte == 0; });
    if (begin != magic || in.ran_short() || !is_padded || hash != sha256(bytes.first(covered)) ||
        named > 1 || has_cosigned > 1 || cosigned.origin.size() > origin_bytes_max) {
        return std::optional<Slot>();
    }
    if (format != fence_format) {
        return corrupt_fence("format " + std::to_string(format) + ", this program knows " +
                             std::to_string(fence_format) + " and left it unchanged");
    }
    if (named == 1) record.vote.candidate = candidate;
    if (has_cosigned == 1) record.cosigned = std::move(cosigned);
    return std::optional<Slot>(std::move(slot));
}

// Of a newer format only the front is known: enough to tell it from damage.
bool is_newer(ByteView bytes) {
    Reader in(bytes);
    const bool is_fence = text_of(in.bytes(magic.size())) == magic;
    const std::uint32_t format = in.u32();
    return is_fence && format > fence_format && format < 0x1'0000;
}

}  // namespace

FenceRecord fence_record(const Journal& journal) {
    return {journal.identity(), journal.vote(), journal.durable_end(), journal.cosigned()};
}

Result<Fence> Fence::create(Disk& disk, const FenceRecord& record) {
    auto file = disk.open(fence_path, Disk::Open::create_new, true);
    if (!file) return file.error();
    Fence fence(std::move(*file), record, 0);
    if (auto done = fence.write(record); !done) return done.error();
    if (auto done = fence.file_->sync(); !done) return done.error();
    if (auto done = disk.sync_directory(""); !done) return done.error();
    return fence;
}

Result<Fence> Fence::open(Disk& disk, const JournalIdentity& identity) {
    auto file = disk.open(fence_path, Disk::Open::existing, true);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    if (*size != 2 * slot_bytes) {
        return corrupt_fence("has " + std::to_string(*size) + " bytes, want " +
                             std::to_string(2 * slot_bytes));
    }
    std::optional<Slot> newest;
    std::size_t whole_slots = 0;
    for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{slot_bytes}}) {
        const auto bytes = (*file)->read_at(offset, slot_bytes);
        if (!bytes) return bytes.error();
        if (is_newer(*bytes)) return corrupt_fence("a later format, which was left unchanged");
        auto slot = parse(*bytes);
        if (!slot) return slot.error();
        if (!*slot) continue;
        const bool is_same = newest && newest->sequence == (*slot)->sequence;
        if (!newest || is_same) ++whole_slots;
        if (!newest || newest->sequence < (*slot)->sequence) newest = std::move(*slot);
    }
    if (!newest) return corrupt_fence("both copies fail their check");
    const JournalIdentity& got = newest->record.identity;
    if (got.network != identity.network) return corrupt_fence("belongs to another network");
    if (got.node != identity.node || got.epoch != identity.epoch) {
        return corrupt_fence("belongs to node " + std::to_string(got.node) + " in epoch " +
                             std::to_string(got.epoch) + ", want node " +
                             std::to_string(identity.node) + " in epoch " +
                             std::to_string(identity.epoch) + " as node.json says");
    }
    Fence fence(std::move(*file), newest->record, newest->sequence);
    if (whole_slots < 2) {
        // From here on one slot alone may fail again.
        if (auto done = fence.write(newest->record); !done) return done.error();
    }
    return fence;
}

Result<void> Fence::write(const FenceRecord& record) {
    const Bytes bytes = encode({++sequence_, record});
    if (auto done = file_->write_at(0, bytes); !done) return done;
    crash_point(CrashPoint::fence_half_written);
    if (auto done = file_->write_at(slot_bytes, bytes); !done) return done;
    crash_point(CrashPoint::fence_written);
    record_ = record;
    return {};
}

Result<void> check_against_fence(const Recovered& recovered, const FenceRecord& fence) {
    const auto refused = [](const std::string& what) {
        return Error{Errc::corrupt, "journal: knows less than the fence: " + what};
    };
    const raft::Vote& vote = recovered.vote;
    if (vote.term < fence.vote.term) {
        return refused("its last vote is of term " + std::to_string(vote.term) +
                       ", the fence saw term " + std::to_string(fence.vote.term));
    }
    if (vote.term == fence.vote.term && fence.vote.candidate && vote != fence.vote) {
        return refused("its vote of term " + std::to_string(vote.term) + " is another");
    }
    if (!fence.cosigned) return {};
    if (!recovered.cosigned || recovered.cosigned->height < fence.cosigned->height) {
        return refused("it cosigned nothing at height " + std::to_string(fence.cosigned->height));
    }
    if (recovered.cosigned->height == fence.cosigned->height &&
        recovered.cosigned != fence.cosigned) {
        return refused("it cosigned something else at height " +
                       std::to_string(fence.cosigned->height));
    }
    return {};
}

Result<void> write_turn(Journal& journal, Fence& fence, const Turn& turn) {
    const std::uint32_t segment = journal.segment_number();
    if (auto done = journal.write(turn); !done) return done;
    if (!turn.vote && segment == journal.segment_number()) return {};
    if (turn.vote) crash_point(CrashPoint::vote_kept);
    return fence.write(fence_record(journal));
}

}  // namespace chancery::storage
