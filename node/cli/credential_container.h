// What a credential travels in, told by content and never by a file's name.
//
//     JSON document     JWT     SD-JWT     PNG and SVG, which carry one of the three
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace chancery::cli {

inline constexpr std::size_t document_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t container_bytes_max = std::size_t{16} * 1024 * 1024;

enum class Carrier : std::uint8_t { none, png, svg };

std::string_view name_of(Carrier carrier);  // "file", "png", "svg"

enum class Form : std::uint8_t { json, compact };  // JWT or SD-JWT.

struct Container {
    Carrier carrier = Carrier::none;
    std::string image;  // The whole image; empty if there is none.
    Form form = Form::json;
    std::string text;  // The credential as it is carried; a compact one without space around it.
};

// Errc::invalid if it is an image that is damaged or carries no credential. What is neither image
// nor in compact form is taken for JSON.
Result<Container> open_container(std::string bytes);

// The image with `text` in it instead, or without an image the text. Errc::invalid if it does not
// fit.
Result<std::string> filled(const Container& container, std::string_view text);

// The same for an image that may carry none yet. Errc::invalid for bytes that are neither PNG nor
// SVG.
Result<std::string> baked(std::string_view image, std::string_view text);

// The name without the ending that credentials are known by: "dir/ana" of "dir/ana.png", and the
// whole name if it has none of them.
std::string_view stem_of(std::string_view path);

}  // namespace chancery::cli
