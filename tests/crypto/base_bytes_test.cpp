#include <gtest/gtest.h>

#include "crypto/base/bytes.h"

namespace chancery {
namespace {

TEST(Writer, WritesBigEndian) {
    Writer out;
    out.u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f).text("A").bytes(Bytes{0xff});
    EXPECT_EQ(out.written(), (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 'A', 0xff}));
    EXPECT_EQ(out.take().size(), 17U);
}

TEST(Reader, ReadsWhatAWriterWrote) {
    for (unsigned shift = 0; shift < 64; ++shift) {
        for (const std::uint64_t value : {std::uint64_t{1} << shift,
                                          (std::uint64_t{1} << shift) - 1,
                                          ~std::uint64_t{0} >> shift}) {
            const Bytes written = Writer()
                                      .u8(static_cast<std::uint8_t>(value))
                                      .u16(static_cast<std::uint16_t>(value))
                                      .u32(static_cast<std::uint32_t>(value))
                                      .u64(value)
                                      .take();
            ASSERT_EQ(written.size(), 15U);
            Reader in(written);
            EXPECT_EQ(in.u8(), static_cast<std::uint8_t>(value));
            EXPECT_EQ(in.u16(), static_cast<std::uint16_t>(value));
            EXPECT_EQ(in.u32(), static_cast<std::uint32_t>(value));
            EXPECT_FALSE(in.finished());
            EXPECT_EQ(in.u64(), value);
            EXPECT_TRUE(in.finished());
        }
    }
}

TEST(Reader, GivesZerosOnceItHasRunShort) {
    const Bytes input = {0xff, 0xff, 0xff};
    Reader in(input);
    EXPECT_EQ(in.u32(), 0U);
    EXPECT_TRUE(in.ran_short());
    EXPECT_FALSE(in.finished());
    EXPECT_EQ(in.u8(), 0U) << "though a byte was there";
    EXPECT_EQ(in.array<2>(), (std::array<std::uint8_t, 2>{}));
    EXPECT_TRUE(in.bytes(0).empty());
    EXPECT_TRUE(in.rest().empty());
    EXPECT_TRUE(in.ran_short());
}

TEST(Reader, TakesExactlyWhatIsAskedFor) {
    const Bytes input = {1, 2, 3, 4, 5};
    Reader in(input);
    EXPECT_EQ((in.array<2>()), (std::array<std::uint8_t, 2>{1, 2}));
    EXPECT_TRUE(equal(in.bytes(1), Bytes{3}));
    EXPECT_TRUE(in.bytes(0).empty());
    EXPECT_TRUE(equal(in.rest(), Bytes{4, 5}));
    EXPECT_FALSE(in.ran_short());
    in.bytes(2);
    EXPECT_TRUE(in.finished());
}

TEST(Reader, RefusesCountsBeyondItsInput) {
    const Bytes input = {1};
    Reader in(input);
    EXPECT_TRUE(in.bytes(~std::size_t{0}).empty());
    EXPECT_TRUE(in.ran_short());
    Reader nothing{ByteView()};
    EXPECT_TRUE(nothing.finished());
    EXPECT_EQ(nothing.u64(), 0U);
    EXPECT_FALSE(nothing.finished());
}

TEST(Bytes, AreTextAndBack) {
    EXPECT_EQ(text_of(bytes_of("a\xff")), "a\xff");
    EXPECT_TRUE(bytes_of("").empty());
    EXPECT_TRUE(equal({}, bytes_of("")));
    EXPECT_FALSE(equal(bytes_of("a"), bytes_of("ab")));
}

}  // namespace
}  // namespace chancery
