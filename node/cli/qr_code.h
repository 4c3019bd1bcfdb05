// A text as a QR code, for terminals and pages.
//
// Error correction M, any version; four white squares around it, as readers want.
// Source: ISO/IEC 18004, by libqrencode.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/image/png.h"

namespace chancery::cli {

inline constexpr std::size_t qr_bytes_max = 2'331;

// Errc::invalid if the text is empty, longer than qr_bytes_max, or holds a NUL.
Result<image::Squares> qr_code(std::string_view text);

// Ten user units a square.
std::string svg_of(const image::Squares& squares);

// Two rows a line, white squares as blocks: for light text on dark ground. Each line ends in LF.
std::string blocks_of(const image::Squares& squares);

}  // namespace chancery::cli
