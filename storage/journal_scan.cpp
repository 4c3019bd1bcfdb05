#include <algorithm>

#include "storage/checksum.h"
#include "storage/journal_format.h"

namespace chancery::storage {
SegmentScan::SegmentScan(ByteView segment, std::uint32_t number)
    : segment_(segment),
      number_(number),
      chain_(chain_start(segment.first(block_bytes))),
      segment_crc_(crc_of(chain_)) {}

// A header of this segment that stands where it says it does, with its payload inside the file.
std::optional<RecordHeader> SegmentScan::header_at(std::uint64_t offset) const {
    if (offset + record_header_bytes > segment_.size()) return std::nullopt;
    const auto header = parse_record_header(segment_.subspan(offset), segment_crc_);
    if (!header || header->place != place_of(number_, offset)) return std::nullopt;
    if (header->length > segment_.size() - offset - record_header_bytes) return std::nullopt;
    return header;
}

Result<std::optional<ScannedTurn>> SegmentScan::next() {
    ScannedTurn turn;
    turn.begin = end();
    turn.chain = chain_;
    std::uint64_t offset = offset_;
    bool is_last = false;
    while (!is_last) {
        const auto header = header_at(offset);
        if (!header) return std::optional<ScannedTurn>();
        const ByteView head = segment_.subspan(offset, record_head_bytes);
        const ByteView payload = segment_.subspan(offset + record_header_bytes, header->length);
        turn.chain = record_chain(turn.chain, head);
        if (header->chain != turn.chain || header->payload_crc != crc_of(payload)) {
            return std::optional<ScannedTurn>();
        }
        if (header->type < static_cast<std::uint8_t>(RecordType::vote) ||
            header->type > static_cast<std::uint8_t>(RecordType::expected)) {
            return Error{Errc::corrupt,
                         "record of unknown type " + std::to_string(header->type) + " at " +
                             std::to_string(offset)};
        }
        turn.records.push_back({static_cast<RecordType>(header->type), payload});
        turn.durable_upto = header->durable_upto;
        offset += record_header_bytes + header->length;
        is_last = header->is_last;
    }
    const std::uint64_t padded =
        std::min<std::uint64_t>(rounded_to_blocks(offset), segment_.size());
    const ByteView padding = segment_.subspan(offset, padded - offset);
    if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) {
        return std::optional<ScannedTurn>();
    }
    offset_ = padded;
    chain_ = turn.chain;
    turn.end = end();
    return std::optional<ScannedTurn>(std::move(turn));
}

Place SegmentScan::durable_evidence() const {
    Place highest = 0;
    for (std::uint64_t offset = offset_; offset < segment_.size(); offset += block_bytes) {
        if (const auto header = header_at(offset))
            highest = std::max(highest, header->durable_upto);
    }
    return highest;
}

std::uint64_t SegmentScan::torn_bytes() const {
    std::uint64_t reach = offset_;
    for (std::uint64_t offset = offset_; offset < segment_.size(); offset += block_bytes) {
        if (const auto header = header_at(offset)) {
            reach = std::max(reach, offset + record_header_bytes + header->length);
        }
    }
    return rounded_to_blocks(reach) - offset_;
}

}  // namespace chancery::storage
