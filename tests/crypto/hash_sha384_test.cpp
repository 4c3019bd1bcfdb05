#include <thread>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha384.h"

namespace chancery {
namespace {

// FIPS 180-4's examples, the empty message and the million letters a.
TEST(Sha384, GivesThePublishedValues) {
    EXPECT_EQ(to_hex(sha384({})),
              "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
              "274edebfe76f65fbd51ad2f14898b95b");
    EXPECT_EQ(to_hex(sha384(bytes_of("abc"))),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
              "8086072ba1e7cc2358baeca134c825a7");
    EXPECT_EQ(to_hex(sha384(bytes_of("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"))),
              "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
              "fcc7c71a557e2db966c3e9fa91746039");
    EXPECT_EQ(to_hex(sha384(Bytes(1'000'000, 'a'))),
              "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
              "07b8b3dc38ecc4ebae97ddd87f3d8985");
}

TEST(Sha384, KeepsNothingOfTheMessageBefore) {
    const Hash384 want = sha384(bytes_of("abc"));
    sha384(bytes_of("something else"));
    EXPECT_EQ(sha384(bytes_of("abc")), want);
    Hash384 elsewhere{};
    std::thread([&elsewhere] { elsewhere = sha384(bytes_of("abc")); }).join();
    EXPECT_EQ(elsewhere, want);
}

}  // namespace
}  // namespace chancery
