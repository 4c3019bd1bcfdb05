#include <gtest/gtest.h>

#include "crypto/base/gzip.h"

namespace chancery {
namespace {

Bytes numbered(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    return bytes;
}

TEST(Gzip, GivesBackWhatWasPutIn) {
    for (const std::size_t size : {0U, 1U, 16'384U, 16'385U, 100'000U}) {
        const Bytes bytes = numbered(size);
        const auto back = from_gzip(to_gzip(bytes), size);
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(*back, bytes);
    }
}

TEST(Gzip, RefusesMoreThanItsLimit) {
    const auto back = from_gzip(to_gzip(Bytes(1'000'000)), 999'999);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().detail, "more than 999999 bytes within");
}

TEST(Gzip, RefusesEveryTruncationAndWhatFollows) {
    const Bytes whole = to_gzip(numbered(500));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(from_gzip(ByteView(whole).first(size), 500)) << size;
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_EQ(from_gzip(longer, 500).error().detail, "something after the gzip form");
}

TEST(Gzip, GivesNothingElseForAFlippedByte) {
    const Bytes bytes = numbered(500);
    const Bytes whole = to_gzip(bytes);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const unsigned mask : {0x01U, 0x80U, 0xffU}) {
            Bytes changed = whole;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ mask);
            const auto back = from_gzip(changed, 500);
            if (!back) continue;
            EXPECT_EQ(*back, bytes) << i;  // Time or system in the head.
        }
    }
}

}  // namespace
}  // namespace chancery
