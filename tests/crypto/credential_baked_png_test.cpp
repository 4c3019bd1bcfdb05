// Credentials in PNG images: what others' tools read and wrote, and every damage.
#include <gtest/gtest.h>
#include <zlib.h>

#include "crypto/base/bytes.h"
#include "crypto/credential/baked_png.h"
#include "crypto/image/png.h"
#include "tests/support/vectors.h"

namespace chancery::credential::baked_png_test {
namespace {

using Parts = std::vector<std::string>;

const std::string begin_of_png("\x89PNG\r\n\x1a\n", 8);
const std::string keyword = "openbadgecredential";
const std::string text = R"({"name":"Gr\u00fc\u00dfe \u2713"})";

std::string with_nuls(std::string_view written) {
    std::string bytes(written);
    std::ranges::replace(bytes, '|', '\0');
    return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
    const std::string covered = type + data;
    Writer out;
    out.u32(static_cast<std::uint32_t>(data.size())).text(covered);
    out.u32(static_cast<std::uint32_t>(
        ::crc32(0, bytes_of(covered).data(), static_cast<uInt>(covered.size()))));
    return std::string(text_of(out.written()));
}

std::string golden() { return test::vector_text("open-badges/ob3-full.baked.png"); }
// The header and the pixels of the golden image, which are all that a plain one has.
std::string header() { return golden().substr(8, 25); }
std::string pixels() { return chunk("IDAT", "pixels are not looked at"); }
std::string end() { return chunk("IEND", ""); }

std::string png(const Parts& chunks) {
    std::string image = begin_of_png;
    for (const std::string& one : chunks)
        image += one;
    return image;
}
std::string plain() { return png({header(), pixels(), end()}); }
std::string carrying(const std::string& one) { return png({header(), one, pixels(), end()}); }
std::string itxt(const std::string& after_keyword) {
    return chunk("iTXt", keyword + with_nuls(after_keyword));
}

std::string deflated(const std::string& plain_text) {
    uLongf size = ::compressBound(static_cast<uLong>(plain_text.size()));
    std::string bytes(size, '\0');
    EXPECT_EQ(::compress(reinterpret_cast<Bytef*>(bytes.data()),
                         &size,
                         bytes_of(plain_text).data(),
                         static_cast<uLong>(plain_text.size())),
              Z_OK);
    bytes.resize(size);
    return bytes;
}
std::string compressed(const std::string& stream) {
    return chunk("iTXt", keyword + with_nuls("|\x01|||") + stream);
}

std::string refusal(const std::string& image) {
    const auto read = baked_in_png(image);
    return read ? "" : read.error().detail;
}

TEST(BakedPng, WhatOthersBakedIsReadAndBakedTheSame) {
    const auto read = baked_in_png(golden());
    ASSERT_TRUE(read) << read.error().detail;
    const auto document = json::parse(*read);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(*document, test::vector_json("open-badges/ob3-full.signed.json"));
    const std::string without = golden().erase(8 + 25, 12 + 3'266);
    EXPECT_EQ(refusal(without), "PNG carries 0 credentials, want 1");
    EXPECT_EQ(bake_png(without, *read).value(), golden());
}

TEST(BakedPng, ALaterOneTakesThePlaceOfAllBefore) {
    const std::string old = chunk("tEXt", keyword + with_nuls("|{}"));
    const std::string others =
        chunk("tEXt", with_nuls("openbadges|{}")) + chunk("iTXt", with_nuls("Comment|||||{}"));
    const std::string twice =
        png({header(), itxt("|||||{}"), others, pixels(), old, itxt("|||||{}"), end()});
    EXPECT_EQ(refusal(twice), "PNG carries 3 credentials, want 1");
    const auto baked = bake_png(twice, text);
    ASSERT_TRUE(baked) << baked.error().detail;
    EXPECT_EQ(*baked, png({header(), itxt("|||||" + text), others, pixels(), end()}));
    EXPECT_EQ(baked_in_png(*baked).value(), text);
}

TEST(BakedPng, ATextMayBeCompressedAndInALanguage) {
    EXPECT_EQ(baked_in_png(carrying(compressed(deflated(text)))).value(), text);
    EXPECT_EQ(baked_in_png(carrying(itxt("|||de-AT|Nachweis|" + text))).value(), text);
}

TEST(BakedPng, ACompressedTextIsInflatedWithinItsLimit) {
    const std::string longest(baked_text_bytes_max, '{');
    EXPECT_EQ(baked_in_png(carrying(compressed(deflated(longest)))).value(), longest);
    EXPECT_EQ(refusal(carrying(compressed(deflated(longest + "{")))),
              "PNG's credential: the compressed text is longer than 1048576 bytes");
    EXPECT_EQ(refusal(carrying(compressed(deflated(longest + longest)))),
              "PNG's credential: the compressed text is longer than 1048576 bytes");
    const std::string cannot = "PNG's credential: the compressed text cannot be inflated";
    EXPECT_EQ(refusal(carrying(compressed(deflated(text) + "x"))), cannot);
    std::string cut = deflated(text);
    cut.pop_back();
    EXPECT_EQ(refusal(carrying(compressed(cut))), cannot);
    EXPECT_EQ(refusal(carrying(compressed(""))), cannot);
}

TEST(BakedPng, EveryTruncationAndEveryFlippedByteIsRefused) {
    const std::string image = golden();
    for (std::size_t size = 0; size < image.size(); ++size)
        EXPECT_FALSE(baked_in_png(image.substr(0, size))) << size;
    for (std::size_t i = 0; i < image.size(); ++i) {
        for (const int mask : {0x01, 0x80, 0xff}) {
            std::string flipped = image;
            flipped[i] = static_cast<char>(flipped[i] ^ mask);
            EXPECT_FALSE(baked_in_png(flipped)) << i;
            EXPECT_FALSE(bake_png(flipped, text)) << i;
        }
    }
}

TEST(BakedPng, ChunksOutOfOrderAreRefused) {
    const std::string one = itxt("|||||" + text);
    const std::vector<std::pair<Parts, std::string>> table = {
        {{header(), one, pixels(), end(), "x"}, "PNG goes on for 1 bytes after its IEND"},
        {{header(), one, pixels(), end(), end()}, "PNG goes on for 12 bytes after its IEND"},
        {{one, header(), pixels(), end()}, "PNG does not begin with an IHDR of 13 bytes"},
        {{chunk("IHDR", ""), one, pixels(), end()}, "PNG does not begin with an IHDR of 13 bytes"},
        {{header(), header(), one, pixels(), end()}, "PNG has more than one IHDR"},
        {{header(), one, end()}, "PNG has no IDAT"},
        {{header(), pixels(), one, pixels(), end()}, "PNG has IDATs apart from one another"},
        {{header(), one, pixels(), chunk("IEND", "x")}, "PNG has an IEND with data"},
        {{header(), one, pixels()}, "PNG ends within a chunk, want IEND last"},
        {{header(), chunk("QQQQ", ""), one, pixels(), end()},
         "PNG has a critical chunk that is not known"},
        {{header(), chunk("teXt", ""), pixels(), end()}, "PNG carries 0 credentials, want 1"},
        {{header(), chunk("text", ""), pixels(), end()},
         "PNG has a chunk whose type is no four letters"},
        {{header(), chunk("iTX1", ""), pixels(), end()},
         "PNG has a chunk whose type is no four letters"},
    };
    for (const auto& [chunks, says] : table)
        EXPECT_EQ(refusal(png(chunks)), says);
}

TEST(BakedPng, TextChunksOfAnotherFormAreRefused) {
    const std::string ends = "PNG's credential: the iTXt ends before its text";
    const std::vector<std::pair<std::string, std::string>> table = {
        {chunk("iTXt", keyword), ends},
        {itxt("||"), ends},
        {itxt("|||"), ends},
        {itxt("|||de"), ends},
        {itxt("||||Nachweis"), ends},
        {itxt("|||||"), "PNG's credential: the text is empty"},
        {itxt("|\x02|||" + text),
         "PNG's credential: the iTXt is compressed in a way that is not known"},
        {itxt("|\x01\x01||" + text),
         "PNG's credential: the iTXt is compressed in a way that is not known"},
        {itxt("|||||\xff"), "PNG's credential: the text is no UTF-8"},
        {itxt("|||||{|}"), "PNG's credential: the text holds a NUL"},
        {chunk("tEXt", keyword + with_nuls("|{}")),
         "PNG's credential: it stands in a tEXt, want iTXt"},
        {chunk("zTXt", keyword + with_nuls("||") + deflated("{}")),
         "PNG's credential: it stands in a zTXt, want iTXt"},
    };
    for (const auto& [one, says] : table)
        EXPECT_EQ(refusal(carrying(one)), says);
}

TEST(BakedPng, SizesHaveLimits) {
    EXPECT_TRUE(bake_png(plain(), std::string(baked_text_bytes_max, '{')));
    EXPECT_FALSE(bake_png(plain(), std::string(baked_text_bytes_max + 1, '{')));
    EXPECT_FALSE(bake_png(plain(), ""));
    EXPECT_FALSE(bake_png(plain(), "\xff"));
    const std::size_t room = image::image_bytes_max - plain().size() - 12;
    const std::string full =
        png({header(), chunk("IDAT", std::string(room, 'p')), pixels(), end()});
    ASSERT_EQ(full.size(), image::image_bytes_max);
    EXPECT_EQ(refusal(full), "PNG carries 0 credentials, want 1");
    EXPECT_FALSE(bake_png(full, text));
    EXPECT_EQ(refusal(full + "x"), "image has 16777217 bytes, want at most 16777216");
    std::string crowd = header();
    for (std::size_t i = 0; i < 65'536; ++i)
        crowd += chunk("teXt", "");
    EXPECT_EQ(refusal(png({crowd, pixels(), end()})), "PNG has more than 65536 chunks");
}

}  // namespace
}  // namespace chancery::credential::baked_png_test
