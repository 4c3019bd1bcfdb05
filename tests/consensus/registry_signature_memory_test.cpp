#include <gtest/gtest.h>

#include "consensus/registry/signature_memory.h"

namespace chancery::registry {
namespace {

keys::MemberKey member_key(std::uint8_t filling) {
    Hash secret{};
    secret.fill(filling);
    return keys::MemberKey::from_secret(secret).value();
}

Hash message_of(std::uint64_t place, std::uint8_t filling) {
    Hash message{};
    message.fill(filling);
    std::ranges::copy(Writer().u64(place).written(), message.begin());
    return message;
}

TEST(SignatureMemory, SaysWhatVerifyingSaysHoweverOftenItIsAsked) {
    SignatureMemory memory;
    const keys::MemberKey key = member_key(1);
    const Hash message = message_of(5, 9);
    const keys::SchnorrSignature good = key.sign(message, {});
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(memory.verifies(key.public_key(), message, good));
        keys::SchnorrSignature bad = good;
        bad[63] ^= 1;
        EXPECT_FALSE(memory.verifies(key.public_key(), message, bad));
        EXPECT_FALSE(memory.verifies(member_key(2).public_key(), message, good));
        EXPECT_FALSE(memory.verifies(key.public_key(), message_of(5, 10), good));
    }
}

TEST(SignatureMemory, StartsWithNothingGood) {
    SignatureMemory memory;
    const keys::SchnorrSignature none{};
    EXPECT_FALSE(memory.verifies(member_key(1).public_key(), Hash{}, none));
}

TEST(SignatureMemory, ForgetsAnOlderSignatureForANewerOneInItsPlace) {
    SignatureMemory memory;
    const keys::MemberKey key = member_key(3);
    for (std::uint8_t filling = 0; filling < 3; ++filling) {
        for (const std::uint64_t place : {7U, 7U + 4'096U}) {
            const Hash message = message_of(place, filling);
            EXPECT_TRUE(memory.verifies(key.public_key(), message, key.sign(message, {})));
            EXPECT_FALSE(
                memory.verifies(key.public_key(), message, member_key(4).sign(message, {})));
        }
    }
}

}  // namespace
}  // namespace chancery::registry
