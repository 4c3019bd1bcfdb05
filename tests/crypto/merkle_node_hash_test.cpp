#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/merkle/node_hash.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::merkle {
namespace {

TEST(NodeHash, NamesTheEmptyTree) {
    EXPECT_EQ(to_base64(empty_root()), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

// The eight entries of the Certificate Transparency reference tree.
TEST(NodeHash, GivesThePublishedRootOfTheReferenceTree) {
    std::vector<Hash> leaves;
    for (const char* entry : {"",
                              "00",
                              "10",
                              "2021",
                              "3031",
                              "40414243",
                              "5051525354555657",
                              "606162636465666768696a6b6c6d6e6f"}) {
        leaves.push_back(leaf_hash(*from_hex(entry)));
    }
    EXPECT_EQ(to_hex(root_of(leaves)),
              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    EXPECT_EQ(to_hex(leaves.front()),
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(NodeHash, SeparatesLeavesFromNodes) {
    const Hash left = sha256(bytes_of("left"));
    const Hash right = sha256(bytes_of("right"));
    const Bytes both = Writer().bytes(left).bytes(right).take();
    EXPECT_EQ(leaf_hash(both), sha256(Writer().u8(0).bytes(both).written()));
    EXPECT_EQ(node_hash(left, right), sha256(Writer().u8(1).bytes(both).written()));
    EXPECT_NE(node_hash(left, right), node_hash(right, left));
}

TEST(LeafHashes, AreThoseOfEachEntry) {
    for (const std::size_t entry_bytes : {0U, 1U, 46U, 72U, 143U, 5000U, 65'535U}) {
        for (const std::size_t count : {0U, 1U, 3U, 4U, 5U, 21U}) {
            Bytes entries(entry_bytes * count);
            for (std::size_t i = 0; i < entries.size(); ++i)
                entries[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
            std::vector<Hash> got(count);
            leaf_hashes(entries, entry_bytes, got);
            for (std::size_t i = 0; i < count; ++i) {
                ASSERT_EQ(got[i],
                          leaf_hash(ByteView(entries).subspan(i * entry_bytes, entry_bytes)));
            }
        }
    }
}

TEST(LeafHashes, AreThoseOfEachEntryBeyondOneRun) {
    Bytes entries(46 * 3001);
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i] = static_cast<std::uint8_t>(i * 13 + i / 997);
    std::vector<Hash> got(3001);
    leaf_hashes(entries, 46, got);
    for (std::size_t i = 0; i < got.size(); ++i)
        ASSERT_EQ(got[i], leaf_hash(ByteView(entries).subspan(i * 46, 46))) << i;
}

TEST(NodeHashes, AreThoseOfEachPair) {
    const std::vector<Hash> children = oracle::some_leaves(514);
    for (const std::size_t count : {0U, 1U, 2U, 63U, 64U, 65U, 129U, 257U}) {
        std::vector<Hash> got(count);
        node_hashes(std::span(children).first(2 * count), got);
        for (std::size_t i = 0; i < count; ++i)
            ASSERT_EQ(got[i], oracle::node(children[2 * i], children[2 * i + 1]));
    }
}

TEST(NodeHashesDeathTest, RefusesAnotherNumberOfChildren) {
    const std::vector<Hash> children = oracle::some_leaves(3);
    std::vector<Hash> out(1);
    EXPECT_DEATH(node_hashes(children, out), "CHECK");
    EXPECT_DEATH(leaf_hashes(Bytes(45), 46, out), "CHECK");
}

TEST(RootOf, AgreesWithTheDefinition) {
    const std::vector<Hash> leaves = oracle::some_leaves(300);
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        const auto first = std::span(leaves).first(size);
        ASSERT_EQ(root_of(first), oracle::root(first)) << size;
    }
}

}  // namespace
}  // namespace chancery::merkle
