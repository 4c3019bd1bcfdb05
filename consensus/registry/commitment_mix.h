// Where a (member, commitment) falls in a hash table.
//
// Whoever submits chooses the 32 bytes, so the mix is keyed with what nobody knew when they were
// made. It decides the speed of a table and never what is found in it.
#pragma once

#include <cstring>

#include "crypto/base/bytes.h"
#include "crypto/ledger/entry.h"

namespace chancery::registry {

class CommitmentMix {
public:
    explicit CommitmentMix(const Hash& key) : first_(word_at(key, 0)), second_(word_at(key, 8)) {}

    // Two rounds of a 64-bit finaliser; odd constants from the golden ratio and from e.
    std::uint64_t operator()(ledger::MemberNumber member, const Hash& commitment) const {
        std::uint64_t mixed = (word_at(commitment, 0) ^ first_) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 32;
        mixed = (mixed + (word_at(commitment, 8) ^ second_) + member) * 0xB7E151628AED2A6B;
        return mixed ^ mixed >> 29;
    }

private:
    static std::uint64_t word_at(const Hash& hash, std::size_t offset) {
        std::uint64_t word = 0;
        std::memcpy(&word, hash.data() + offset, sizeof(word));
        return word;
    }

    std::uint64_t first_;
    std::uint64_t second_;
};

}  // namespace chancery::registry
