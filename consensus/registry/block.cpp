#include "consensus/registry/block.h"

#include <limits>

#include "crypto/base/check.h"

namespace chancery::registry {
namespace {

constexpr std::uint8_t block_format = 1;
constexpr std::size_t count_offset = 1 + 8;
constexpr std::size_t item_head_bytes = 1 + 4;

Error item_error(std::uint32_t item, const std::string& what) {
    return Error{Errc::invalid, "item " + std::to_string(item) + " of the block: " + what};
}

Result<Item> read_item(Reader& in, std::uint32_t number) {
    const std::uint8_t type = in.u8();
    const std::uint32_t length = in.u32();
    const std::size_t left = in.rest().size();
    const ByteView bytes = in.bytes(length);
    if (in.ran_short()) {
        return item_error(
            number,
            "cut off, want " + std::to_string(length) + " bytes, got " + std::to_string(left));
    }
    if (type != static_cast<std::uint8_t>(ItemType::batch) &&
        type != static_cast<std::uint8_t>(ItemType::act)) {
        return item_error(number, "type " + std::to_string(type) + ", want 1 or 2");
    }
    return Item{static_cast<ItemType>(type), bytes};
}

}  // namespace

Result<Block> parse_block(ByteView bytes) {
    Reader in(bytes);
    const std::uint8_t format = in.u8();
    Block block;
    block.time = in.u64();
    const std::uint32_t count = in.u32();
    if (in.ran_short()) {
        return Error{Errc::invalid,
                     "block of " + std::to_string(bytes.size()) + " bytes, want at least 13"};
    }
    if (format != block_format) {
        return Error{Errc::invalid, "block format " + std::to_string(format) + ", want 1"};
    }
    // Before anything is set aside for them: the count is a stranger's word.
    if (count > in.rest().size() / item_head_bytes) {
        return Error{Errc::invalid,
                     "block of " + std::to_string(count) + " items in " +
                         std::to_string(in.rest().size()) + " bytes"};
    }
    block.items.reserve(count);
    for (std::uint32_t number = 0; number < count; ++number) {
        const Result<Item> item = read_item(in, number);
        if (!item) return item.error();
        block.items.push_back(*item);
    }
    if (!in.finished()) {
        return Error{Errc::invalid,
                     std::to_string(in.rest().size()) + " bytes after the block's last item"};
    }
    return block;
}

BlockWriter::BlockWriter(ledger::TimeMs time) {
    Writer head;
    head.u8(block_format).u64(time).u32(0);
    bytes_ = head.take();
}

void BlockWriter::add(ItemType type, ByteView bytes) {
    CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
    Writer head;
    head.u8(static_cast<std::uint8_t>(type)).u32(static_cast<std::uint32_t>(bytes.size()));
    bytes_.insert(bytes_.end(), head.written().begin(), head.written().end());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    ++item_count_;
}

Bytes BlockWriter::finish() {
    Writer count;
    count.u32(item_count_);
    std::ranges::copy(count.written(), bytes_.begin() + count_offset);
    return std::move(bytes_);
}

}  // namespace chancery::registry
