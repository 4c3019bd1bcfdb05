// A block as the journal carries it: one time and the batches and acts proposed under it.
//
//     block = format u8 = 1 ‖ time u64 ‖ count u32 ‖ (type u8 ‖ length u32 ‖ bytes)*
//
// Type 1 is a batch in its bulk form, type 2 a governance act: signature[64] ‖ act. These bytes
// never leave the nodes; the public log has the entries they lead to.
// Source: PROTOCOL.md, Journal.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"

namespace chancery::registry {

enum class ItemType : std::uint8_t { batch = 1, act = 2 };

struct Item {
    ItemType type = ItemType::batch;
    ByteView bytes;  // Into the block's bytes.
};

struct Block {
    ledger::TimeMs time = 0;
    std::vector<Item> items;
};

// Errc::invalid for what does not parse; the block is then an empty one, never an error of ours.
// Views into `bytes`.
Result<Block> parse_block(ByteView bytes);

// Writes blocks item by item, so that the bytes are made once.
class BlockWriter {
public:
    explicit BlockWriter(ledger::TimeMs time);
    void add(ItemType type, ByteView bytes);  // CHECKs that the length fits 32 bits.
    std::uint32_t item_count() const { return item_count_; }
    std::size_t byte_count() const { return bytes_.size(); }
    Bytes finish();  // The writer is spent.

private:
    Bytes bytes_;
    std::uint32_t item_count_ = 0;
};

}  // namespace chancery::registry
