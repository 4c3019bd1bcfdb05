#include <gtest/gtest.h>

#include "crypto/note/policy.h"
#include "crypto/note/tlog_proof.h"
#include "tests/support/vectors.h"

namespace chancery::note {
namespace {

using test::array_at;
using test::text_at;
using test::vector_json;

constexpr std::string_view start = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view hash_line = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";

TlogProof some_proof() {
    return {.extra = Bytes{1, 2, 3, 4},
            .index = 73894,
            .path = {Hash{1}, Hash{2}},
            .checkpoint = "anything\n"};
}

std::string text_with(std::string_view middle) {
    return std::string(start).append(middle).append("\ncheckpoint\n");
}

std::string proof_refusal(std::string_view text) {
    const auto proof = parse_proof(text);
    return proof ? "accepted" : proof.error().detail;
}

TEST(TlogProof, ReadsWhatItWrites) {
    TlogProof proof = some_proof();
    EXPECT_EQ(to_text(proof),
              "c2sp.org/tlog-proof@v1\n"
              "extra AQIDBA==\n"
              "index 73894\n"
              "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
              "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
              "\n"
              "anything\n");
    EXPECT_EQ(*parse_proof(to_text(proof)), proof);
    proof.extra.reset();
    EXPECT_EQ(*parse_proof(to_text(proof)), proof);
    proof.extra = Bytes();
    EXPECT_EQ(*parse_proof(to_text(proof)), proof);
    proof.path.clear();
    EXPECT_EQ(*parse_proof(to_text(proof)), proof);
    proof.path.assign(merkle::path_length_max, Hash{9});
    proof.index = ~std::uint64_t{0};
    EXPECT_EQ(*parse_proof(to_text(proof)), proof);
}

TEST(TlogProof, GeneratedOnesHoldWhatTheySay) {
    const json::Value file = vector_json("c2sp/proofs_generated.json");
    const auto policy = parse_policy(text_at(file, "policy_3_of_5"));
    ASSERT_TRUE(policy);
    for (const json::Value& test : array_at(file, "inclusion")) {
        const std::string text = text_at(test, "tlog_proof");
        const auto proof = parse_proof(text);
        ASSERT_TRUE(proof) << proof.error().detail;
        EXPECT_EQ(to_text(*proof), text);
        const auto checkpoint = parse_checkpoint(proof->checkpoint);
        ASSERT_TRUE(checkpoint) << checkpoint.error().detail;
        EXPECT_TRUE(*satisfies(checkpoint->note, *policy));
        const Hash leaf = merkle::leaf_hash(bytes_of(text_at(test, "entry")));
        EXPECT_TRUE(
            merkle::verify_inclusion(leaf, proof->index, checkpoint->checkpoint.head, proof->path));
    }
}

TEST(TlogProof, OfARegistryIsReadAsItWasWritten) {
    const json::Value file = vector_json("chancery/v1.json");
    int receipts = 0;
    for (const json::Value& document : array_at(file, "documents")) {
        const json::Value* const receipt = document.find("receipt");
        if (receipt == nullptr || receipt->as_string() == nullptr) continue;
        const auto proof = parse_proof(*receipt->as_string());
        ASSERT_TRUE(proof) << proof.error().detail;
        EXPECT_EQ(to_text(*proof), *receipt->as_string());
        EXPECT_TRUE(parse_checkpoint(proof->checkpoint));
        ++receipts;
    }
    EXPECT_GT(receipts, 0);
}

TEST(TlogProof, RefusesWhatBreaksItsForm) {
    EXPECT_EQ(proof_refusal(text_with("index 0\n")), "accepted");
    EXPECT_EQ(proof_refusal(""), "proof whose first line is not c2sp.org/tlog-proof@v1");
    EXPECT_EQ(proof_refusal("c2sp.org/tlog-proof@v1"),
              "proof whose first line is not c2sp.org/tlog-proof@v1");
    EXPECT_EQ(proof_refusal("c2sp.org/tlog-proof@v2\nindex 0\n\nc\n"),
              "proof whose first line is not c2sp.org/tlog-proof@v1");
    EXPECT_EQ(proof_refusal(start), "proof without an index");
    EXPECT_EQ(proof_refusal(text_with("extra AQ==\n")), "proof without an index");
    EXPECT_EQ(proof_refusal(text_with("extra AQ==\nextra AQ==\nindex 0\n")),
              "proof without an index");
    EXPECT_EQ(proof_refusal(text_with("index 0\nextra AQ==\n")).substr(0, 18),
              "proof whose hash 0");
    EXPECT_EQ(proof_refusal(text_with("extra\nindex 0\n")), "proof without an index");
    EXPECT_EQ(proof_refusal(text_with("extra AQ=\nindex 0\n")),
              "proof whose extra is base64 without its padding");
    for (const std::string_view index : {"index",
                                         "index ",
                                         "index  0",
                                         "index 00",
                                         "index 01",
                                         "index -1",
                                         "index 0 ",
                                         "Index 0",
                                         "index 18446744073709551616",
                                         "index 0\r"}) {
        EXPECT_FALSE(parse_proof(text_with(std::string(index) + "\n"))) << index;
    }
    EXPECT_FALSE(parse_proof(text_with("index 0\nAQ==\n")));
    EXPECT_FALSE(parse_proof(text_with("index 0\n" + std::string(hash_line.substr(1)))));
    EXPECT_EQ(proof_refusal(std::string(start) + "index 0\n"), "proof without a blank line");
    EXPECT_EQ(proof_refusal(std::string(start) + "index 0\n" + std::string(hash_line)),
              "proof without a blank line");
    EXPECT_EQ(proof_refusal(std::string(start) + "index 0\n\n"), "proof without a checkpoint");
}

TEST(TlogProof, KeepsItsLimits) {
    TlogProof proof = some_proof();
    proof.path.assign(merkle::path_length_max + 1, Hash{});
    EXPECT_EQ(proof_refusal(to_text(proof)), "proof with more than 63 hashes");
    proof = some_proof();
    proof.checkpoint.append(64 * 1024 - to_text(proof).size(), 'x');
    EXPECT_TRUE(parse_proof(to_text(proof)));
    proof.checkpoint.push_back('x');
    EXPECT_EQ(proof_refusal(to_text(proof)), "proof of 65537 bytes, at most 65536");
}

}  // namespace
}  // namespace chancery::note
