#include <random>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/blockcerts/document.h"
#include "crypto/blockcerts/merkle_proof.h"
#include "crypto/hash/sha256.h"
#include "tests/support/vectors.h"

namespace chancery::blockcerts {
namespace {

using test::array_at;
using test::text_at;
using test::unhex32;

// Made and verified by others' software: tests/vectors/blockcerts.
const json::Value& golden() {
    static const json::Value file = test::vector_json("blockcerts/merkle-proof-2019.json");
    return file;
}

std::vector<Hash> golden_leaves() {
    std::vector<Hash> leaves;
    for (const json::Value& leaf : array_at(golden(), "leaf_sha256"))
        leaves.push_back(unhex32(*leaf.as_string()));
    return leaves;
}

MerkleProof a_proof(std::size_t leaves = 4, std::size_t index = 1) {
    std::vector<Hash> hashes;
    for (std::size_t i = 0; i < leaves; ++i)
        hashes.push_back(sha256(bytes_of(std::to_string(i))));
    const SideTree tree(hashes);
    return {.root = tree.root(),
            .target = hashes[index],
            .path = tree.path(index),
            .network = 11'155'111,
            .transaction = Hash{7}};
}

TEST(BlockcertsDocument, HasTheHashesRootAndProofOfTheGoldenFile) {
    const std::vector<Hash> leaves = golden_leaves();
    const json::Array& documents = array_at(golden(), "docs");
    ASSERT_EQ(documents.size(), 4U);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto hash = target_hash(documents[i]);
        ASSERT_TRUE(hash) << hash.error().detail;
        EXPECT_EQ(*hash, leaves[i]);
    }
    const SideTree tree(leaves);
    const json::Value& wanted = *golden().find("proofValueJSON");
    EXPECT_EQ(to_hex(tree.root()), text_at(wanted, "merkleRoot"));
    const std::string anchor = *array_at(wanted, "anchors").front().as_string();
    const MerkleProof proof{.root = tree.root(),
                            .target = leaves[1],
                            .path = tree.path(1),
                            .network = 11'155'111,
                            .transaction = unhex32(anchor.substr(anchor.rfind(':') + 1))};
    EXPECT_EQ(to_proof_value(proof), text_at(golden(), "proofValue"));
    EXPECT_EQ(*parse_proof_value(text_at(golden(), "proofValue")), proof);
    const auto checked = check_document(*golden().find("signed"));
    ASSERT_TRUE(checked) << checked.error().detail;
    EXPECT_EQ(*checked, proof);
    const ProofFields fields{text_at(*golden().find("signed")->find("proof"), "verificationMethod"),
                             text_at(*golden().find("signed")->find("proof"), "created")};
    EXPECT_EQ(with_proof(documents[1], proof, fields), *golden().find("signed"));
}

TEST(BlockcertsDocument, AnyChangeOfItIsFoundOut) {
    const json::Value whole = *golden().find("signed");
    const auto said = [](const json::Value& document) {
        const auto checked = check_document(document);
        return checked ? "good" : std::string(name_of(checked.error().code));
    };
    json::Value altered = whole;
    altered.set("name", "Teamwork 2");
    EXPECT_EQ(said(altered), "forbidden");
    altered = whole;
    altered.set("grade", "A");  // Means nothing, so that no hash could cover it.
    EXPECT_EQ(said(altered), "invalid");
    altered = whole;
    altered.erase("proof");
    EXPECT_EQ(said(altered), "invalid");
    altered = whole;
    altered.set("proof", json::Array{*whole.find("proof"), *whole.find("proof")});
    EXPECT_EQ(said(altered), "invalid");
    altered = whole;
    altered.find("proof")->set("cryptosuite", "eddsa-rdfc-2022");
    EXPECT_EQ(said(altered), "invalid");
    MerkleProof proof = *check_document(whole);
    proof.path.front().sibling[5] ^= 1;
    altered = whole;
    altered.find("proof")->set("proofValue", to_proof_value(proof));
    EXPECT_EQ(said(altered), "forbidden");
    EXPECT_EQ(said(whole), "good");
}

TEST(BlockcertsDocument, TheProfileIsThatOfTheGoldenFile) {
    // anvil's well-known account 0.
    const auto key = keys::EvmKey::from_secret(
        unhex32("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
    ASSERT_TRUE(key);
    const Profile profile{.url = "https://127.0.0.1:18080/issuer.json",
                          .name = "Example U",
                          .home = "https://127.0.0.1:18080",
                          .created = "2020-01-01T00:00:00Z"};
    EXPECT_EQ(profile_of(profile, *key), *golden().find("issuerProfile"));
}

TEST(SideTree, EachPathLeadsToTheRootWhateverTheNumberOfLeaves) {
    for (std::size_t count = 1; count <= 40; ++count) {
        std::vector<Hash> leaves;
        for (std::size_t i = 0; i < count; ++i)
            leaves.push_back(sha256(bytes_of(std::to_string(i))));
        const SideTree tree(leaves);
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_EQ(root_from_path(leaves[i], tree.path(i)), tree.root());
            if (count == 1) continue;
            EXPECT_NE(root_from_path(leaves[(i + 1) % count], tree.path(i)), tree.root());
        }
    }
}

TEST(MerkleProof2019, IsReadAsItWasWritten) {
    for (std::size_t count : {1U, 2U, 3U, 7U, 300U}) {
        MerkleProof proof = a_proof(count, count - 1);
        for (const std::uint32_t network : {0U, 1U, 23U, 24U, 255U, 256U, 65'536U, 0xffff'ffffU}) {
            proof.network = network;
            EXPECT_EQ(*parse_proof_value(to_proof_value(proof)), proof);
        }
    }
}

TEST(MerkleProof2019, HasALimit) {
    MerkleProof proof = a_proof();
    proof.path.assign(path_length_max, {true, Hash{1}});
    EXPECT_EQ(*parse_proof_value(to_proof_value(proof)), proof);
    EXPECT_FALSE(parse_proof_value("z" + std::string(2'000, '2')));
}

TEST(MerkleProof2019, RefusesEachShorterAndEachLongerForm) {
    const auto bytes = from_long_base58(to_proof_value(a_proof()).substr(1));
    ASSERT_TRUE(bytes);
    for (std::size_t length = 0; length < bytes->size(); ++length)
        EXPECT_FALSE(parse_proof_value("z" + to_base58(ByteView(*bytes).first(length)))) << length;
    Bytes longer = *bytes;
    longer.push_back(0);
    EXPECT_FALSE(parse_proof_value("z" + to_base58(longer)));
    EXPECT_FALSE(parse_proof_value(to_base58(*bytes)));
    EXPECT_FALSE(parse_proof_value(""));
}

TEST(MerkleProof2019, AnyChangedByteIsRefusedOrIsAnotherProof) {
    const MerkleProof proof = a_proof();
    const auto bytes = from_long_base58(to_proof_value(proof).substr(1));
    ASSERT_TRUE(bytes);
    for (std::size_t at = 0; at < bytes->size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes altered = *bytes;
            altered[at] ^= static_cast<std::uint8_t>(1U << bit);
            const auto read = parse_proof_value("z" + to_base58(altered));
            EXPECT_TRUE(!read || *read != proof) << at;
        }
    }
}

}  // namespace
}  // namespace chancery::blockcerts
