// Images of black and white squares: the pixels that a decoder gets back.
#include <gtest/gtest.h>

#include "crypto/image/png.h"

namespace chancery::image {
namespace {

TEST(Png, SquaresBecomePixelsAsLargeAsWanted) {
    // Black on the diagonal of two squares by two.
    const std::string png = png_of({.width = 2, .are_black = {true, false, false, true}}, 5);
    const auto chunks = png_chunks(png);
    ASSERT_TRUE(chunks) << chunks.error().detail;
    ASSERT_EQ(chunks->size(), 3U);
    EXPECT_EQ(chunks->front().data, std::string_view("\0\0\0\x0a\0\0\0\x0a\1\0\0\0\0", 13));
    std::string wanted;
    for (int row = 0; row < 10; ++row)
        wanted += row < 5 ? std::string("\0\x07\xc0", 3) : std::string("\0\xf8\0", 3);
    EXPECT_EQ(inflated((*chunks)[1].data, 30).value(), wanted);
    EXPECT_FALSE(inflated((*chunks)[1].data, 29));
}

}  // namespace
}  // namespace chancery::image
