// What others published about Merkle proofs, and what ours must say of it.
#include <gtest/gtest.h>

#include "crypto/base/decimal.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/proof.h"
#include "tests/support/merkle_oracle.h"
#include "tests/support/vectors.h"

namespace chancery::merkle {
namespace {

using test::array_at;
using test::text_at;
using test::vector_json;

bool bool_at(const json::Value& object, std::string_view name) {
    const json::Value* const member = object.find(name);
    const bool* const value = member == nullptr ? nullptr : member->as_bool();
    EXPECT_NE(value, nullptr) << name;
    return value != nullptr && *value;
}

using Decoder = Result<Hash> (*)(std::string_view);

// Some published roots are no hashes but short texts, to be told apart only: others' hashes stand
// in for them.
Result<Hash> root_from_base64(std::string_view text) {
    const auto bytes = from_base64(text);
    if (!bytes) return bytes.error();
    return bytes->size() == sizeof(Hash) ? hash_from_base64(text) : sha256(*bytes);
}

// A case's hashes; an error for one that is none, which a reader refuses before it verifies.
Result<std::vector<Hash>> path_at(const json::Value& object,
                                  std::string_view name,
                                  Decoder decode) {
    std::vector<Hash> path;
    for (const json::Value& element : array_at(object, name)) {
        const auto hash = decode(*element.as_string());
        if (!hash) return hash.error();
        path.push_back(*hash);
    }
    return path;
}

struct InclusionNames {
    std::string_view index;
    std::string_view size;
    std::string_view leaf;
    Decoder decode;
};

bool accepts_inclusion(const json::Value& test, const InclusionNames& names) {
    const auto index = from_decimal(text_at(test, names.index));
    const auto size = from_decimal(text_at(test, names.size));
    const auto leaf = names.decode(text_at(test, names.leaf));
    const auto root = names.decode(text_at(test, "root"));
    const auto path = path_at(test, "proof", names.decode);
    if (!index || !size || !leaf || !root || !path) return false;
    return verify_inclusion(*leaf, *index, {*size, *root}, *path).has_value();
}

bool accepts_consistency(const json::Value& test, Decoder decode, Decoder decode_root) {
    const auto from = from_decimal(text_at(test, "size1"));
    const auto to = from_decimal(text_at(test, "size2"));
    const auto root1 = decode_root(text_at(test, "root1"));
    const auto root2 = decode_root(text_at(test, "root2"));
    const auto path = path_at(test, "proof", decode);
    if (!from || !to || !root1 || !root2 || !path) return false;
    return verify_consistency({*from, *root1}, {*to, *root2}, *path).has_value();
}

TEST(PublishedProofs, OfInclusionAreJudgedAsByOthers) {
    const json::Value file = vector_json("merkle/inclusion.json");
    int accepted = 0;
    for (const json::Value& test : array_at(file, "cases")) {
        const bool got =
            accepts_inclusion(test, {"leafIdx", "treeSize", "leafHash", hash_from_base64});
        EXPECT_EQ(got, !bool_at(test, "wantErr")) << text_at(test, "name");
        accepted += got ? 1 : 0;
    }
    EXPECT_EQ(array_at(file, "cases").size(), 98U);
    EXPECT_EQ(accepted, 6);
}

TEST(PublishedProofs, OfConsistencyAreJudgedAsByOthers) {
    const json::Value file = vector_json("merkle/consistency.json");
    int accepted = 0;
    for (const json::Value& test : array_at(file, "cases")) {
        const bool got = accepts_consistency(test, hash_from_base64, root_from_base64);
        EXPECT_EQ(got, !bool_at(test, "wantErr")) << text_at(test, "name");
        accepted += got ? 1 : 0;
    }
    EXPECT_EQ(array_at(file, "cases").size(), 98U);
    EXPECT_EQ(accepted, 6);
}

// A subtree begins at a multiple of a power of two that is at least its size; seen from its own
// beginning it is a tree like any other.
TEST(PublishedProofs, OfInclusionInASubtreeAreJudgedAsByOthers) {
    const json::Value file = vector_json("merkle/subtreeinclusion.json");
    int accepted = 0;
    for (const json::Value& test : array_at(file, "cases")) {
        const auto index = from_decimal(text_at(test, "leafIdx"));
        const auto start = from_decimal(text_at(test, "start"));
        const auto end = from_decimal(text_at(test, "end"));
        const auto leaf = hash_from_base64(text_at(test, "leafHash"));
        const auto root = hash_from_base64(text_at(test, "root"));
        const auto path = path_at(test, "proof", hash_from_base64);
        bool got = index && start && end && leaf && root && path && *start < *end &&
                   *end - *start <= std::uint64_t{1} << 62 && *index >= *start;
        if (got && *start % std::bit_ceil(*end - *start) == 0) {
            got =
                verify_inclusion(*leaf, *index - *start, {*end - *start, *root}, *path).has_value();
        } else {
            got = false;
        }
        EXPECT_EQ(got, !bool_at(test, "wantErr")) << text_at(test, "name");
        accepted += got ? 1 : 0;
    }
    EXPECT_EQ(array_at(file, "cases").size(), 204U);
    EXPECT_EQ(accepted, 12);
}

// Those of subtrees that begin at 0, which are the consistency proofs there are here; size 0 proves
// nothing.
TEST(PublishedProofs, OfConsistencyWithAFirstSubtreeAreJudgedAsByOthers) {
    const json::Value file = vector_json("merkle/subtreeconsistency.json");
    int accepted = 0;
    int refused = 0;
    for (const json::Value& test : array_at(file, "cases")) {
        if (text_at(test, "start") != "0") continue;
        const auto from = from_decimal(text_at(test, "end"));
        const auto to = from_decimal(text_at(test, "size"));
        const auto root1 = root_from_base64(text_at(test, "root1"));
        const auto root2 = root_from_base64(text_at(test, "root2"));
        const auto path = path_at(test, "proof", hash_from_base64);
        const bool got = from && to && root1 && root2 && path &&
                         verify_consistency({*from, *root1}, {*to, *root2}, *path).has_value();
        const bool want = !bool_at(test, "wantErr") && text_at(test, "end") != "0";
        EXPECT_EQ(got, want) << text_at(test, "name");
        ++(got ? accepted : refused);
    }
    EXPECT_GE(accepted, 5);
    EXPECT_GE(refused, 80);
}

TEST(MutatedProofs, OfInclusionAreJudgedRight) {
    const json::Value file = vector_json("merkle/mutated_inclusion.json");
    for (const json::Value& test : array_at(file, "cases")) {
        const bool got =
            accepts_inclusion(test, {"leaf_index", "tree_size", "leaf_hash", hash_from_hex});
        EXPECT_EQ(got, bool_at(test, "valid")) << text_at(test, "desc");
    }
    EXPECT_EQ(array_at(file, "cases").size(), 598U);
}

// The vectors take a tree of size 0 for the beginning of every tree; ours says that it proves
// nothing.
TEST(MutatedProofs, OfConsistencyAreJudgedRight) {
    const json::Value file = vector_json("merkle/mutated_consistency.json");
    for (const json::Value& test : array_at(file, "cases")) {
        const bool want = bool_at(test, "valid") && text_at(test, "size1") != "0";
        EXPECT_EQ(accepts_consistency(test, hash_from_hex, hash_from_hex), want)
            << text_at(test, "desc");
    }
    EXPECT_EQ(array_at(file, "cases").size(), 309U);
}

// Every subtree of a tree whose 130 entries are the single bytes 0, 1, 2, …, and every proof in
// it, written as lines into one SHA-256. Source: draft-ietf-plants-merkle-tree-certs-06, C.1.
TEST(AccumulatedVectors, OfAllSubtreesAndInclusionProofsAgree) {
    std::vector<Hash> leaves;
    for (std::uint8_t i = 0; i < 130; ++i)
        leaves.push_back(leaf_hash({&i, 1}));
    Sha256 roots;
    Sha256 proofs;
    for (std::size_t end = 0; end <= leaves.size(); ++end) {
        for (std::size_t start = 0; start <= end; ++start) {
            if (start % std::bit_ceil(end - start) != 0) continue;
            const auto subtree = std::span(leaves).subspan(start, end - start);
            const std::string name = "[" + std::to_string(start) + ", " + std::to_string(end) + ")";
            roots.add(bytes_of(name + " " + to_hex(root_of(subtree)) + "\n"));
            const auto root_below = [&subtree](Range range) -> Result<Hash> {
                return root_of(subtree.subspan(range.begin, range.end - range.begin));
            };
            for (std::size_t index = 0; index < subtree.size(); ++index) {
                std::string line = std::to_string(start + index) + " " + name;
                const auto path = fetch_path(inclusion_ranges(index, subtree.size()), root_below);
                for (const Hash& hash : *path) {
                    line += " " + to_hex(hash);
                }
                proofs.add(bytes_of(line + "\n"));
            }
        }
    }
    EXPECT_EQ(to_hex(roots.finish()),
              "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
    EXPECT_EQ(to_hex(proofs.finish()),
              "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

// A Certificate Transparency log of a thousand million entries.
TEST(Argon2020, HoldsItsEntryAndGrewFromItsEarlierSelf) {
    const json::Value sth = vector_json("argon2020/sth.json");
    const json::Value proof = vector_json("argon2020/proof.json");
    const json::Value consistency = vector_json("argon2020/consistency.json");
    const json::Value entries = vector_json("argon2020/entries.json");
    const auto size = static_cast<std::uint64_t>(*sth.find("tree_size")->as_integer());
    const TreeHead head{.size = size, .root = *hash_from_base64(text_at(sth, "sha256_root_hash"))};
    const auto entry = from_base64(text_at(array_at(entries, "entries").front(), "leaf_input"));
    const auto inclusion = path_at(proof, "audit_path", hash_from_base64);
    const auto growth = path_at(consistency, "consistency", hash_from_base64);
    ASSERT_TRUE(entry && inclusion && growth);

    EXPECT_TRUE(verify_inclusion(leaf_hash(*entry), 10'000, head, *inclusion));
    EXPECT_FALSE(verify_inclusion(leaf_hash(*entry), 10'001, head, *inclusion));
    const TreeHead earlier{
        .size = 3'654'490,
        .root = *hash_from_base64("AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=")};
    EXPECT_TRUE(verify_consistency(earlier, head, *growth));
}

TEST(GeneratedProofs, AreTheOnesWeMake) {
    const json::Value file = vector_json("c2sp/proofs_generated.json");
    std::vector<Hash> leaves;
    for (int i = 0; i < 70'000; ++i)
        leaves.push_back(leaf_hash(bytes_of("entry " + std::to_string(i))));
    const auto subtree_root = [&leaves](Range range) -> Result<Hash> {
        return root_of(std::span(leaves).subspan(range.begin, range.end - range.begin));
    };
    const auto number_at = [](const json::Value& object, std::string_view name) {
        return static_cast<std::uint64_t>(*object.find(name)->as_integer());
    };
    for (const json::Value& test : array_at(file, "inclusion")) {
        const std::uint64_t index = number_at(test, "index");
        const TreeHead head{number_at(test, "size"), *hash_from_base64(text_at(test, "root"))};
        const auto path = path_at(test, "proof", hash_from_base64);
        ASSERT_TRUE(path);
        EXPECT_EQ(to_base64(leaves[index]), text_at(test, "leaf_hash"));
        EXPECT_TRUE(verify_inclusion(leaves[index], index, head, *path));
        EXPECT_EQ(*fetch_path(inclusion_ranges(index, head.size), subtree_root), *path);
        EXPECT_EQ(root_of(std::span(leaves).first(head.size)), head.root);
    }
    for (const json::Value& test : array_at(file, "consistency")) {
        const TreeHead from{number_at(test, "size1"), *hash_from_base64(text_at(test, "root1"))};
        const TreeHead to{number_at(test, "size2"), *hash_from_base64(text_at(test, "root2"))};
        const auto path = path_at(test, "proof", hash_from_base64);
        ASSERT_TRUE(path);
        EXPECT_TRUE(verify_consistency(from, to, *path));
        EXPECT_EQ(*fetch_path(consistency_ranges(from.size, to.size), subtree_root), *path);
    }
    EXPECT_EQ(array_at(file, "inclusion").size(), 13U);
    EXPECT_EQ(array_at(file, "consistency").size(), 14U);
}

}  // namespace
}  // namespace chancery::merkle
