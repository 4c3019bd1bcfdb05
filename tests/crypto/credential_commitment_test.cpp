#include <gtest/gtest.h>

#include "crypto/credential/commitment.h"
#include "crypto/hash/sha256.h"
#include "tests/support/chancery_vectors.h"

namespace chancery::credential {
namespace {

using test::text_at;

TEST(Commitment, OfEachVectorIsTheRegisteredOne) {
    for (const json::Value& vector : test::array_at(test::chancery_vectors(), "documents")) {
        const json::Value& document = *vector.find("document");
        EXPECT_EQ(json::canonical(document), text_at(vector, "jcs"));
        EXPECT_EQ(to_hex(document_hash(document)), text_at(vector, "document_hash"));
        EXPECT_EQ(
            to_hex(commitment(test::unhex32(text_at(vector, "salt")), document_hash(document))),
            text_at(vector, "commitment"));
    }
}

TEST(Commitment, CoversTheDocumentButNotItsProof) {
    json::Value document(json::Object{{"a", 1}});
    const Hash bare = document_hash(document);
    document.set("proof", json::Array{json::Object{{"x", 2}}});
    EXPECT_EQ(document_hash(document), bare);
    document.set("nested", json::Object{{"proof", 1}});
    const Hash with_nested = document_hash(document);
    EXPECT_NE(with_nested, bare);
    document.set("nested", json::Object{{"proof", 2}});
    EXPECT_NE(document_hash(document), with_nested);
    EXPECT_EQ(document_hash(json::Value(json::Array{})), sha256(bytes_of("[]")));
}

TEST(Commitment, OfAJwtIsOfItsTextAndOfAnSdJwtUpToTheFirstTilde) {
    EXPECT_EQ(jwt_document_hash("a.b.c"), sha256(bytes_of("a.b.c")));
    EXPECT_EQ(sd_jwt_document_hash("a.b.c~d~e~"), sha256(bytes_of("a.b.c")));
    EXPECT_EQ(sd_jwt_document_hash("a.b.c"), sha256(bytes_of("a.b.c")));
    EXPECT_EQ(jwt_document_hash("a.b.c~d"), sha256(bytes_of("a.b.c~d")));
}

TEST(Commitment, ChangesWithEveryBitOfSaltAndDocument) {
    const Hash zero{};
    const Hash plain = commitment(zero, zero);
    for (std::size_t bit = 0; bit < 256; ++bit) {
        Hash changed{};
        changed[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_NE(commitment(changed, zero), plain);
        EXPECT_NE(commitment(zero, changed), plain);
        EXPECT_NE(commitment(zero, changed), commitment(changed, zero));
    }
}

}  // namespace
}  // namespace chancery::credential
