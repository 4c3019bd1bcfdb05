#include <gtest/gtest.h>

#include "crypto/hash/keccak256.h"
#include "tests/support/vectors.h"

namespace chancery {
namespace {

std::string hex_of_hash(std::string_view message) { return to_hex(keccak256(bytes_of(message))); }

TEST(Keccak256, GivesThePublishedHashes) {
    EXPECT_EQ(hex_of_hash(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    EXPECT_EQ(hex_of_hash("abc"),
              "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    EXPECT_EQ(hex_of_hash("The quick brown fox jumps over the lazy dog"),
              "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15");
}

// 135, 136 and 137 bytes are where the padding fills, overflows and begins a block.
TEST(Keccak256, AgreesWithEthersAtEachLengthUpToBeyondTwoBlocks) {
    const json::Value file = test::vector_json("evm/evm.json");
    const json::Array& hashes = test::array_at(file, "keccak");
    ASSERT_EQ(hashes.size(), 280U);
    for (std::size_t count = 0; count < hashes.size(); ++count) {
        Bytes message(count);
        for (std::size_t at = 0; at < count; ++at) {
            message[at] = static_cast<std::uint8_t>(at * 7 + count);
        }
        EXPECT_EQ(to_hex(keccak256(message)), *hashes[count].as_string()) << count;
    }
}

}  // namespace
}  // namespace chancery
