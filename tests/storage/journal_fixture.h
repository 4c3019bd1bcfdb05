// A journal on a disk in memory, and the entries that tests put into it.
#pragma once

#include <string>
#include <vector>

#include "storage/journal.h"
#include "tests/support/memory_disk.h"

namespace chancery::test {

inline storage::JournalIdentity identity() {
    storage::JournalIdentity identity;
    identity.network.fill(0x11);
    identity.node = 3;
    return identity;
}

inline storage::Journal::Options small_segments() {
    storage::Journal::Options options;
    options.segment_bytes = 64 * 1024;
    options.tail_bytes = 0;
    return options;
}

inline Hash hash_of(std::uint8_t byte) {
    Hash hash{};
    hash.fill(byte);
    return hash;
}

// Makes entries that follow one another.
class EntryChain {
public:
    explicit EntryChain(const Hash& network) : chains_{network} {}

    // The entry at `index`, which takes back what was made from there on.
    raft::Entry make(raft::Term term, raft::Index index, std::size_t bytes = 20) {
        chains_.resize(static_cast<std::size_t>(index));
        raft::Entry entry;
        entry.id = {term, index};
        entry.kind = raft::EntryKind::block;
        Bytes payload(bytes);
        for (std::size_t i = 0; i < bytes; ++i)
            payload[i] = static_cast<std::uint8_t>(index * 7 + term + i);
        entry.payload = std::make_shared<const Bytes>(std::move(payload));
        entry.chain = raft::chain_hash(chains_.back(), entry.id, entry.kind, *entry.payload);
        chains_.push_back(entry.chain);
        return entry;
    }
    raft::Entry next(raft::Term term, std::size_t bytes = 20) {
        return make(term, chains_.size(), bytes);
    }

private:
    std::vector<Hash> chains_;  // [i]: after entry i.
};

inline storage::Turn turn_of(std::vector<raft::Entry> entries, bool must_sync = true) {
    storage::Turn turn;
    turn.entries = std::move(entries);
    turn.must_sync = must_sync;
    return turn;
}

inline storage::CosignedRecord cosigned_at(std::uint64_t height) {
    storage::CosignedRecord record;
    record.height = height;
    record.index = height;
    record.chain = hash_of(0xc0);
    record.origin = "registry.example/europe";
    record.size = height * 10;
    record.root = hash_of(static_cast<std::uint8_t>(height));
    return record;
}

inline storage::SealedRecord sealed_at(std::uint64_t height) {
    storage::SealedRecord record;
    record.height = height;
    record.index = height;
    record.size = height * 10;
    record.root = hash_of(static_cast<std::uint8_t>(height));
    record.checkpoint = "a note of height " + std::to_string(height) + "\n";
    return record;
}

}  // namespace chancery::test
