#include <thread>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/hash/sha256_lanes.h"

namespace chancery {
namespace {

Bytes some_bytes(std::size_t count) {
    Bytes bytes(count);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24);
    }
    return bytes;
}

// FIPS 180-4's examples, and the million letters a of its predecessor.
TEST(Sha256, GivesThePublishedValues) {
    EXPECT_EQ(to_hex(sha256({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(bytes_of("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(to_hex(sha256(Bytes(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, GivesTheSameInAnyPieces) {
    const Bytes message = some_bytes(300);
    const Hash whole = sha256(message);
    Sha256 hasher;
    for (std::size_t cut = 0; cut <= message.size(); ++cut) {
        hasher.add(ByteView(message).first(cut)).add({}).add(ByteView(message).subspan(cut));
        EXPECT_EQ(hasher.finish(), whole) << "cut at " << cut;
    }
}

TEST(Sha256, StartsAfreshAfterFinish) {
    Sha256 hasher;
    hasher.add(bytes_of("something")).finish();
    EXPECT_EQ(hasher.finish(), sha256({}));
}

TEST(Sha256, IsTheSameOnEveryThread) {
    const Bytes message = some_bytes(1000);
    const Hash want = sha256(message);
    std::vector<Hash> got(4);
    std::vector<std::thread> threads;
    for (Hash& hash : got) {
        threads.emplace_back([&message, &hash] {
            for (int i = 0; i < 100; ++i)
                hash = sha256(message);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(got, std::vector<Hash>(4, want));
}

// Every length around one, two and three blocks, every number of messages around the lanes.
TEST(Sha256Run, GivesWhatHashingEachMessageGives) {
    for (std::size_t message_bytes = 0; message_bytes <= 200; ++message_bytes) {
        for (std::size_t count = 0; count <= 9; ++count) {
            const Bytes messages = some_bytes(message_bytes * count);
            std::vector<Hash> want;
            for (std::size_t i = 0; i < count; ++i) {
                want.push_back(
                    sha256(ByteView(messages).subspan(i * message_bytes, message_bytes)));
            }
            std::vector<Hash> got(count);
            sha256_run(messages, message_bytes, got);
            ASSERT_EQ(got, want) << count << " messages of " << message_bytes;
        }
    }
}

TEST(Sha256Run, GivesTheSameWithInstructionsAsWithTheLibrary) {
    if (!sha256_lanes::has_instructions()) GTEST_SKIP() << "this CPU has no SHA instructions";
    for (const std::size_t message_bytes : {0U, 33U, 46U, 55U, 56U, 64U, 65U, 4096U, 65'536U}) {
        const Bytes messages = some_bytes(message_bytes * 11);
        std::vector<Hash> with_instructions(11);
        std::vector<Hash> with_library(11);
        sha256_lanes::run_with_instructions(messages, message_bytes, with_instructions);
        sha256_lanes::run_with_library(messages, message_bytes, with_library);
        EXPECT_EQ(with_instructions, with_library) << message_bytes;
    }
}

TEST(Sha256RunDeathTest, RefusesMessagesThatAreNotAsManyAsItsOutputs) {
    std::vector<Hash> out(2);
    EXPECT_DEATH(sha256_run(some_bytes(65), 65, out), "CHECK");
    EXPECT_DEATH(sha256_run(some_bytes(131), 65, out), "CHECK");
    EXPECT_DEATH(sha256_lanes::run_with_library(some_bytes(65), 65, out), "CHECK");
}

}  // namespace
}  // namespace chancery
