// Credentials inside PNG images: one text chunk right behind the image's header.
//
//     iTXt = keyword ‖ 00 ‖ is compressed u8 ‖ 00 ‖ language ‖ 00 ‖ translated keyword ‖ 00 ‖ text
//
// Every chunk's CRC is checked, so that no byte of an image can change unseen.
// Source: PNG (W3C Recommendation, third edition) §5 and §11.3.3; Open Badges 3.0 §5.3.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace chancery::credential {

inline constexpr std::size_t baked_text_bytes_max = std::size_t{1024} * 1024;

// The image with `text` in it, in place of what was baked into it before. Errc::invalid if it is
// no sound PNG, beyond the limits, or the text is no UTF-8 or holds a NUL.
Result<std::string> bake_png(std::string_view image, std::string_view text);

// The text that was baked into the image. Errc::invalid if the image is not sound, beyond the
// limits, or carries no credential or several.
Result<std::string> baked_in_png(std::string_view image);

}  // namespace chancery::credential
