#include "crypto/credential/baked_png.h"

#include <algorithm>
#include <optional>

#include "crypto/base/utf8.h"
#include "crypto/image/png.h"

namespace chancery::credential {
namespace {

using image::PngChunk;

constexpr std::string_view baked_keyword = "openbadgecredential";

// A text chunk of whatever kind under our keyword.
bool is_baked(const PngChunk& chunk) {
    const bool is_text = chunk.type == "iTXt" || chunk.type == "tEXt" || chunk.type == "zTXt";
    return is_text && chunk.data.substr(0, chunk.data.find('\0')) == baked_keyword;
}

Result<void> check_text(std::string_view text) {
    if (text.empty()) return Error{Errc::invalid, "the text is empty"};
    if (text.size() > baked_text_bytes_max) {
        return Error{Errc::invalid,
                     "the text has " + std::to_string(text.size()) + " bytes, want at most " +
                         std::to_string(baked_text_bytes_max)};
    }
    if (!is_utf8(text)) return Error{Errc::invalid, "the text is no UTF-8"};
    if (text.find('\0') != std::string_view::npos) {
        return Error{Errc::invalid, "the text holds a NUL"};
    }
    return {};
}

// Up to the next NUL, which is taken too; nullopt if there is none.
std::optional<std::string_view> take_until_nul(std::string_view& rest) {
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return taken;
}

Result<std::string> text_in(const PngChunk& chunk) {
    if (chunk.type != "iTXt") {
        return Error{Errc::invalid, "it stands in a " + std::string(chunk.type) + ", want iTXt"};
    }
    constexpr std::size_t place_of_flag = baked_keyword.size() + 1;
    if (chunk.data.size() < place_of_flag + 2) {
        return Error{Errc::invalid, "the iTXt ends before its text"};
    }
    const char flag = chunk.data[place_of_flag];
    const char method = chunk.data[place_of_flag + 1];
    std::string_view rest = chunk.data.substr(place_of_flag + 2);
    if ((flag != 0 && flag != 1) || method != 0) {
        return Error{Errc::invalid, "the iTXt is compressed in a way that is not known"};
    }
    const auto language = take_until_nul(rest);
    const auto translated_keyword = take_until_nul(rest);
    if (!language || !translated_keyword) {
        return Error{Errc::invalid, "the iTXt ends before its text"};
    }
    auto text = flag == 1 ? image::inflated(rest, baked_text_bytes_max)
                          : Result<std::string>(std::string(rest));
    if (!text) return text.error();
    if (const auto good = check_text(*text); !good) return good.error();
    return text;
}

std::string credential_chunk(std::string_view text) {
    // No compression, no language, no translated keyword.
    constexpr std::string_view no_extras("\0\0\0\0\0", 5);
    return image::png_chunk(
        "iTXt", std::string(baked_keyword) + std::string(no_extras) + std::string(text));
}

}  // namespace

Result<std::string> bake_png(std::string_view image, std::string_view text) {
    const auto chunks = image::png_chunks(image);
    if (!chunks) return chunks.error();
    if (const auto good = check_text(text); !good) return good.error();
    std::string baked(image::png_signature);
    for (const PngChunk& chunk : *chunks) {
        if (is_baked(chunk)) continue;
        baked += chunk.whole;
        if (chunk.type == "IHDR") baked += credential_chunk(text);
    }
    if (baked.size() > image::image_bytes_max) {
        return Error{Errc::invalid,
                     "image would have " + std::to_string(baked.size()) + " bytes, want at most " +
                         std::to_string(image::image_bytes_max)};
    }
    return baked;
}

Result<std::string> baked_in_png(std::string_view image) {
    const auto chunks = image::png_chunks(image);
    if (!chunks) return chunks.error();
    const auto count = std::ranges::count_if(*chunks, is_baked);
    if (count != 1) {
        return Error{Errc::invalid,
                     "PNG carries " + std::to_string(count) + " credentials, want 1"};
    }
    auto text = text_in(*std::ranges::find_if(*chunks, is_baked));
    if (!text) return Error{Errc::invalid, "PNG's credential: " + text.error().detail};
    return text;
}

}  // namespace chancery::credential
