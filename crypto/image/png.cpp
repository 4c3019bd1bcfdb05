#include "crypto/image/png.h"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "crypto/base/ascii.h"
#include "crypto/base/bytes.h"

namespace chancery::image {
namespace {

constexpr std::size_t header_bytes = 13;  // The data of IHDR.
constexpr std::size_t type_bytes = 4;

std::uint32_t crc_of(std::string_view bytes) {
    // Of at most an image, so the length fits.
    const ByteView view = bytes_of(bytes);
    return static_cast<std::uint32_t>(
        ::crc32(::crc32(0, nullptr, 0), view.data(), static_cast<uInt>(view.size())));
}

bool is_critical(std::string_view type) { return is_upper(type.front()); }

// Four letters, the third of them a capital: PNG §5.4.
bool is_type(std::string_view type) {
    return std::ranges::all_of(type, is_letter) && is_upper(type[2]);
}

Result<PngChunk> take_chunk(std::string_view& rest) {
    Reader in(bytes_of(rest));
    const std::uint32_t length = in.u32();
    const std::string_view type = text_of(in.bytes(type_bytes));
    const std::string_view data = text_of(in.bytes(length));
    const std::uint32_t crc = in.u32();
    if (in.ran_short()) return Error{Errc::invalid, "PNG ends within a chunk, want IEND last"};
    if (!is_type(type))
        return Error{Errc::invalid, "PNG has a chunk whose type is no four letters"};
    const PngChunk chunk{type, data, rest.substr(0, rest.size() - in.rest().size())};
    if (crc_of(chunk.whole.substr(type_bytes, type_bytes + length)) != crc) {
        return Error{Errc::invalid, "PNG chunk " + std::string(type) + ": CRC does not match"};
    }
    rest = text_of(in.rest());
    return chunk;
}

Result<void> check_kind(const PngChunk& chunk) {
    constexpr std::array<std::string_view, 4> critical = {"IHDR", "PLTE", "IDAT", "IEND"};
    if (is_critical(chunk.type) && std::ranges::find(critical, chunk.type) == critical.end()) {
        return Error{Errc::invalid, "PNG has a critical chunk that is not known"};
    }
    return {};
}

// IHDR first, the IDATs in one run, IEND last, and none of the two twice.
Result<void> check_order(const std::vector<PngChunk>& chunks) {
    const auto is = [](std::string_view type) {
        return [type](const PngChunk& chunk) { return chunk.type == type; };
    };
    if (chunks.front().type != "IHDR" || chunks.front().data.size() != header_bytes) {
        return Error{Errc::invalid, "PNG does not begin with an IHDR of 13 bytes"};
    }
    if (!chunks.back().data.empty()) return Error{Errc::invalid, "PNG has an IEND with data"};
    if (std::ranges::count_if(chunks, is("IHDR")) != 1) {
        return Error{Errc::invalid, "PNG has more than one IHDR"};
    }
    const auto first = std::ranges::find_if(chunks, is("IDAT"));
    const auto after = std::find_if_not(first, chunks.end(), is("IDAT"));
    if (first == chunks.end()) return Error{Errc::invalid, "PNG has no IDAT"};
    if (std::any_of(after, chunks.end(), is("IDAT"))) {
        return Error{Errc::invalid, "PNG has IDATs apart from one another"};
    }
    return {};
}

std::string deflated(std::string_view text) {
    uLongf size = ::compressBound(static_cast<uLong>(text.size()));
    std::string stream(size, '\0');
    CHECK(::compress2(reinterpret_cast<Bytef*>(stream.data()),
                      &size,
                      bytes_of(text).data(),
                      static_cast<uLong>(text.size()),
                      Z_BEST_COMPRESSION) == Z_OK);
    stream.resize(size);
    return stream;
}

// One line of pixels: the filter's number, then a bit each, 1 for white.
std::string line_of(const Squares& squares, std::size_t row, std::size_t pixels) {
    std::string line(1 + (squares.width * pixels + 7) / 8, '\0');
    for (std::size_t x = 0; x < squares.width * pixels; ++x) {
        if (squares.are_black[row * squares.width + x / pixels]) continue;
        char& byte = line[1 + x / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | (0x80U >> (x % 8)));
    }
    return line;
}

}  // namespace

bool is_png(std::string_view image) { return image.starts_with(png_signature); }

std::string png_chunk(std::string_view type, std::string_view data) {
    const std::string covered = std::string(type) + std::string(data);
    Writer chunk;
    chunk.u32(static_cast<std::uint32_t>(data.size())).text(covered).u32(crc_of(covered));
    return std::string(text_of(chunk.written()));
}

Result<std::vector<PngChunk>> png_chunks(std::string_view image) {
    if (image.size() > image_bytes_max) {
        return Error{Errc::invalid,
                     "image has " + std::to_string(image.size()) + " bytes, want at most " +
                         std::to_string(image_bytes_max)};
    }
    if (!is_png(image)) return Error{Errc::invalid, "image does not begin as a PNG"};
    std::string_view rest = image.substr(png_signature.size());
    std::vector<PngChunk> chunks;
    while (chunks.empty() || chunks.back().type != "IEND") {
        if (chunks.size() == png_chunks_max) {
            return Error{Errc::invalid, "PNG has more than 65536 chunks"};
        }
        const Result<PngChunk> chunk = take_chunk(rest);
        if (!chunk) return chunk.error();
        if (const auto known = check_kind(*chunk); !known) return known.error();
        chunks.push_back(*chunk);
    }
    if (!rest.empty()) {
        return Error{Errc::invalid,
                     "PNG goes on for " + std::to_string(rest.size()) + " bytes after its IEND"};
    }
    if (const auto good = check_order(chunks); !good) return good.error();
    return chunks;
}

std::string png_of(const Squares& squares, std::size_t pixels) {
    CHECK(squares.are_black.size() == squares.width * squares.width);
    const auto side = static_cast<std::uint32_t>(squares.width * pixels);
    std::string lines;
    for (std::size_t row = 0; row < squares.width; ++row) {
        const std::string line = line_of(squares, row, pixels);
        for (std::size_t i = 0; i < pixels; ++i)
            lines += line;
    }
    // One bit for a grey, the only methods of compression and filtering there are, no interlace.
    Writer header;
    header.u32(side).u32(side).u8(1).u8(0).u8(0).u8(0).u8(0);
    return std::string(png_signature) + png_chunk("IHDR", text_of(header.written())) +
           png_chunk("IDAT", deflated(lines)) + png_chunk("IEND", "");
}

Result<std::string> inflated(std::string_view stream, std::size_t bytes_max) {
    std::string text(bytes_max + 1, '\0');
    auto text_bytes = static_cast<uLongf>(text.size());
    auto read_bytes = static_cast<uLong>(stream.size());
    const int outcome = ::uncompress2(
        reinterpret_cast<Bytef*>(text.data()), &text_bytes, bytes_of(stream).data(), &read_bytes);
    if ((outcome == Z_OK || outcome == Z_BUF_ERROR) && text_bytes > bytes_max) {
        return Error{Errc::invalid,
                     "the compressed text is longer than " + std::to_string(bytes_max) + " bytes"};
    }
    if (outcome != Z_OK || read_bytes != stream.size()) {
        return Error{Errc::invalid, "the compressed text cannot be inflated"};
    }
    text.resize(text_bytes);
    return text;
}

}  // namespace chancery::image
