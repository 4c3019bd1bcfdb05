// The promise of a 202 answer, as a program made it that knows PROTOCOL.md alone.
#include "tests/support/format_vectors.h"

#include "crypto/hash/sha256.h"
#include "crypto/keys/ed25519.h"
#include "node/submission.h"

namespace chancery::node {
namespace {

TEST(FormatVectors, PromisesAreSignedOverTheBytesOfTheProtocol) {
    for (const json::Value& promise : test::format_cases("promise")) {
        SCOPED_TRACE(test::text_at(promise, "name"));
        const Bytes message = promise_message(test::hash_at(promise, "network"),
                                              sha256(test::bytes_at(promise, "bulk")),
                                              test::number_at(promise, "deadline"));
        EXPECT_EQ(to_hex(message), test::text_at(promise, "message"));
        const auto key =
            keys::Ed25519Key::from_seed(test::node_seed(test::number_at(promise, "node")));
        EXPECT_EQ(to_hex(key.sign(message)), test::text_at(promise, "signature"));
        EXPECT_TRUE(key.public_key().verifies(message, test::bytes_at(promise, "signature")));
    }
}

}  // namespace
}  // namespace chancery::node
