#include "storage/journal_reader.h"

#include <algorithm>
#include <map>

#include "storage/checksum.h"

namespace chancery::storage {
namespace {

// Room for a segment's header and its first record, which is a base with a configuration at most.
constexpr std::size_t first_bytes = std::size_t{16} * 1024;
// Small ones: a frame between nodes has room for as many.
constexpr std::size_t entries_max = 768;

// Gathers entries in the order of the records: one at an earlier index replaces what it follows.
class Gathering {
public:
    Gathering(raft::Index after, std::uint64_t bytes_max) : after_(after), bytes_max_(bytes_max) {}

    // True once there is enough.
    Result<bool> add(const ScannedRecord& record) {
        if (record.type == RecordType::base) {
            const auto base = parse_base(record.payload);
            if (!base) return base.error();
            if (base->at.id.index == after_) previous_ = base->at;
        }
        if (record.type == RecordType::entry) {
            auto entry = parse_entry(record.payload);
            if (!entry) return entry.error();
            add(std::move(*entry));
        }
        if (record.type != RecordType::sealed) return false;
        auto sealed = parse_sealed(record.payload);
        if (!sealed) return sealed.error();
        if (sealed->index <= after_ || !entries_.contains(sealed->index)) return false;
        seals_.insert_or_assign(sealed->index, std::move(*sealed));
        return bytes_ >= bytes_max_ || entries_.size() >= entries_max;
    }

    Result<JournalPiece> finish() && {
        if (!previous_) return Error{Errc::not_found, "the journal begins later"};
        JournalPiece piece;
        piece.previous = *previous_;
        for (auto& [index, sealed] : seals_)
            piece.seals.push_back(std::move(sealed));
        const raft::Index last = piece.seals.empty() ? after_ : piece.seals.back().index;
        for (auto& [index, entry] : entries_) {
            if (index <= last) piece.entries.push_back(std::move(entry));
        }
        return piece;
    }

private:
    void add(raft::Entry entry) {
        const raft::Index index = entry.id.index;
        for (auto old = entries_.lower_bound(index); old != entries_.end();) {
            bytes_ -= old->second.payload->size();
            old = entries_.erase(old);
        }
        if (index == after_) previous_ = {entry.id, entry.chain};
        if (index <= after_) return;
        bytes_ += entry.payload->size();
        entries_.emplace(index, std::move(entry));
    }

    raft::Index after_;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
    std::optional<raft::Base> previous_;
    std::map<raft::Index, raft::Entry> entries_;
    std::map<raft::Index, SealedRecord> seals_;
};

// One segment's turns, up to the first that fails; true once there is enough.
Result<bool> gather(ByteView segment, std::uint32_t number, Gathering& gathering) {
    SegmentScan scan(segment, number);
    bool is_enough = false;
    for (auto turn = scan.next(); !is_enough; turn = scan.next()) {
        if (!turn) return turn.error();
        if (!*turn) break;
        for (const ScannedRecord& record : (*turn)->records) {
            const auto added = gathering.add(record);
            if (!added) return added.error();
            is_enough = is_enough || *added;
        }
    }
    return is_enough;
}

}  // namespace

Result<raft::Index> JournalReader::base_of(std::uint32_t number) const {
    const std::string path = SegmentFiles::path_of(number);
    const auto file = disk_->open(path, Disk::Open::existing);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(*size, first_bytes));
    const auto bytes = (*file)->read_at(0, count);
    if (!bytes) return bytes.error();
    const auto cut = [&path] {
        return Error{Errc::corrupt, path + ": does not begin with a base"};
    };
    if (bytes->size() < block_bytes + record_header_bytes) return cut();
    const ByteView record = ByteView(*bytes).subspan(block_bytes);
    const Hash start = chain_start(ByteView(*bytes).first(block_bytes));
    const auto header = parse_record_header(record, crc_of(start));
    const bool is_base = header && header->type == static_cast<std::uint8_t>(RecordType::base) &&
                         header->length <= record.size() - record_header_bytes;
    if (!is_base) return cut();
    const auto base = parse_base(record.subspan(record_header_bytes, header->length));
    if (!base) return base.error();
    return base->at.id.index;
}

// The newest segment that begins at or before the place.
Result<std::uint32_t> JournalReader::segment_before(raft::Index after) const {
    const auto numbers = files_.list();
    if (!numbers) return numbers.error();
    std::optional<std::uint32_t> found;
    for (const std::uint32_t number : *numbers) {
        const auto base = base_of(number);
        if (!base) return base.error();
        if (*base <= after) found = number;
    }
    if (!found) return Error{Errc::not_found, "the journal begins later"};
    return *found;
}

Result<std::uint32_t> JournalReader::newest() const {
    const auto numbers = files_.list();
    if (!numbers) return numbers.error();
    if (numbers->empty()) return Error{Errc::not_found, "there is no journal"};
    return numbers->back();
}

// The segment that is being written is read anew each time.
Result<const JournalReader::Segment*> JournalReader::load(std::uint32_t number, bool is_last) {
    if (!segment_ || segment_->number != number || is_last) {
        auto loaded = files_.load(number);
        if (!loaded) return loaded.error();
        segment_ = Segment{number, std::move(loaded->bytes)};
    }
    return &*segment_;
}

Result<JournalPiece> JournalReader::read(raft::Index after, std::uint64_t bytes_max) {
    const auto first = segment_before(after);
    if (!first) return first.error();
    const auto last = newest();
    if (!last) return last.error();
    Gathering gathering(after, bytes_max);
    for (std::uint32_t number = *first; number <= *last; ++number) {
        const auto segment = load(number, number == *last);
        if (!segment) return segment.error();
        const auto is_enough = gather((*segment)->bytes, number, gathering);
        if (!is_enough) return is_enough.error();
        if (*is_enough) break;
    }
    return std::move(gathering).finish();
}

}  // namespace chancery::storage
