// PNG images as rows of chunks: read with every check that their bytes allow, and written.
//
//     PNG   = 89 'P' 'N' 'G' 0d 0a 1a 0a ‖ IHDR ‖ … ‖ IDAT … IDAT ‖ … ‖ IEND
//     chunk = length u32 ‖ type[4] ‖ data[length] ‖ CRC-32 of type and data, u32
//
// Pixels are not looked at.
// Source: PNG (W3C Recommendation, third edition) §5, §10 and §11.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::image {

inline constexpr std::size_t image_bytes_max = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t png_chunks_max = 65'536;

inline constexpr std::string_view png_signature("\x89PNG\r\n\x1a\n", 8);

struct PngChunk {
    std::string_view type;
    std::string_view data;
    std::string_view whole;  // With length and CRC.
};

// Whether it begins as PNG images do.
bool is_png(std::string_view image);

// IHDR first, IEND last. Errc::invalid if a CRC does not match, a chunk stands where it must not,
// is critical and not known, or the limits are passed. Valid as long as `image`.
Result<std::vector<PngChunk>> png_chunks(std::string_view image);

// A whole chunk of that type.
std::string png_chunk(std::string_view type, std::string_view data);

// Black and white squares, as of QR codes.
struct Squares {
    std::size_t width = 0;        // In squares, as is the height.
    std::vector<bool> are_black;  // By rows.
};

// `pixels` wide is each square. CHECKs that there are width² of them.
std::string png_of(const Squares& squares, std::size_t pixels);

// Errc::invalid if it is no zlib stream, goes on after it, or holds more than `bytes_max`.
Result<std::string> inflated(std::string_view stream, std::size_t bytes_max);

}  // namespace chancery::image
